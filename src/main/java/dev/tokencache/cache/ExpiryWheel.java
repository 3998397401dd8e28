package dev.tokencache.cache;

import dev.tokencache.cache.TokenStore.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Finds the entries whose time is over without a look at the others: a hashed timing wheel, one slot a second, in which each
 * entry hangs by its own links. An entry that lives longer than a turn of the wheel is passed over once a turn.
 */
final class ExpiryWheel {
    private static final int SLOTS = 512;
    private static final long SLOT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Entry[] slots = new Entry[SLOTS];

    /** The first second that has not been looked through, on the monotonic clock. */
    private long second;

    /** @param nowNanos on the monotonic clock */
    ExpiryWheel(long nowNanos) {
        second = second(nowNanos);
    }

    private static long second(long nanos) {
        return Math.floorDiv(nanos, SLOT_NANOS);
    }

    private static int slot(long second) {
        return (int) second & SLOTS - 1;
    }

    /** Takes in an entry whose deadline is still to come. */
    void add(Entry entry) {
        int slot = slot(second(entry.deadlineNanos));
        Entry first = slots[slot];
        entry.next = first;
        if (first != null) {
            first.previous = entry;
        }
        slots[slot] = entry;
    }

    void remove(Entry entry) {
        if (entry.previous == null) {
            slots[slot(second(entry.deadlineNanos))] = entry.next;
        } else {
            entry.previous.next = entry.next;
        }
        if (entry.next != null) {
            entry.next.previous = entry.previous;
        }
        entry.previous = null;
        entry.next = null;
    }

    /**
     * Entries whose deadline has passed, of seconds that are over. They are still in the wheel: the caller removes them before
     * the next call.
     *
     * @param most how many at most; as many are no sign that there are no more
     */
    List<Entry> overdue(long nowNanos, int most) {
        List<Entry> overdue = new ArrayList<>();
        long now = second(nowNanos);
        for (second = Math.max(second, now - SLOTS); second < now; second++) {
            for (Entry entry = slots[slot(second)]; entry != null; entry = entry.next) {
                if (overdue.size() == most) {
                    return overdue;
                }
                if (entry.isOver(nowNanos)) {
                    overdue.add(entry);
                }
            }
        }
        return overdue;
    }
}
