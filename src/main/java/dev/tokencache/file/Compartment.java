package dev.tokencache.file;

import java.util.ArrayDeque;
import java.util.Queue;

/** One project's share of a {@link Bulkhead}; guarded by its lock. */
final class Compartment {
    final String project;
    final Queue<Call> waiting = new ArrayDeque<>();
    int running;
    long bytes;
    long lastStartNanos;
    boolean hasTurn;

    Compartment(String project) {
        this.project = project;
    }

    int length() {
        return waiting.size() + running;
    }

    /** A call that waits or runs. */
    static final class Call {
        final Compartment compartment;
        final String key;
        final long bytes;
        final Runnable run;
        final Bulkhead.RefusedCall refused;
        final long sinceNanos;
        long startedNanos;
        boolean stuck;
        boolean hung;

        Call(
                Compartment compartment,
                String key,
                long bytes,
                Runnable run,
                Bulkhead.RefusedCall refused,
                long sinceNanos) {
            this.compartment = compartment;
            this.key = key;
            this.bytes = bytes;
            this.run = run;
            this.refused = refused;
            this.sinceNanos = sinceNanos;
        }
    }
}
