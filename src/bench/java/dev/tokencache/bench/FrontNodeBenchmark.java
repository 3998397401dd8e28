package dev.tokencache.bench;

import dev.tokencache.bench.Comparison.Column;
import dev.tokencache.bench.LoadGenerator.Load;
import dev.tokencache.server.FrontAndCacheNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * Gets of a cached token through a front node, which asks a cache node over the clustered bus, beside gets at that cache node
 * itself. Both processes share the machine's cores with the load generator.
 */
final class FrontNodeBenchmark implements Benchmark {
    private static final Duration WARM_UP = Duration.ofSeconds(15);

    @Override
    public void run(Bench bench) throws Exception {
        try (FrontAndCacheNode nodes =
                new FrontAndCacheNode(bench.directory("cluster"), "token.json", HttpServers.TOKEN)) {
            HttpRequest request = new HttpRequest(HttpServers.target("demo", "token.json"), nodes.authorization());
            byte[] reply = HttpServers.cachedReply(nodes.cacheNode(), request);
            LoadGenerator load = LoadGenerator.choose(request, reply.length + 100);
            load.run(nodes.cacheNode(), bench.connections, WARM_UP);
            load.run(nodes.frontNode(), bench.connections, WARM_UP);
            Comparison rounds = new Comparison(
                    "cache node",
                    "front node",
                    new Column("gets/s", 0),
                    new Column("p50 us", 0),
                    new Column("p99 us", 0));
            for (int i = 0; i < bench.rounds; i++) {
                rounds.add(round(bench, load, nodes.cacheNode()), round(bench, load, nodes.frontNode()));
            }
            String title = "GET of a cached token through a front node and at the cache node, " + bench.connections
                    + " connections, " + load.name();
            bench.table("front-node", title, rounds.table());
            bench.plot("front-node", rounds.plot(title, 0));
        }
    }

    private static List<Double> round(Bench bench, LoadGenerator generator, InetSocketAddress address)
            throws IOException, InterruptedException {
        Load load = generator.run(address, bench.connections, bench.length);
        return List.of(load.perSecond(), load.p50Micros(), load.p99Micros());
    }
}
