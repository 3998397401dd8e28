package dev.tokencache.server;

import dev.tokencache.RunningTime;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is known of one token that several write, one after the other, with ever higher numbers: which was acknowledged when, and
 * which may be there though it was not. For any thread.
 */
final class LoadBook {
    /** For who writes it, from before the request until the reply. */
    final ReentrantLock writing = new ReentrantLock();

    private final TreeMap<Long, Integer> acknowledged = new TreeMap<>();
    private int asked;

    /** Number 0 is there. */
    LoadBook() {
        acknowledged.put(RunningTime.nanoTime(), 0);
    }

    /** The number of the next write. */
    synchronized int next() {
        return ++asked;
    }

    synchronized void acknowledge(int number) {
        acknowledged.put(RunningTime.nanoTime(), number);
    }

    /** The last number that was acknowledged by then. */
    synchronized int acknowledgedAt(long nanos) {
        var entry = acknowledged.floorEntry(nanos);
        return entry == null ? 0 : entry.getValue();
    }

    synchronized int lastAcknowledged() {
        return acknowledged.lastEntry().getValue();
    }

    synchronized int lastAsked() {
        return asked;
    }
}
