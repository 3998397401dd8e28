package dev.tokencache.cache;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * How many tokens of a project have expired, and how many will within an hour, by the wall clock and to the second: a token
 * counts as expired from the first full second that is not before its expiry. Moving on costs what expires in the seconds
 * that went by, forwards or, when the clock was set back, backwards; it is never a walk over the files.
 */
final class ExpiryCounts {
    /** How far ahead a token counts as expiring. */
    static final long SOON_SECONDS = 3_600;

    /** How many entries one move passes: some milliseconds. After a leap of the clock over more, further moves catch up. */
    static final int MAX_STEP = 20_000;

    /** How many tokens expire at a second since the epoch; tokens of one second share an entry. */
    private final NavigableMap<Long, Integer> perSecond = new TreeMap<>();

    private final Mark expired = new Mark();
    private final Mark soon = new Mark();

    void add(long expiresAtMillis) {
        long second = second(expiresAtMillis);
        perSecond.merge(second, 1, Integer::sum);
        expired.count(second, 1);
        soon.count(second, 1);
    }

    /** Takes one back that was added. */
    void remove(long expiresAtMillis) {
        long second = second(expiresAtMillis);
        perSecond.computeIfPresent(second, (same, count) -> count == 1 ? null : count - 1);
        expired.count(second, -1);
        soon.count(second, -1);
    }

    private static long second(long expiresAtMillis) {
        return -Math.floorDiv(-expiresAtMillis, 1_000L); // rounded up
    }

    /** Makes the counts those of a moment, milliseconds since the epoch. */
    void moveTo(long nowMillis) {
        long now = Math.floorDiv(nowMillis, 1_000L);
        expired.moveTo(now);
        soon.moveTo(now + SOON_SECONDS);
    }

    /** Of the moment last moved to. */
    int expired() {
        return expired.count;
    }

    /** Not expired at the moment last moved to, and within an hour of it. */
    int expiring() {
        return Math.max(0, soon.count - expired.count); // either may still be catching up
    }

    /** A second, and how many expire up to and with it. */
    private final class Mark {
        private long at;
        private int count;

        void count(long second, int change) {
            count += second <= at ? change : 0;
        }

        void moveTo(long target) {
            if (target == at) {
                return;
            }
            boolean forward = at < target;
            NavigableMap<Long, Integer> passed = forward
                    ? perSecond.subMap(at, false, target, true)
                    : perSecond.subMap(target, false, at, true).descendingMap();
            int left = MAX_STEP;
            for (Map.Entry<Long, Integer> entry : passed.entrySet()) {
                if (left-- == 0) {
                    return;
                }
                at = forward ? entry.getKey() : entry.getKey() - 1;
                count += forward ? entry.getValue() : -entry.getValue();
            }
            at = target;
        }
    }
}
