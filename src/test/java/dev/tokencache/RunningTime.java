package dev.tokencache;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A clock for what must happen within a time: it stands still while the whole machine does, since nobody can answer then. A
 * thread that wants to run every few milliseconds tells by how much it was late; less than {@link #STALL_NANOS} is no stall.
 */
public final class RunningTime {
    static final long STALL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** The clock of this machine. */
    private static final RunningTime CLOCK = new RunningTime(System.nanoTime());

    private volatile Tick last;

    /**
     * The last time that the thread ran, and all stalls until then.
     *
     * @param at in {@link System#nanoTime}
     */
    private record Tick(long at, long stalledNanos) {}

    static {
        Thread thread = new Thread(
                () -> {
                    while (true) {
                        LockSupport.parkNanos(TICK_NANOS);
                        CLOCK.tick(System.nanoTime());
                    }
                },
                "running-time");
        thread.setDaemon(true);
        thread.start();
    }

    RunningTime(long now) {
        last = new Tick(now, 0);
    }

    /** Nanoseconds since some time, those of stalls not counted. It never goes back. For any thread. */
    public static long nanoTime() {
        while (true) {
            Tick tick = CLOCK.last;
            long now = System.nanoTime();
            if (tick.equals(CLOCK.last)) {
                return now - stalled(tick, now);
            }
        }
    }

    long at(long now) {
        return now - stalled(last, now);
    }

    /** For one thread. */
    void tick(long now) {
        last = new Tick(now, stalled(last, now));
    }

    private static long stalled(Tick tick, long now) {
        return tick.stalledNanos + Math.max(0, now - tick.at - STALL_NANOS);
    }
}
