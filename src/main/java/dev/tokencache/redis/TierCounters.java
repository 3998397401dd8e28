package dev.tokencache.redis;

import java.util.concurrent.atomic.LongAdder;

/** What has happened between a node and the tier, since the start. For any thread. */
public final class TierCounters {
    final LongAdder hits = new LongAdder();
    final LongAdder misses = new LongAdder();
    final LongAdder stale = new LongAdder();
    final LongAdder unopened = new LongAdder();
    final LongAdder skipped = new LongAdder();
    final LongAdder stored = new LongAdder();
    final LongAdder outrun = new LongAdder();
    final LongAdder errors = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder commands = new LongAdder();
    final LongAdder commandNanos = new LongAdder();
    final LongAdder connects = new LongAdder();
    final LongAdder failedConnects = new LongAdder();

    TierCounters() {}

    /** Values that were served from the tier. */
    public long hits() {
        return hits.sum();
    }

    /** Lookups that found nothing there. */
    public long misses() {
        return misses.sum();
    }

    /** Values that were found, and not used since they may be another version than the present one. */
    public long stale() {
        return stale.sum();
    }

    /** Values that did not open: garbage, another token's, or sealed under other keys. */
    public long unopened() {
        return unopened.sum();
    }

    /** Loads that did not ask the tier, since nobody vouched for the version or the tier could not be trusted. */
    public long skipped() {
        return skipped.sum();
    }

    /** Values that were put into the tier. */
    public long stored() {
        return stored.sum();
    }

    /** Values that were not put there since the token was invalidated meanwhile. */
    public long outrun() {
        return outrun.sum();
    }

    /** Commands that failed or were not answered in time. */
    public long errors() {
        return errors.sum();
    }

    /** Commands that were not sent: no connection, the breaker open, or too many under way. */
    public long refused() {
        return refused.sum();
    }

    /** Commands that were answered. */
    public long commands() {
        return commands.sum();
    }

    /** How long those took together, in seconds. */
    public double commandSeconds() {
        return commandNanos.sum() / 1e9;
    }

    /** How often a connection was made. */
    public long connects() {
        return connects.sum();
    }

    /** How often none was made: nobody there, no answer, login refused, or not the server that is meant. */
    public long failedConnects() {
        return failedConnects.sum();
    }
}
