package dev.tokencache.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Which addresses have sent bad credentials lately. An address is throttled while the last minute, counted in steps of ten
 * seconds, saw {@code maxFailuresPerMinute} of them; then it gets {@value #CHECKS_PER_SECOND} checks of a signature each
 * second and no more. One for a process, for every thread; bounded, and nothing of it outlives two minutes without requests.
 */
public final class FailedLogins {
    /** How many signatures of a throttled address are checked in a second. */
    static final int CHECKS_PER_SECOND = 5;

    /** About 10 MB. Beyond, addresses that come once leave before those that come again and again. */
    static final int MAX_ADDRESSES = 50_000;

    private static final long STEP_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int STEPS = 6;
    private static final Duration KEPT = Duration.ofMinutes(2);

    private volatile int maxFailuresPerMinute;
    private final LongSupplier nanoTime;
    private final Cache<PeerAddress, Failures> addresses;

    /** An empty table on the system's monotonic clock. */
    public FailedLogins(int maxFailuresPerMinute) {
        this(maxFailuresPerMinute, System::nanoTime);
    }

    /**
     * An empty table.
     *
     * @param nanoTime a monotonic clock, in nanoseconds
     */
    FailedLogins(int maxFailuresPerMinute, LongSupplier nanoTime) {
        this.maxFailuresPerMinute = maxFailuresPerMinute;
        this.nanoTime = nanoTime;
        addresses = Caffeine.newBuilder()
                .maximumSize(MAX_ADDRESSES)
                .expireAfterAccess(KEPT)
                .ticker(nanoTime::getAsLong)
                .executor(Runnable::run)
                .build();
    }

    /** Another bound from now on, for the failures counted so far too. For any thread. */
    public void maxFailuresPerMinute(int most) {
        maxFailuresPerMinute = most;
    }

    /** Counts a bad credential of an address. */
    public void failed(PeerAddress address) {
        addresses.get(address.network(), network -> new Failures()).count(nanoTime.getAsLong());
    }

    /** Whether a signature may be checked for an address now; a yes to one that is throttled counts as a check. */
    public boolean mayCheck(PeerAddress address) {
        Failures failures = addresses.getIfPresent(address.network());
        return failures == null || failures.mayCheck(nanoTime.getAsLong(), maxFailuresPerMinute);
    }

    /** How many addresses are in the table. */
    long size() {
        addresses.cleanUp();
        return addresses.estimatedSize();
    }

    /** Of one address. */
    private static final class Failures {
        private final int[] counts = new int[STEPS];
        private long lastStep = Long.MIN_VALUE;
        private long second;
        private int checks;

        synchronized void count(long now) {
            moveTo(now);
            counts[index(lastStep)]++;
        }

        synchronized boolean mayCheck(long now, int most) {
            moveTo(now);
            long sum = 0;
            for (int count : counts) {
                sum += count;
            }
            if (sum < most) {
                return true;
            }
            long thisSecond = Math.floorDiv(now, Duration.ofSeconds(1).toNanos());
            if (thisSecond != second) {
                second = thisSecond;
                checks = 0;
            }
            if (checks == CHECKS_PER_SECOND) {
                return false;
            }
            checks++;
            return true;
        }

        private void moveTo(long now) {
            long step = Math.floorDiv(now, STEP_NANOS);
            long oldest = Math.max(lastStep + 1, step - STEPS + 1);
            for (long passed = lastStep == Long.MIN_VALUE ? step : oldest; passed <= step; passed++) {
                counts[index(passed)] = 0;
            }
            // Of two threads the later one may have looked at the clock earlier.
            lastStep = Math.max(lastStep, step);
        }

        private static int index(long step) {
            return (int) Math.floorMod(step, (long) STEPS);
        }
    }
}
