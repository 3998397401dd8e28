package dev.tokencache.bench;

import dev.tokencache.TokenCache;
import dev.tokencache.TokenCacheOptions;
import dev.tokencache.TokenSource;
import dev.tokencache.bench.Comparison.Column;
import dev.tokencache.cache.CacheOptions;
import dev.tokencache.cache.CacheVerticle;
import dev.tokencache.content.EtagKey;
import dev.tokencache.file.FileSourceOptions;
import dev.tokencache.file.FileTokenSource;
import dev.tokencache.file.WatchOptions;
import dev.tokencache.file.WatcherVerticle;
import dev.tokencache.redis.RealRedis;
import dev.tokencache.redis.RedisSourceOptions;
import dev.tokencache.redis.RedisTokenSource;
import dev.tokencache.redis.SealKey;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Misses of a cache that has room for a tenth of its tokens, on files that take 5 ms to read, without and with a tier in Redis.
 * The server of Redis is a real one, on loopback.
 */
final class RedisBenchmark implements Benchmark {
    private static final int FILES = 10_000;
    private static final long MAX_BYTES = 700L * FILES / 10;
    private static final Duration LATENCY = Duration.ofMillis(5);
    private static final int WINDOW = 64;
    private static final Duration WARM_UP = Duration.ofSeconds(10);
    private static final EtagKey ETAGS = EtagKey.of(new byte[32]);
    private static final long SEED = 3;

    @Override
    public void run(Bench bench) throws Exception {
        Path root = HttpServers.rootOf(bench, 1, FILES);
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        try (RealRedis redis = new RealRedis()) {
            TokenSource files = new FileTokenSource(
                    vertx, new FileSourceOptions().setRoot(root).setEtagKey(ETAGS));
            TokenSource slow = new SlowSource(vertx, files, LATENCY);
            RedisTokenSource tier = new RedisTokenSource(
                    vertx,
                    new RedisSourceOptions()
                            .setUrl(redis.url())
                            .setKey(SealKey.of(new byte[SealKey.BYTES]))
                            .setEtags(ETAGS::etag),
                    slow);
            Node without = new Node(vertx, root, "without", slow);
            Node with = new Node(vertx, root, "with", tier);
            without.measure(WARM_UP);
            with.measure(WARM_UP);
            Comparison rounds = new Comparison(
                    "files alone",
                    "with Redis",
                    new Column("misses/s", 0),
                    new Column("p50 us", 0),
                    new Column("p99 us", 0));
            for (int i = 0; i < bench.rounds; i++) {
                rounds.add(without.measure(bench.length), with.measure(bench.length));
            }
            String title = "Misses on files that take " + LATENCY.toMillis() + " ms, " + WINDOW + " gets under way";
            bench.table("redis", title, rounds.table());
            bench.plot("redis", rounds.plot(title, 0));
            Bench.await(tier.close().eventually(slow::close));
        } finally {
            Bench.await(vertx.close());
        }
    }

    /** A cache with a watcher, and who asks it for tokens at random. */
    private static final class Node {
        private final TokenCache cache;
        private final Context context;
        private final SplittableRandom random = new SplittableRandom(SEED);
        private Latencies latencies;
        private CompletableFuture<Void> done;
        private long endNanos;
        private int underWay;

        Node(Vertx vertx, Path root, String address, TokenSource source) throws Exception {
            TokenCacheOptions client = new TokenCacheOptions().setBaseAddress(address);
            CacheOptions options = new CacheOptions()
                    .setBaseAddress(address)
                    .setMaxBytes(MAX_BYTES)
                    .setTokenTtl(Duration.ofHours(1));
            Bench.await(vertx.deployVerticle(new CacheVerticle(options, source)));
            Bench.await(
                    vertx.deployVerticle(new WatcherVerticle(root, ETAGS, new WatchOptions().setCacheOptions(client))));
            cache = TokenCache.create(vertx, client);
            context = vertx.getOrCreateContext();
        }

        /** Misses in a second, and how long the gets took. */
        List<Double> measure(Duration length) throws Exception {
            CompletableFuture<Void> ended = new CompletableFuture<>();
            long before = misses();
            long start = System.nanoTime();
            context.runOnContext(none -> {
                latencies = new Latencies();
                done = ended;
                endNanos = start + length.toNanos();
                for (int i = 0; i < WINDOW; i++) {
                    next();
                }
            });
            ended.get(length.toSeconds() + 60, TimeUnit.SECONDS);
            double seconds = (System.nanoTime() - start) / 1e9;
            return List.of((misses() - before) / seconds, latencies.micros(0.5), latencies.micros(0.99));
        }

        private long misses() throws Exception {
            JsonObject stats = Bench.await(cache.stats());
            return stats.getJsonObject("cache").getLong("misses");
        }

        private void next() {
            underWay++;
            long start = System.nanoTime();
            cache.get("p0", HttpServers.filename(random.nextInt(FILES))).onComplete(got -> {
                underWay--;
                long now = System.nanoTime();
                latencies.record(now - start);
                if (got.failed()) {
                    done.completeExceptionally(got.cause());
                } else if (now - endNanos < 0) {
                    next();
                } else if (underWay == 0) {
                    done.complete(null);
                }
            });
        }
    }
}
