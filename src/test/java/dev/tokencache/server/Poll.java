package dev.tokencache.server;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/** Asks again and again until the answer is right. The questions are requests: they are all the pause it needs. */
final class Poll {
    private Poll() {}

    /** The first right answer; fails with the last wrong one when the time is over. */
    static <T> T until(Duration most, Callable<T> question, Predicate<T> isRight) throws Exception {
        long start = System.nanoTime();
        while (true) {
            T answer = question.call();
            if (isRight.test(answer)) {
                return answer;
            }
            if (System.nanoTime() - start > most.toNanos()) {
                throw new AssertionError("still wrong after " + most + ": " + answer);
            }
        }
    }
}
