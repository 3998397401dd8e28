package dev.tokencache;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** Asks again and again until the answer is right. What it allows is {@link RunningTime}. */
public final class Poll {
    /** For what has no bound of its own. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** For questions that are work for who is to get on with it. */
    private static final long LONG_PAUSE_NANOS = 5_000_000;

    private static final long PAUSE_NANOS = 1_000_000;

    private Poll() {}

    /** The first right answer; fails with the last wrong one when the time is over. A request is all the pause it needs. */
    public static <T> T until(Duration most, Callable<T> question, Predicate<T> isRight) throws Exception {
        long start = RunningTime.nanoTime();
        while (true) {
            T answer = question.call();
            if (isRight.test(answer)) {
                return answer;
            }
            if (RunningTime.nanoTime() - start > most.toNanos()) {
                throw new AssertionError("still wrong after " + most + ": " + answer);
            }
        }
    }

    /** Waits until something holds that is asked in this process. */
    public static void until(BooleanSupplier holds) {
        long start = RunningTime.nanoTime();
        while (!holds.getAsBoolean()) {
            if (RunningTime.nanoTime() - start > PATIENCE.toNanos()) {
                throw new AssertionError("not so after " + PATIENCE);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** The same for what may fail. */
    public static void untilTrue(Callable<Boolean> holds) throws Exception {
        untilTrue(PATIENCE, holds);
    }

    /** The same within a time. */
    public static void untilTrue(Duration most, Callable<Boolean> holds) throws Exception {
        until(
                most,
                () -> {
                    boolean is = holds.call();
                    if (!is) {
                        LockSupport.parkNanos(LONG_PAUSE_NANOS);
                    }
                    return is;
                },
                is -> is);
    }
}
