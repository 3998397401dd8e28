package dev.tokencache.file;

import dev.tokencache.Failure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * The worker calls of a watcher, on threads of their own: a hung disk takes threads of nobody else. For the watcher's event
 * loop.
 */
final class ScanCalls {
    /** How many scans of a round run at once. */
    static final int LANES = 2;

    /** How many scans may hang before a round gives up on the rest. */
    static final int MAX_OVERDUE = 4;

    /** A look and a scan, as many of each as may hang, and one to close the notifications. */
    private static final int HINT_THREADS = 2 * (1 + HintLoop.MAX_OVERDUE) + 1;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static final System.Logger LOG = System.getLogger(ScanCalls.class.getName());

    private final WorkerExecutor scans;
    private final WorkerExecutor looks;
    private final DiskScanner scanner;
    private final WatchClocks clocks;
    private NativeHints hints;
    private long failures;
    private boolean closed;

    ScanCalls(Vertx vertx, String name, DiskScanner scanner, WatchClocks clocks) {
        this.scans = vertx.createSharedWorkerExecutor(name + "-scan", LANES + MAX_OVERDUE, 10, TimeUnit.MINUTES);
        this.looks = vertx.createSharedWorkerExecutor(name + "-hint", HINT_THREADS, 10, TimeUnit.MINUTES);
        this.scanner = scanner;
        this.clocks = clocks;
    }

    /**
     * What a call gave and the time it took.
     *
     * @param value may be null
     */
    record Timed<T>(T value, long nanos, long cpuNanos) {}

    /** What came of a scan: exactly one of scan and failure. */
    record Scanned(ProjectWatch watch, long beganAt, ProjectScan scan, Failure failure, long cpuNanos) {}

    /** Hints to be registered with from now on, or null. */
    void setHints(NativeHints hints) {
        this.hints = hints;
    }

    /** How many scans have failed since the start. */
    long failures() {
        return failures;
    }

    /** Counts a failure that was not a scan's own. */
    void countFailure() {
        failures++;
    }

    /** The projects' names; fails when the root can't be read. */
    Future<Timed<List<String>>> projects(boolean paced) {
        NativeHints present = hints;
        return call(paced ? scans : looks, () -> {
            if (present != null) {
                present.watchRoot();
            }
            return scanner.projects();
        });
    }

    /**
     * Scans a project; never fails. The project stays {@linkplain ProjectWatch#isRunning() running} until whoever asked has
     * reported the result.
     *
     * @param paced whether it belongs to a round
     */
    Future<Scanned> scan(ProjectWatch watch, boolean paced) {
        NativeHints present = hints;
        long beganAt = watch.revision();
        ProjectScan.Request request = watch.begin(clocks.now());
        return call(paced ? scans : looks, () -> {
                    if (present != null) {
                        present.watch(watch.name());
                    }
                    ProjectScan scan = scanner.scan(request);
                    if (present != null && scan.isGone()) {
                        present.forget(watch.name());
                    }
                    return scan;
                })
                .transform(scanned -> Future.succeededFuture(
                        scanned.succeeded()
                                ? succeeded(watch, beganAt, scanned.result(), present)
                                : failed(watch, beganAt, scanned.cause())));
    }

    private Scanned succeeded(ProjectWatch watch, long beganAt, Timed<ProjectScan> scan, NativeHints present) {
        watch.scanned(scan.value(), clocks.millis().getAsLong());
        watch.took(scan.nanos(), present != null && present.isWatching(watch.name()));
        failures += scan.value().errors();
        return new Scanned(watch, beganAt, scan.value(), null, scan.cpuNanos());
    }

    private Scanned failed(ProjectWatch watch, long beganAt, Throwable cause) {
        Failure failure = cause instanceof IOException ? StorageErrors.ofLook(cause) : Failure.INTERNAL_ERROR;
        fail(watch, failure, cause);
        return new Scanned(watch, beganAt, null, failure, 0);
    }

    /** Notes that a project could not be scanned, and says so once. */
    void fail(ProjectWatch watch, Failure failure, Throwable cause) {
        failures++;
        if (watch.failed(failure) && !closed) {
            // The cause's text may hold a path.
            LOG.log(
                    System.Logger.Level.WARNING,
                    "watch.scan.failed project={0} reason={1} cause={2}",
                    watch.name(),
                    failure.machineName(),
                    cause == null ? null : cause.getClass().getSimpleName());
        }
    }

    /** Runs what is asked for by hints, outside the pacing. */
    <T> Future<T> look(Callable<T> call) {
        return looks.executeBlocking(call, false);
    }

    DiskScanner scanner() {
        return scanner;
    }

    ScanTime now() {
        return clocks.now();
    }

    private static <T> Future<Timed<T>> call(WorkerExecutor pool, Callable<T> call) {
        return pool.executeBlocking(
                () -> {
                    long start = System.nanoTime();
                    long before = THREADS.isCurrentThreadCpuTimeSupported() ? THREADS.getCurrentThreadCpuTime() : 0;
                    T value = call.call();
                    long after = THREADS.isCurrentThreadCpuTimeSupported() ? THREADS.getCurrentThreadCpuTime() : 0;
                    return new Timed<>(value, System.nanoTime() - start, after - before);
                },
                false);
    }

    /** Gives the threads back; what runs is interrupted and its result is for nobody. */
    Future<Void> close() {
        closed = true;
        return Future.join(scans.close(), looks.close()).mapEmpty();
    }
}
