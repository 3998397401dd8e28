package dev.tokencache.bench;

import dev.tokencache.TokenCache;
import dev.tokencache.cache.CacheOptions;
import dev.tokencache.cache.CacheVerticle;
import dev.tokencache.content.EtagKey;
import dev.tokencache.file.FileSourceOptions;
import dev.tokencache.file.FileTokenSource;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Path;

/** A preload of 100,000 files into an empty cache, beside plain NIO that looks at them and reads them. */
final class PreloadBenchmark implements Benchmark {
    private static final int FILES = 100_000;
    private static final int WARM_UP = 8;
    private static final double MOST = 1.3;

    @Override
    public void run(Bench bench) throws Exception {
        Path root = HttpServers.rootOf(bench, 1, FILES);
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        FileTokenSource source =
                new FileTokenSource(vertx, new FileSourceOptions().setRoot(root).setEtagKey(EtagKey.of(new byte[32])));
        try {
            for (int i = 0; i < WARM_UP; i++) {
                read(root);
                preload(vertx, source);
            }
            Comparison rounds = new Comparison("nio", "token-cache", Timed.columns());
            for (int i = 0; i < bench.rounds; i++) {
                Timed nio = Timed.run(() -> read(root));
                rounds.add(nio.figures(), preload(vertx, source).figures());
            }
            String title = "Preload of " + FILES + " files of " + HttpServers.TOKEN.length() + " bytes";
            bench.table("preload", title, rounds.table());
            bench.plot("preload", rounds.plot(title, Timed.SECONDS));
            bench.outcomes.atMost("preload of 100,000 files, time", "of nio", MOST, rounds.ratio(Timed.SECONDS));
        } finally {
            Bench.await(source.close().eventually(vertx::close));
        }
    }

    private static void read(Path root) throws IOException {
        if (NioWork.read(root) != FILES) {
            throw new IOException("not all files were there");
        }
    }

    /** Into a cache of its own, so that nothing is in memory yet. */
    private static Timed preload(Vertx vertx, FileTokenSource source) throws Exception {
        String cache =
                Bench.await(vertx.deployVerticle(new CacheVerticle(new CacheOptions().setMaxBytes(1L << 30), source)));
        TokenCache client = TokenCache.create(vertx);
        Timed timed = Timed.run(() -> {
            if (Bench.await(client.preload("p0")).loaded() != FILES) {
                throw new IOException("not all files were loaded");
            }
        });
        Bench.await(vertx.undeploy(cache));
        return timed;
    }
}
