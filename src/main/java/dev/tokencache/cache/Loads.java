package dev.tokencache.cache;

import dev.tokencache.Failure;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The loads in flight, at most one current a key. One project takes at most three quarters of them, and a key whose loads
 * hang starts no third one, so that a slow disk costs those who need it. Readers join the current load. An invalidation makes it no longer
 * current: those who wait still get its value, but it is not stored, and a read that starts later starts a load of its own.
 *
 * <p>Of two loads the one that began first may have looked at the disk last. So what the readers of a forgotten load get may
 * be newer than what is stored or being loaded by then, and none of that may be served after it: a value that differs is
 * dropped, and a load that differs is done once more.
 *
 * @param <T> what is loaded
 */
final class Loads<T> {
    /** One more than one: the file behind the key may have been replaced meanwhile. */
    private static final int MAX_OVERDUE = 2;

    private final Context context;
    private final OwnerLoop owner;
    private final LongSupplier nanoTime;
    private final int max;
    private final long timeoutNanos;
    private final Function<AsyncResult<T>, Object> version;
    private final Map<String, Load<T>> current = new HashMap<>();
    private final Set<Load<T>> waiting = new LinkedHashSet<>();
    private final Map<String, Integer> perProject = new HashMap<>();

    /** How many loads of a key have outrun their time and not ended. */
    private final Map<String, Integer> overdue = new HashMap<>();

    private int inFlight;

    /**
     * No loads yet. Called on the owner's event-loop thread.
     *
     * @param context the owner's; sources that complete elsewhere are brought back to it
     * @param max how many may be in flight at once; one counts until its source has ended it, also after its time-out
     * @param version what a result says: equal for results that say the same, null for one that says nothing
     */
    Loads(
            Context context,
            LongSupplier nanoTime,
            int max,
            long timeoutNanos,
            Function<AsyncResult<T>, Object> version) {
        this.context = context;
        this.owner = new OwnerLoop(context);
        this.nanoTime = nanoTime;
        this.max = max;
        this.timeoutNanos = timeoutNanos;
        this.version = version;
    }

    /**
     * Joins the key's current load, or starts one.
     *
     * @param source starts the work; called again when it must be done once more
     * @param settle called with the result if the load is still current then, before anybody gets it
     * @param passed called with the version of a result that is not to be stored, before anybody gets it
     */
    Future<T> load(String key, Supplier<Future<T>> source, Consumer<AsyncResult<T>> settle, Consumer<Object> passed) {
        Load<T> running = current.get(key);
        if (running != null && nanoTime.getAsLong() - running.startNanos >= timeoutNanos) {
            timeOut(); // the process was stopped for a while: what that load has read may be as old
            running = null;
        }
        if (running != null) {
            return running.promise.future();
        }
        if (overdue.getOrDefault(key, 0) >= MAX_OVERDUE) {
            return Future.failedFuture(Failure.LOAD_TIMEOUT.exception());
        }
        String project = project(key);
        if (inFlight >= max || perProject.getOrDefault(project, 0) >= Math.max(1, max - max / 4)) {
            return Future.failedFuture(Failure.OVERLOADED.exception());
        }
        Load<T> load = new Load<>(key, project, nanoTime.getAsLong(), source, settle, passed);
        current.put(key, load);
        waiting.add(load);
        inFlight++;
        add(perProject, project);
        run(load);
        return load.promise.future();
    }

    private void run(Load<T> load) {
        owner.take(start(load.source), result -> ended(load, result));
    }

    private static String project(String key) {
        int slash = key.indexOf('/');
        return slash < 0 ? key : key.substring(0, slash);
    }

    private static void add(Map<String, Integer> counts, String key) {
        counts.merge(key, 1, Integer::sum);
    }

    private static void subtract(Map<String, Integer> counts, String key) {
        counts.computeIfPresent(key, (name, count) -> count == 1 ? null : count - 1);
    }

    private static <T> Future<T> start(Supplier<Future<T>> source) {
        try {
            return source.get();
        } catch (Throwable e) { // an error too: the load would never end
            return Future.failedFuture(e);
        }
    }

    private void ended(Load<T> load, AsyncResult<T> result) {
        boolean awaited = waiting.contains(load);
        Object says = version.apply(result);
        if (awaited && says != null && load.served != null && !load.served.equals(says)) {
            load.served = null;
            run(load);
            return;
        }
        inFlight--;
        subtract(perProject, load.project);
        if (load.overdue) {
            subtract(overdue, load.key);
        }
        try {
            if (current.remove(load.key, load)) {
                load.settle.accept(result);
            } else if (awaited && says != null) {
                pass(load, says);
            }
        } finally {
            if (waiting.remove(load)) {
                load.promise.handle(result);
            }
        }
    }

    /** The readers of a forgotten load are about to get what those who come later must not get behind. */
    private void pass(Load<T> load, Object says) {
        Load<T> running = current.get(load.key);
        if (running != null) {
            // Of two versions nobody knows which is the newer one: none is equal to both.
            running.served = running.served == null || running.served.equals(says) ? says : new Object();
        }
        load.passed.accept(says);
    }

    /** Whether the key has a current load. */
    boolean isLoading(String key) {
        return current.containsKey(key);
    }

    /** Makes the key's load no longer current. */
    void forget(String key) {
        current.remove(key);
    }

    /** Makes all loads of a project no longer current. */
    void forgetProject(String prefix) {
        current.keySet().removeIf(key -> key.startsWith(prefix));
    }

    void forgetAll() {
        current.clear();
    }

    /** Fails the readers of loads that have run for too long. Called from a timer. */
    void timeOut() {
        long now = nanoTime.getAsLong();
        Iterator<Load<T>> oldestFirst = waiting.iterator();
        while (oldestFirst.hasNext()) {
            Load<T> load = oldestFirst.next();
            if (now - load.startNanos < timeoutNanos) {
                return;
            }
            oldestFirst.remove();
            current.remove(load.key, load);
            load.overdue = true;
            add(overdue, load.key);
            context.runOnContext(ignored -> load.promise.fail(Failure.LOAD_TIMEOUT.exception()));
        }
    }

    int inFlight() {
        return inFlight;
    }

    private static final class Load<T> {
        final String key;
        final String project;
        final long startNanos;
        boolean overdue;
        final Supplier<Future<T>> source;
        final Consumer<AsyncResult<T>> settle;
        final Consumer<Object> passed;
        final Promise<T> promise = Promise.promise();

        /** What was served by a forgotten load since the source was last asked, or null. */
        Object served;

        Load(
                String key,
                String project,
                long startNanos,
                Supplier<Future<T>> source,
                Consumer<AsyncResult<T>> settle,
                Consumer<Object> passed) {
            this.key = key;
            this.project = project;
            this.startNanos = startNanos;
            this.source = source;
            this.settle = settle;
            this.passed = passed;
        }
    }
}
