package dev.tokencache.auth;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The last answer of a key set's URL, fetched again and again. It holds bytes and judges none: the ring keeps its old keys
 * when they are no key set. For every thread.
 */
final class RemoteKeys {
    /** The least time from one fetch to the next that a stranger's token can cause. */
    static final Duration EARLY_GAP = Duration.ofSeconds(10);

    /** How long after a failure it is tried again, if the usual time is longer. */
    static final Duration RETRY = Duration.ofSeconds(30);

    private static final System.Logger LOG = System.getLogger(JwtGate.class.getName());
    private static final long START_RETRY_MILLIS = 500;

    private final Vertx vertx;
    private final KeySetUrl url;
    private final Duration refresh;
    private final LongSupplier nanoTime;
    private final Supplier<Future<Void>> taker;
    private volatile Answer last;
    private Future<Void> running;
    private long startedNanos;
    private long timer = -1;
    private boolean closed;

    /** One of them is null. */
    private record Answer(Buffer body, KeyException failure) {}

    /**
     * Nothing is fetched yet.
     *
     * @param refresh from the end of a fetch to the next
     * @param nanoTime a monotonic clock, in nanoseconds
     * @param taker told of each answer, good or not; whoever waits for it waits for what this does, too
     */
    RemoteKeys(Vertx vertx, KeySetUrl url, Duration refresh, LongSupplier nanoTime, Supplier<Future<Void>> taker) {
        this.vertx = vertx;
        this.url = url;
        this.refresh = refresh;
        this.nanoTime = nanoTime;
        this.taker = taker;
    }

    /**
     * Fetches for the first time, and goes on from then.
     *
     * @param patience how long to go on trying while nobody answers
     * @return fails with {@link KeyException} when nothing could be fetched
     */
    Future<Void> start(Duration patience) {
        long begin = nanoTime.getAsLong();
        return firstFetch(begin + patience.toNanos(), true);
    }

    private Future<Void> firstFetch(long deadline, boolean tell) {
        return fetch().compose(done -> {
            KeyException failure = last.failure;
            if (failure == null) {
                return Future.succeededFuture();
            }
            if (!(failure instanceof KeySetUrl.Unreachable) || nanoTime.getAsLong() - deadline >= 0) {
                return Future.failedFuture(failure);
            }
            if (tell) {
                LOG.log(Level.WARNING, "auth_source_awaited reason={0}", failure.getMessage());
            }
            return vertx.timer(START_RETRY_MILLIS, TimeUnit.MILLISECONDS)
                    .compose(waited -> firstFetch(deadline, false));
        });
    }

    /**
     * What was fetched last.
     *
     * @throws KeyException when the last fetch failed
     */
    byte[] bytes() {
        Answer answer = last;
        if (answer.failure != null) {
            throw answer.failure;
        }
        return answer.body.getBytes();
    }

    /**
     * Fetches before its time, because a token names a key that nobody knows.
     *
     * @return completes when there is an answer, good or not; null when the last fetch began less than {@link #EARLY_GAP} ago
     *     and is over: then what is known is as new as it gets
     */
    synchronized Future<Void> early() {
        if (running != null) {
            return running;
        }
        return closed || nanoTime.getAsLong() - startedNanos < EARLY_GAP.toNanos() ? null : fetch();
    }

    /** Never fails: how it went is in {@code last}. */
    private synchronized Future<Void> fetch() {
        vertx.cancelTimer(timer);
        startedNanos = nanoTime.getAsLong();
        Future<Void> fetch = url.fetch()
                .transform(done -> {
                    last = done.succeeded()
                            ? new Answer(done.result(), null)
                            : new Answer(null, (KeyException) done.cause());
                    return taker.get();
                })
                .transform(taken -> {
                    ended();
                    return Future.succeededFuture();
                });
        running = fetch.isComplete() ? null : fetch;
        return fetch;
    }

    private synchronized void ended() {
        running = null;
        if (!closed) {
            boolean soon = last.failure != null && RETRY.compareTo(refresh) < 0;
            timer = vertx.setTimer((soon ? RETRY : refresh).toMillis(), id -> fetch());
        }
    }

    /** Fetches no more; one that is under way ends. */
    synchronized void close() {
        closed = true;
        vertx.cancelTimer(timer);
    }
}
