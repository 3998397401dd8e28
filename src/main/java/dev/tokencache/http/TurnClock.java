package dev.tokencache.http;

import java.util.function.LongSupplier;

/**
 * The time for gets from memory, which come and are answered many at once: one look at the clock for all that are asked for one
 * after another, and one for all that are answered so. Two looks for each would cost five times what else is recorded of it.
 * For one event loop.
 */
final class TurnClock {
    private final LongSupplier nanoTime;
    private long asked;
    private long answered;
    private boolean answering = true;

    TurnClock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** When what is asked for now was. */
    long asked() {
        if (answering) {
            asked = nanoTime.getAsLong();
            answering = false;
        }
        return asked;
    }

    /** When what is answered now was; never before it was asked for. */
    long answered() {
        if (!answering) {
            answered = nanoTime.getAsLong();
            answering = true;
        }
        return answered;
    }
}
