package dev.tokencache.bench;

import dev.tokencache.bench.HttpServers.TokenCacheServer;
import java.io.IOException;

/** A get by a client that has the token already, beside the same get by one that has not. */
final class NotModifiedBenchmark implements Benchmark {
    @Override
    public void run(Bench bench) throws IOException, InterruptedException {
        try (TokenCacheServer ours =
                HttpServers.start(bench, "token-cache", HttpServers.rootOfOne(bench), "http.instances=1")) {
            HttpRequest request = ours.request("/api/v0/tokens/bench/token.json");
            byte[] reply = HttpServers.cachedReply(ours.process().address(), request);
            String etag = HttpServers.header(HttpReply.parse(reply), "etag");
            HttpRequest conditional = new HttpRequest(request.target(), request.authorization(), etag);
            byte[] none = HttpReply.fetch(ours.process().address(), conditional.closing());
            if (HttpReply.parse(none).status() != 304) {
                throw new IOException("the server doesn't know its own entity tag");
            }
            Comparison rounds = HttpGetBenchmark.alternate(
                    bench,
                    LoadGenerator.choose(request, reply.length),
                    ours.process(),
                    LoadGenerator.choose(conditional, reply.length),
                    ours.process(),
                    "200",
                    "304");
            String title = "GET with If-None-Match of a cached token beside one without, " + bench.connections
                    + " connections";
            bench.table("http-304", title, rounds.table());
            bench.plot("http-304", rounds.plot(title, Round.RATE));
            bench.outcomes.atLeast("304 by If-None-Match, requests/s", "of a 200", 1, rounds.ratio(Round.RATE));
        }
    }
}
