package dev.tokencache.cluster;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the cluster was asked or told and has not answered, so that it is not asked or told once more each second while a merge
 * keeps it busy. What is never answered is taken for lost after a while. Any thread.
 */
final class UnderWay<T> {
    /** Longer than a command waits for locks, other nodes and copies together. One that had to wait behind such may come twice. */
    static final int LOST_LOOKS = 60;

    private final Map<T, Integer> begun = new ConcurrentHashMap<>();
    private final AtomicInteger looks = new AtomicInteger();

    /** A look begins. Returns which one, from 1. */
    int look() {
        return looks.incrementAndGet();
    }

    /** Whether it may begin now; it has then begun. */
    boolean begin(T what) {
        int now = looks.get();
        Integer before = begun.putIfAbsent(what, now);
        return before == null || (now - before >= LOST_LOOKS && begun.replace(what, before, now));
    }

    void end(T what) {
        begun.remove(what);
    }
}
