package dev.tokencache.bench;

import dev.tokencache.bench.HttpServers.TokenCacheServer;
import java.io.IOException;
import java.time.Duration;

/**
 * The get of a cached token over HTTP, beside {@link BareServer}. Both servers live through the whole run, each in a JVM of
 * its own; the rounds alternate, so that whatever else the machine does hits both.
 */
final class HttpGetBenchmark implements Benchmark {
    /** Until the compiler has ended its work, which it does beside the server on the same cores. */
    static final Duration WARM_UP = Duration.ofSeconds(12);

    private static final double LEAST_RATE = 0.85;
    private static final double MOST_LATENCY = 1.5;

    @Override
    public void run(Bench bench) throws IOException, InterruptedException {
        try (TokenCacheServer ours =
                HttpServers.start(bench, "token-cache", HttpServers.rootOfOne(bench), "http.instances=1")) {
            HttpRequest request = ours.request(HttpServers.target("bench", "token.json"));
            byte[] reply = HttpServers.cachedReply(ours.process().address(), request);
            try (ServerProcess bare = HttpServers.startBare(bench, reply)) {
                HttpServers.demandEqual(reply, bare.address(), request);
                LoadGenerator load = LoadGenerator.choose(request, reply.length);
                Comparison rounds = alternate(bench, load, bare, ours.process(), "bare", "token-cache");
                String title = "GET of a cached token of " + HttpServers.TOKEN.length() + " bytes, " + bench.connections
                        + " connections, " + load.name();
                bench.table("http-get", title, rounds.table());
                bench.plot("http-get", rounds.plot(title, Round.RATE));
                bench.outcomes.atLeast(
                        "get of a cached token, requests/s", "of bare", LEAST_RATE, rounds.ratio(Round.RATE));
                bench.outcomes.atMost("get of a cached token, p99", "of bare", MOST_LATENCY, rounds.ratio(Round.P99));
            }
        }
    }

    /** Warms both up, and measures them in turns. */
    static Comparison alternate(
            Bench bench, LoadGenerator load, ServerProcess reference, ServerProcess ours, String first, String second)
            throws IOException, InterruptedException {
        return alternate(bench, load, reference, load, ours, first, second);
    }

    /** As the other, each with a load of its own; the two may be one server. */
    static Comparison alternate(
            Bench bench,
            LoadGenerator referenceLoad,
            ServerProcess reference,
            LoadGenerator ourLoad,
            ServerProcess ours,
            String first,
            String second)
            throws IOException, InterruptedException {
        referenceLoad.run(reference.address(), bench.connections, WARM_UP);
        ourLoad.run(ours.address(), bench.connections, WARM_UP);
        Comparison comparison = new Comparison(first, second, Round.columns());
        for (int i = 0; i < bench.rounds; i++) {
            Round one = Round.measure(referenceLoad, reference, bench.connections, bench.length);
            Round other = Round.measure(ourLoad, ours, bench.connections, bench.length);
            comparison.add(one.figures(), other.figures(), one.isBusy() && other.isBusy());
        }
        return comparison;
    }
}
