package dev.tokencache.cache;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Names that were looked for and not found a moment ago: asking for them again and again costs no disk. Bounded in number and
 * in time; whatever is heard of a name, or of its project, ends it.
 */
final class AbsentNames {
    static final int MAX = 10_000;

    private long ttlNanos;
    private final LongSupplier nanoTime;

    /** Until when each counts as absent, oldest first: all live equally long. */
    private final Map<String, Long> deadlines = new LinkedHashMap<>();

    /** @param ttlNanos how long a name counts as absent after the look began that did not find it; 0 for not at all */
    AbsentNames(long ttlNanos, LongSupplier nanoTime) {
        this.ttlNanos = ttlNanos;
        this.nanoTime = nanoTime;
    }

    /** Whether the name was absent a moment ago and nothing has been heard of it since. */
    boolean contains(String key) {
        if (deadlines.isEmpty()) {
            return false;
        }
        Long deadline = deadlines.get(key);
        return deadline != null && nanoTime.getAsLong() - deadline < 0;
    }

    /**
     * Notes that a name was not found.
     *
     * @param lookedNanos when the look began, on the monotonic clock
     */
    void add(String key, long lookedNanos) {
        if (ttlNanos == 0) {
            return;
        }
        deadlines.remove(key);
        dropOld();
        if (deadlines.size() == MAX) {
            Iterator<String> oldest = deadlines.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        deadlines.put(key, lookedNanos + ttlNanos);
    }

    /** Another time for names that are noted from now on; those noted are forgotten, since all are to live equally long. */
    void ttl(long nanos) {
        if (nanos != ttlNanos) {
            ttlNanos = nanos;
            clear();
        }
    }

    void remove(String key) {
        deadlines.remove(key);
    }

    void removeProject(String prefix) {
        deadlines.keySet().removeIf(key -> key.startsWith(prefix));
    }

    void clear() {
        deadlines.clear();
    }

    /** Gives back the memory of those whose time is over. */
    void dropOld() {
        long now = nanoTime.getAsLong();
        Iterator<Long> oldestFirst = deadlines.values().iterator();
        while (oldestFirst.hasNext() && oldestFirst.next() - now <= 0) {
            oldestFirst.remove();
        }
    }

    int size() {
        return deadlines.size();
    }
}
