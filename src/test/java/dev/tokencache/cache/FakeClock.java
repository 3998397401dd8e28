package dev.tokencache.cache;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A monotonic clock and a wall clock that stand still until a test moves them. For any thread. */
public final class FakeClock {
    private final AtomicLong nanos = new AtomicLong(1_000_000_000_000L);
    private final AtomicLong steps = new AtomicLong();

    public long nanoTime() {
        return nanos.get();
    }

    public long currentMillis() {
        return 1_700_000_000_000L + nanos.get() / 1_000_000 + steps.get();
    }

    /** Sets the wall clock alone forward, or back by a negative step. */
    public void stepWallClock(Duration step) {
        steps.addAndGet(step.toMillis());
    }

    public void advance(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }
}
