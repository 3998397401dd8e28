package dev.tokencache.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Counts events of one kind instead of keeping each. No count is lost or told twice, whoever counts meanwhile. For every
 * thread.
 */
final class Tallies {
    private final ConcurrentHashMap<Object, Tally> tallies = new ConcurrentHashMap<>();

    /** Of one key, since it was told last. Only under its own monitor. */
    private static final class Tally {
        /** What was counted first. */
        AuditEvent first;

        /** How many were counted, those that were told one by one not included. */
        long count;

        /** How many were told one by one. */
        int singles;

        /** When the last one was counted. */
        long lastMillis;

        /** Whether it was told, and counts no more. */
        boolean taken;
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
                if (!tally.taken) {
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
            tally.first = event.get();
        }
        tally.count++;
        return null;
    }

    /** How many keys have something counted, about. */
    long size() {
        return tallies.mappingCount();
    }

    /** Takes all counts out: one event each, that stands for as many as it says. */
    List<AuditEvent> take() {
        List<AuditEvent> taken = new ArrayList<>();
        for (Object key : tallies.keySet()) {
            Tally tally = tallies.remove(key);
            if (tally != null) {
                synchronized (tally) {
                    tally.taken = true;
                    if (tally.count > 0) {
                        taken.add(summary(tally));
                    }
                }
            }
        }
        return taken;
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
                tally.count == 1 ? null : first.time());
    }
}
