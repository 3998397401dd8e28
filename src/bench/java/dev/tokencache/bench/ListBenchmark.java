package dev.tokencache.bench;

import dev.tokencache.bench.HttpServers.TokenCacheServer;
import java.io.IOException;
import java.nio.file.Path;

/** The list of 100,000 cached names over HTTP, beside {@link BareServer} with the same bytes. */
final class ListBenchmark implements Benchmark {
    private static final int NAMES = 100_000;
    private static final double LEAST_RATE = 0.8;

    @Override
    public void run(Bench bench) throws IOException, InterruptedException {
        Path root = HttpServers.rootOf(bench, 1, NAMES);
        // Longer than the run: a list that is read anew takes the time of the disk.
        try (TokenCacheServer ours =
                HttpServers.start(bench, "token-cache-list", root, "http.instances=1", "cache.listTtl=5m")) {
            HttpRequest request = ours.request("/api/v0/management/tokens/list?project=p0");
            byte[] reply = HttpServers.cachedReply(ours.process().address(), request);
            try (ServerProcess bare = HttpServers.startBare(bench, reply)) {
                HttpServers.demandEqual(reply, bare.address(), request);
                LoadGenerator load = LoadGenerator.choose(request, reply.length);
                Comparison rounds =
                        HttpGetBenchmark.alternate(bench, load, bare, ours.process(), "bare", "token-cache");
                String title = "List of " + NAMES + " cached names, " + reply.length + " bytes, " + bench.connections
                        + " connections, " + load.name();
                bench.table("http-list", title, rounds.table());
                bench.plot("http-list", rounds.plot(title, Round.RATE));
                bench.outcomes.atLeast(
                        "list of 100,000 cached names, requests/s", "of bare", LEAST_RATE, rounds.ratio(Round.RATE));
                bench.outcomes.atMost("warnings of a blocked event loop", "servers", 0, ours.wasBlocked() ? 1 : 0);
            }
        }
    }
}
