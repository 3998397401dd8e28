package dev.tokencache.bench;

import dev.tokencache.TokenCache;
import dev.tokencache.bench.Comparison.Column;
import dev.tokencache.cache.CacheOptions;
import dev.tokencache.cache.CacheVerticle;
import dev.tokencache.content.EtagKey;
import dev.tokencache.file.FileSourceOptions;
import dev.tokencache.file.FileTokenSource;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The get of a cached token in the same JVM, beside the request and reply of a String over the local event bus ({@code bus}).
 * Who asks and who answers each have an event loop of their own; 256 requests are on their way at any time.
 */
final class BusBenchmark implements Benchmark {
    private static final int WINDOW = 256;
    private static final String ECHO = "bench.echo";
    private static final Duration WARM_UP = Duration.ofSeconds(8);
    private static final double LEAST_RATE = 0.9;

    @Override
    public void run(Bench bench) throws Exception {
        Path root = HttpServers.rootOfOne(bench);
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        FileTokenSource source =
                new FileTokenSource(vertx, new FileSourceOptions().setRoot(root).setEtagKey(EtagKey.of(new byte[32])));
        try {
            Bench.await(vertx.deployVerticle(
                    new CacheVerticle(new CacheOptions().setTokenTtl(Duration.ofHours(1)), source)));
            Bench.await(vertx.deployVerticle(new Echo()));
            Asker bus = new Asker(asker -> () -> asker.vertx().eventBus().request(ECHO, HttpServers.TOKEN));
            Asker cache = new Asker(asker -> {
                TokenCache client = TokenCache.create(asker.vertx());
                return () -> client.get("bench", "token.json");
            });
            Bench.await(vertx.deployVerticle(bus));
            Bench.await(vertx.deployVerticle(cache));
            bus.measure(WARM_UP);
            cache.measure(WARM_UP);
            Comparison rounds = new Comparison("bus", "token-cache", new Column("requests/s", 0));
            for (int i = 0; i < bench.rounds; i++) {
                double reference = bus.measure(bench.length);
                rounds.add(List.of(reference), List.of(cache.measure(bench.length)));
            }
            String title = "TokenCache.get in process, " + WINDOW + " under way";
            bench.table("bus", title, rounds.table());
            bench.plot("bus", rounds.plot(title, 0));
            bench.outcomes.atLeast("TokenCache.get in process, requests/s", "of bus", LEAST_RATE, rounds.ratio(0));
        } finally {
            Bench.await(source.close().eventually(vertx::close));
        }
    }

    /** Answers every request with the same String. */
    private static final class Echo extends VerticleBase {
        @Override
        public Future<?> start() {
            return vertx.eventBus()
                    .localConsumer(ECHO, message -> message.reply(HttpServers.TOKEN))
                    .completion();
        }
    }

    /** Asks on an event loop of its own, and again with each reply. */
    private static final class Asker extends VerticleBase {
        private final Function<Asker, Supplier<Future<?>>> question;
        private Supplier<Future<?>> ask;
        private long replies;
        private long endNanos;
        private int underWay;
        private CompletableFuture<Long> done;

        Asker(Function<Asker, Supplier<Future<?>>> question) {
            this.question = question;
        }

        Vertx vertx() {
            return vertx;
        }

        @Override
        public Future<?> start() {
            ask = question.apply(this);
            return Future.succeededFuture();
        }

        /** Requests that were answered in a second. From any thread, one at a time. */
        double measure(Duration length) throws Exception {
            CompletableFuture<Long> result = new CompletableFuture<>();
            long start = System.nanoTime();
            context.runOnContext(none -> {
                done = result;
                replies = 0;
                endNanos = System.nanoTime() + length.toNanos();
                for (int i = 0; i < WINDOW; i++) {
                    next();
                }
            });
            long count = result.get(1, TimeUnit.MINUTES);
            return count / ((System.nanoTime() - start) / 1e9);
        }

        private void next() {
            underWay++;
            ask.get().onComplete(reply -> {
                underWay--;
                if (reply.failed()) {
                    done.completeExceptionally(reply.cause());
                    return;
                }
                replies++;
                // The clock costs as much as a request: not for each of them.
                boolean over = (replies & 0xff) == 0 && System.nanoTime() - endNanos >= 0;
                if (over || endNanos == 0) {
                    endNanos = 0;
                    if (underWay == 0) {
                        done.complete(replies);
                    }
                } else {
                    next();
                }
            });
        }
    }
}
