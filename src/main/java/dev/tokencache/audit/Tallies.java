package dev.tokencache.audit;

import java.time.Instant;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Counts events of one kind instead of keeping each. No count is lost or told twice, whoever counts meanwhile. For every
 * thread.
 *
 * <p>A kind that is counted minute for minute keeps its place: a hundred thousand files that are read all the time would
 * otherwise be as many new objects each minute, just old enough to be a burden to the collector.
 */
final class Tallies {
    /** From how many kinds on {@link #areTooMany}. */
    private final int most;

    private final ConcurrentHashMap<Object, Tally> tallies = new ConcurrentHashMap<>();

    Tallies(int most) {
        this.most = most;
    }

    /** Of one kind, since it was told last. Only under its own monitor. */
    private static final class Tally {
        /** What was counted first. Its time is not; it may be of a minute before that was equal in all else. */
        AuditEvent first;

        long firstMillis;

        /** How many were counted, those that were told one by one not included. */
        long count;

        /** How many were told one by one. */
        int singles;

        /** When the last one was counted. */
        long lastMillis;

        /** Whether it is out of the map, and counts no more. */
        boolean removed;
    }

    /**
     * Counts one.
     *
     * @param key what makes events one kind
     * @param event makes the event; called for the first one, and for each that is to be told
     * @param mostSingles how many are to be told one by one before the rest is counted
     * @return the event that is to be told now, or null
     */
    AuditEvent count(Object key, Supplier<AuditEvent> event, int mostSingles, long nowMillis) {
        while (true) {
            Tally tally = tallies.get(key);
            if (tally == null) {
                tally = tallies.computeIfAbsent(key, unknown -> new Tally());
            }
            synchronized (tally) {
                if (!tally.removed) {
                    tally.lastMillis = nowMillis;
                    return count(tally, event, mostSingles);
                }
            }
        }
    }

    private static AuditEvent count(Tally tally, Supplier<AuditEvent> event, int mostSingles) {
        if (tally.singles < mostSingles) {
            tally.singles++;
            return event.get();
        }
        // What is told one by one is told already: the count begins with the next.
        if (tally.count == 0) {
            AuditEvent first = event.get();
            tally.firstMillis = first.time().toEpochMilli();
            if (tally.first == null || !isFromSame(tally.first, first)) {
                tally.first = first;
            }
        }
        tally.count++;
        return null;
    }

    private static boolean isFromSame(AuditEvent one, AuditEvent other) {
        return one.requestId() == null
                && other.requestId() == null
                && one.action().equals(other.action())
                && Objects.equals(one.project(), other.project())
                && Objects.equals(one.filename(), other.filename())
                && Objects.equals(one.tokenId(), other.tokenId())
                && Objects.equals(one.address(), other.address());
    }

    boolean areTooMany() {
        return tallies.mappingCount() > most;
    }

    /** Whether there are twice as many as are too many. */
    boolean areFull() {
        return tallies.mappingCount() > 2L * most;
    }

    /**
     * Takes the counts out, one with each step: an event that stands for as many as it says. Each count is taken at its own
     * step, up to when it goes on in the next one. Kinds with no count since the last time are forgotten, and all when there
     * are too many.
     *
     * @return for one thread; its elements may be null, where nothing was counted
     */
    Iterator<AuditEvent> take() {
        boolean forgetAll = areTooMany();
        Iterator<Tally> all = tallies.values().iterator();
        return new Iterator<AuditEvent>() {
            @Override
            public boolean hasNext() {
                return all.hasNext();
            }

            @Override
            public AuditEvent next() {
                Tally tally = all.next();
                synchronized (tally) {
                    AuditEvent summary = tally.count == 0 ? null : summary(tally);
                    if (tally.count + tally.singles == 0 || forgetAll) {
                        tally.removed = true;
                        all.remove();
                    }
                    tally.count = 0;
                    tally.singles = 0;
                    return summary;
                }
            }
        };
    }

    private static AuditEvent summary(Tally tally) {
        AuditEvent first = tally.first;
        return new AuditEvent(
                Instant.ofEpochMilli(tally.lastMillis),
                tally.count == 1 ? first.requestId() : null,
                first.subject(),
                first.tokenId(),
                first.address(),
                first.action(),
                first.project(),
                first.filename(),
                first.result(),
                tally.count,
                tally.count == 1 ? null : Instant.ofEpochMilli(tally.firstMillis));
    }
}
