package dev.tokencache.cache;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.function.Function;

/** Runs an asynchronous step for each element of a list, a bounded number at once, without growing the stack. */
final class Windowed<T> {
    private final List<T> elements;
    private final Function<T, Future<?>> step;
    private final Promise<Void> promise = Promise.promise();
    private int next;
    private int running;
    private boolean starting;

    private Windowed(List<T> elements, Function<T, Future<?>> step) {
        this.elements = elements;
        this.step = step;
    }

    /**
     * Runs the steps; all of them, whatever fails.
     *
     * @param width how many run at once, at least 1
     * @return completes when the last has ended
     */
    static <T> Future<Void> forEach(List<T> elements, int width, Function<T, Future<?>> step) {
        Windowed<T> run = new Windowed<>(elements, step);
        run.start(Math.max(1, width));
        return run.promise.future();
    }

    private void start(int width) {
        // A step that completes at once comes back here through ended(): the flag keeps that from nesting.
        starting = true;
        while (next < elements.size() && running < width) {
            running++;
            start(elements.get(next++)).onComplete(done -> ended(width));
        }
        starting = false;
        if (running == 0 && next >= elements.size()) {
            promise.tryComplete();
        }
    }

    /** A step that throws has failed like any other; the rest still runs. */
    private Future<?> start(T element) {
        try {
            return step.apply(element);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private void ended(int width) {
        running--;
        if (!starting) {
            start(width);
        }
    }
}
