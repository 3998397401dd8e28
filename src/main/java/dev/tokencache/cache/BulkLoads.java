package dev.tokencache.cache;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/**
 * The share of the loads that pages, preloads and warm-ups have, all of them together: however many there are, readers get the
 * rest. What finds no place waits for one, in order of arrival.
 */
final class BulkLoads {
    private final int max;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private int running;
    private boolean starting;

    /** @param max how many may run at once, at least 1 */
    BulkLoads(int max) {
        this.max = max;
    }

    /** Starts a load as soon as there is a place for it. */
    <T> Future<T> run(Supplier<Future<T>> load) {
        return run(1, load);
    }

    /**
     * Starts loads together as soon as there is a place for the first of them; the others may be too many for a moment.
     *
     * @param places how many they are
     */
    <T> Future<T> run(int places, Supplier<Future<T>> loads) {
        if (running < max) {
            return start(places, loads);
        }
        Promise<T> promise = Promise.promise();
        waiting.add(() -> start(places, loads).onComplete(promise));
        return promise.future();
    }

    private <T> Future<T> start(int places, Supplier<Future<T>> load) {
        running += places;
        Future<T> started;
        try {
            started = load.get();
        } catch (RuntimeException e) {
            started = Future.failedFuture(e);
        }
        return started.onComplete(done -> ended(places));
    }

    /** One that ends at once comes back here: the flag keeps many of them from nesting. */
    private void ended(int places) {
        running -= places;
        if (starting) {
            return;
        }
        starting = true;
        try {
            while (running < max && !waiting.isEmpty()) {
                waiting.poll().run();
            }
        } finally {
            starting = false;
        }
    }
}
