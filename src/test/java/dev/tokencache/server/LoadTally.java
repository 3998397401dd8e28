package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.RunningTime;
import java.time.Duration;

/** What became of the requests to one node since the figures were last taken. For any thread. */
final class LoadTally {
    private static final long MOST_MILLIS = 60_000;

    private int served;
    private int written;
    private int refused;
    private int gone;
    private long servedAt = RunningTime.nanoTime();
    private long longestPause;
    private boolean over;

    /**
     * Numbers of requests, and the longest time without a read that was served.
     *
     * @param refused those answered with word that no cache is reached
     * @param gone those without an answer
     */
    record Figures(int served, int written, int refused, int gone, Duration longestPause) {
        @Override
        public String toString() {
            return "%d reads and %d writes served, %d refused, %d unanswered, longest time without a read %d ms"
                    .formatted(served, written, refused, gone, longestPause.toMillis());
        }
    }

    synchronized void served() {
        long now = RunningTime.nanoTime();
        longestPause = Math.max(longestPause, now - servedAt);
        servedAt = now;
        served++;
        notifyAll();
    }

    synchronized void written() {
        written++;
    }

    synchronized void refused() {
        refused++;
    }

    synchronized void gone() {
        gone++;
    }

    /** Nobody has to wait any more. */
    synchronized void end() {
        over = true;
        notifyAll();
    }

    /** Waits for so many more reads, or the end. */
    synchronized void awaitServed(int more) throws InterruptedException {
        int goal = served + more;
        long deadline = RunningTime.nanoTime() + MOST_MILLIS * 1_000_000;
        while (served < goal && !over) {
            assertThat(RunningTime.nanoTime() - deadline)
                    .as("time for %d reads, of which %d were served", more, served - goal + more)
                    .isNegative();
            wait(100);
        }
    }

    /** Begins anew; the time since the last read counts on. */
    synchronized Figures take() {
        long pause = Math.max(longestPause, RunningTime.nanoTime() - servedAt);
        Figures figures = new Figures(served, written, refused, gone, Duration.ofNanos(pause));
        served = 0;
        written = 0;
        refused = 0;
        gone = 0;
        longestPause = 0;
        return figures;
    }
}
