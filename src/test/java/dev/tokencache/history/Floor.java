package dev.tokencache.history;

import java.util.Map;
import java.util.TreeMap;

/**
 * The lower limit that grows with time: what a read may not be older than depends on when it began. Entries come in the
 * order of their times.
 */
final class Floor {
    /** No limit. */
    static final long NONE = Long.MIN_VALUE;

    private final TreeMap<Long, Long> limits = new TreeMap<>();

    /** From after this time on nothing that ended before {@code limit} is right any more. */
    void raise(long time, long limit) {
        if (limits.isEmpty() || limits.lastEntry().getValue() < limit) {
            limits.put(time, limit);
        }
    }

    /** The limit for a read that began at this time. */
    long at(long start) {
        Map.Entry<Long, Long> last = limits.lowerEntry(start);
        return last == null ? NONE : last.getValue();
    }
}
