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

    /**
     * Of one key, since it was told last.
     *
     * @param first what happened first
     * @param count how many were counted, those that were told one by one not included
     * @param singles how many were told one by one
     * @param lastMillis when the last one was counted
     */
    private record Tally(AuditEvent first, long count, int singles, long lastMillis) {}

    /**
     * Counts one.
     *
     * @param key what makes events one kind
     * @param event makes the event; called for the first one, and for each that is to be told
     * @param mostSingles how many are to be told one by one before the rest is counted
     * @return the event that is to be told now, or null
     */
    AuditEvent count(Object key, Supplier<AuditEvent> event, int mostSingles, long nowMillis) {
        AuditEvent[] single = new AuditEvent[1];
        tallies.compute(key, (same, tally) -> {
            if (tally == null && mostSingles == 0) {
                return new Tally(event.get(), 1, 0, nowMillis);
            }
            int singles = tally == null ? 0 : tally.singles;
            if (singles < mostSingles) {
                single[0] = event.get();
                return new Tally(single[0], 0, singles + 1, nowMillis);
            }
            // What is told one by one is told already: the count begins with the next.
            AuditEvent first = tally.count == 0 ? event.get() : tally.first;
            return new Tally(first, tally.count + 1, singles, nowMillis);
        });
        return single[0];
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
            if (tally != null && tally.count > 0) {
                taken.add(summary(tally));
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
