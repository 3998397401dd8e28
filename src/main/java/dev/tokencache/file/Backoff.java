package dev.tokencache.file;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** When to try again what failed: after 10 s, and after each further failure twice as late, up to 5 min. For any thread. */
final class Backoff {
    static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(10);
    static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final LongSupplier nanoTime;
    private long pauseNanos;
    private long failedNanos;

    /** @param nanoTime monotonic, nanoseconds */
    Backoff(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Whether it may be tried now. */
    synchronized boolean isDue() {
        return pauseNanos == 0 || nanoTime.getAsLong() - failedNanos >= pauseNanos;
    }

    synchronized void failed() {
        pauseNanos = pauseNanos == 0 ? FIRST_NANOS : Math.min(LONGEST_NANOS, 2 * pauseNanos);
        failedNanos = nanoTime.getAsLong();
    }

    synchronized void succeeded() {
        pauseNanos = 0;
    }
}
