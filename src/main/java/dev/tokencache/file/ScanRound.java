package dev.tokencache.file;

import dev.tokencache.Failure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One pass over all projects, two at a time. A scan that takes too long is left to itself, so that one hung disk does not
 * stop the others; its result arrives whenever it ends. For the watcher's event loop.
 */
final class ScanRound {
    private final Vertx vertx;
    private final ScanCalls calls;
    private final Duration timeout;
    private final Consumer<ScanCalls.Scanned> results;
    private final Set<Long> timers = new HashSet<>();
    private int overdue;
    private boolean closed;

    /** @param results is given every result, in time or late */
    ScanRound(Vertx vertx, ScanCalls calls, Duration timeout, Consumer<ScanCalls.Scanned> results) {
        this.vertx = vertx;
        this.calls = calls;
        this.timeout = timeout;
        this.results = results;
    }

    /** Completes when every project has been scanned or given up for now; never fails. */
    Future<Void> run(List<ProjectWatch> projects) {
        Promise<Void> done = Promise.promise();
        Lanes lanes = new Lanes(projects.iterator(), done);
        for (int i = 0; i < ScanCalls.LANES; i++) {
            lanes.next();
        }
        return done.future();
    }

    /** Starts no more scans; a round under way never completes. */
    void close() {
        closed = true;
        timers.forEach(vertx::cancelTimer);
        timers.clear();
    }

    /** Loops instead of composing futures: thousands of nested ones would complete in one deep recursion. */
    private final class Lanes {
        private final Iterator<ProjectWatch> todo;
        private final Promise<Void> done;
        private int open = ScanCalls.LANES;

        Lanes(Iterator<ProjectWatch> todo, Promise<Void> done) {
            this.todo = todo;
            this.done = done;
        }

        void next() {
            while (!closed && todo.hasNext()) {
                ProjectWatch watch = todo.next();
                if (watch.isRunning()) {
                    if (watch.runningNanos(calls.now().nanos()) >= timeout.toNanos()) {
                        calls.fail(watch, Failure.LOAD_TIMEOUT, null);
                    }
                } else if (overdue >= ScanCalls.MAX_OVERDUE) {
                    calls.fail(watch, Failure.LOAD_TIMEOUT, null);
                } else {
                    start(watch);
                    return;
                }
            }
            if (--open == 0 && !closed) {
                done.complete();
            }
        }

        private void start(ProjectWatch watch) {
            long timer = vertx.setTimer(timeout.toMillis(), id -> {
                timers.remove(id);
                overdue++;
                calls.fail(watch, Failure.LOAD_TIMEOUT, null);
                next();
            });
            timers.add(timer);
            calls.scan(watch, true).onSuccess(scanned -> {
                results.accept(scanned);
                if (timers.remove(timer)) {
                    vertx.cancelTimer(timer);
                    next();
                } else {
                    overdue--;
                }
            });
        }
    }
}
