package dev.tokencache;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** Asks again and again until the answer is right. What it allows is {@link RunningTime}. */
public final class Poll {
    /** For what has no bound of its own. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final long PAUSE_NANOS = 200_000;

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
        until(
                PATIENCE,
                () -> {
                    boolean is = holds.call();
                    if (!is) {
                        LockSupport.parkNanos(PAUSE_NANOS);
                    }
                    return is;
                },
                is -> is);
    }
}
