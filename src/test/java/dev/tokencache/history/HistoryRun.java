package dev.tokencache.history;

import dev.tokencache.Failure;
import dev.tokencache.TokenCache;
import dev.tokencache.history.OutsideWriter.Style;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Writers through the cache, writers from outside and readers at work on one node, and what they did and saw. */
final class HistoryRun implements AutoCloseable {
    private static final int READERS = 8;
    private static final int API_WRITERS = 4;
    private static final int ACTORS = READERS + API_WRITERS + Style.values().length;
    private static final long READ_PAUSE_MICROS = 3_000;
    private static final long API_PAUSE_MICROS = 25_000;
    private static final long OUTSIDE_PAUSE_MICROS = 20_000;
    private static final long SAMPLE_PAUSE_MICROS = 20_000;
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Random seeds;
    private final Node node;
    private final Recorder recorder = new Recorder();
    private final ExecutorService threads = Executors.newFixedThreadPool(ACTORS + 1);
    private final CompletableFuture<Void> defect = new CompletableFuture<>();
    private final AtomicLong watchMillis = new AtomicLong();
    private final AtomicLong slackNanos = new AtomicLong();

    /** A run in an empty directory; what each actor does follows from the seed, when it does it does not. */
    HistoryRun(Path directory, long seed) {
        seeds = new Random(seed);
        node = new Node(directory);
    }

    /** Starts the node and sets everybody to work. */
    void start(Setting setting, Consumer<Vertx> tampering) throws Exception {
        node.start(setting, new Random(seeds.nextLong()), tampering);
        sampleWatcher(node.client());
        KeyLocks locks = new KeyLocks();
        for (Style style : Style.values()) {
            Random random = new Random(seeds.nextLong());
            employ(new OutsideWriter(style, node.root(), locks, recorder, random), OUTSIDE_PAUSE_MICROS);
        }
        List<Integer> all = Keys.editedBy(Keys.Role.API, Keys.Role.IN_TURN, Keys.Role.AT_ONCE);
        for (int i = 0; i < API_WRITERS; i++) {
            Random random = new Random(seeds.nextLong());
            Port other = i % 2 == 0 ? node.loopPort(recorder) : node.httpPort(recorder);
            ApiWriter writer = i == 0
                    ? new ApiWriter(node.httpPort(recorder), other, Keys.editedBy(Keys.Role.API), locks, random)
                    : new ApiWriter(node.clientPort(recorder), other, all, locks, random);
            employ(writer, API_PAUSE_MICROS);
        }
        for (int i = 0; i < READERS; i++) {
            employ(new Reader(readPort(i), new Random(seeds.nextLong())), READ_PAUSE_MICROS);
        }
    }

    private Port readPort(int reader) throws Exception {
        return switch (reader % 3) {
            case 0 -> node.httpPort(recorder);
            case 1 -> node.clientPort(recorder);
            default -> node.loopPort(recorder);
        };
    }

    /** Has an actor act again and again, with pauses around a mean, each from the end of one turn to the next. */
    private void employ(Actor actor, long pauseMicros) {
        Random random = new Random(seeds.nextLong());
        Runnable turn = new Runnable() {
            @Override
            public void run() {
                try {
                    actor.act();
                    if (!threads.isShutdown()) {
                        later((long) (2 * random.nextDouble() * pauseMicros)).execute(this);
                    }
                } catch (Exception | Error e) {
                    defect.completeExceptionally(e);
                }
            }
        };
        threads.execute(turn);
    }

    private Executor later(long micros) {
        return CompletableFuture.delayedExecutor(micros, TimeUnit.MICROSECONDS, threads);
    }

    /** Asks again and again what the watcher's bound is now, and how late the cache is with an answer from memory. */
    private void sampleWatcher(TokenCache cache) {
        employ(
                () -> {
                    long start = recorder.now();
                    ClientPort.settle(cache.stats()
                            .onSuccess(
                                    stats -> note(stats.getJsonObject("cache").getJsonObject("watch")))
                            .onFailure(cause -> recorder.error(Failure.of(cause).machineName())));
                    slackNanos.accumulateAndGet(recorder.now() - start, Math::max);
                },
                SAMPLE_PAUSE_MICROS);
    }

    private void note(JsonObject watch) {
        long interval = watch.getLong("interval") + (long) Math.ceil(watch.getDouble("scanTime"));
        watchMillis.accumulateAndGet(interval, Math::max);
    }

    /** Goes on for a while. Fails at once when an actor has. */
    void goOn(Duration duration) throws Exception {
        try {
            defect.get(duration.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            // as it should be
        }
    }

    /** What was done and seen so far. */
    History history() {
        return recorder.history(bound().toNanos());
    }

    /** How long an edit may stay unseen: the interval in force, a scan and 2 s, and the longest that a plain answer took. */
    Duration bound() {
        long interval = Math.max(Setting.INTERVAL.toMillis(), watchMillis.get());
        return Duration.ofNanos(TimeUnit.MILLISECONDS.toNanos(interval) + GRACE_NANOS + slackNanos.get());
    }

    Map<String, Integer> errors() {
        return recorder.errors();
    }

    /** Lets everybody end their turn, then stops the node. */
    @Override
    public void close() {
        threads.shutdown();
        try (node) {
            if (!threads.awaitTermination(60, TimeUnit.SECONDS)) {
                throw new AssertionError("an actor hangs");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            threads.shutdownNow();
        }
    }
}
