package dev.tokencache.file;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Follows up hints: a moment after one has come, and every few milliseconds while there is something left to do, it has the
 * named files looked at and, where a name says too little, the whole project. What changed is decided by looking alone. For
 * the watcher's event loop.
 */
final class HintLoop {
    /** From the first hint after a silence to the look: one write makes several. */
    private static final long GATHER_MILLIS = 10;

    /** The time between two looks while there is something to do. */
    private static final long TICK_MILLIS = 30;

    /** While there is nothing to do: whether the notifications are well. A server that nobody uses is not to cost anything. */
    private static final long IDLE_MILLIS = 1_000;

    /** How many looks, and how many scans, may hang before hints wait for them. */
    static final int MAX_OVERDUE = 2;

    private static final int MAX_DIRECTORIES = 256;

    /** A project is scanned for hints at most this part of the time; what happens meanwhile waits. */
    private static final int REST_FACTOR = 10;

    private final Vertx vertx;
    private final ScanCalls calls;
    private final Reporter reporter;
    private final ProjectWatches watches;
    private final long timeoutNanos;
    private final PendingHints pending;
    /** What hangs, and the project it hangs at. */
    private final Map<HintBatch, String> stuck = new HashMap<>();

    private final Map<String, Long> rests = new HashMap<>();
    private HintSource source;
    private long timer = -1;
    private HintBatch looking;
    private long lookingSince;
    private boolean reporting;
    private Object scanning;
    private long scanningSince;
    private int overdueScans;
    private boolean listing;
    private boolean idle;

    /** @param timeout after which a look or scan counts as hung */
    HintLoop(Vertx vertx, ScanCalls calls, Reporter reporter, ProjectWatches watches, Duration timeout) {
        this.vertx = vertx;
        this.calls = calls;
        this.reporter = reporter;
        this.watches = watches;
        this.timeoutNanos = timeout.toNanos();
        this.pending = new PendingHints(watches);
    }

    /** Begins to follow, whether or not there is anything yet; the directories are registered by the scans. */
    Future<Void> start(HintSource hints) {
        source = hints;
        return source.open().onComplete(opened -> {
            if (source != null) {
                timer = vertx.setTimer(TICK_MILLIS, id -> tick());
            }
        });
    }

    /** Stops following and gives the notifications back; never fails. */
    Future<Void> stop() {
        if (timer >= 0) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
        HintSource closing = source;
        source = null;
        pending.clear();
        return closing == null ? Future.succeededFuture() : closing.stop();
    }

    /** Has files looked at once more. */
    void again(String project, List<String> names) {
        if (source != null) {
            pending.addNames(project, names);
            wake();
        }
    }

    /** There is something to do. */
    void wake() {
        if (idle && timer >= 0 && vertx.cancelTimer(timer)) {
            idle = false;
            timer = vertx.setTimer(GATHER_MILLIS, id -> tick());
        }
    }

    private void tick() {
        timer = -1;
        source.check();
        boolean isHeard = isWaiting();
        if (source.get() != null) {
            source.get().poll(MAX_DIRECTORIES).forEach(pending::add);
        }
        giveUpOverdue();
        if (watches.isBaselined()) {
            lookAtFiles();
            scanDirty();
        }
        idle = isIdle() && !isHeard; // a stream of what concerns nobody is not to be faster than any other
        timer = vertx.setTimer(idle ? IDLE_MILLIS : TICK_MILLIS, id -> tick());
    }

    private boolean isIdle() {
        return pending.isEmpty() && looking == null && !reporting && scanning == null && !isWaiting();
    }

    private boolean isWaiting() {
        return source.get() != null && source.get().isWaiting();
    }

    /** What takes too long is left to itself, and what it kept from being looked at is looked at anew. */
    private void giveUpOverdue() {
        long now = calls.now().nanos();
        if (looking != null && now - lookingSince >= timeoutNanos) {
            stuck.put(looking, looking.abandon());
            looking.looks().forEach(look -> pending.addNames(look.watch().name(), look.names()));
            looking = null;
        }
        if (scanning != null && now - scanningSince >= timeoutNanos) {
            overdueScans++;
            scanning = null;
        }
    }

    private void lookAtFiles() {
        if (looking != null || reporting || stuck.size() >= MAX_OVERDUE || pending.size() == 0) {
            return;
        }
        List<HintLook> looks = pending.takeNames(stuck.values());
        if (looks.isEmpty()) {
            return;
        }
        HintBatch batch = new HintBatch(looks);
        looking = batch;
        lookingSince = calls.now().nanos();
        calls.look(() -> {
                    batch.run(calls.scanner());
                    return batch;
                })
                .onComplete(looked -> ended(batch, looked.succeeded()));
    }

    private void ended(HintBatch batch, boolean succeeded) {
        if (looking != batch) {
            stuck.remove(batch);
            return;
        }
        looking = null;
        if (succeeded) {
            reporting = true;
            reporter.send(() -> reports(batch.looks()), false).onComplete(sent -> reporting = false);
        }
    }

    private List<Report> reports(List<HintLook> batch) {
        List<Report> reports = new ArrayList<>();
        for (HintLook look : batch) {
            ProjectWatch watch = look.watch();
            if (look.isAbsent()) {
                pending.addProject(watch.name());
            } else if (watches.get(watch.name()) != watch || look.isOvertaken()) {
                again(watch.name(), look.names());
            } else {
                Report report = look.report();
                if (!report.changes().isEmpty()) {
                    reports.add(report);
                }
            }
        }
        return reports;
    }

    private void scanDirty() {
        if (scanning != null || overdueScans >= MAX_OVERDUE) {
            return;
        }
        if (!listing && pending.takeRoot()) {
            listing = true;
            Runnable ended = beginScanning();
            calls.projects(false)
                    .onSuccess(listed -> listed.value().stream()
                            .filter(name -> watches.get(name) == null)
                            .forEach(pending::addProject))
                    .onComplete(done -> {
                        listing = false;
                        ended.run();
                    });
            return;
        }
        long now = calls.now().nanos();
        rests.values().removeIf(until -> now - until >= 0);
        String name = pending.takeProject(this::isReady);
        if (name != null) {
            scan(watches.obtain(name), now);
        }
    }

    private boolean isReady(String project) {
        ProjectWatch known = watches.get(project);
        return !rests.containsKey(project) && (known == null || !known.isRunning());
    }

    /** Begins what may hang; the result is to be run when it has ended. */
    private Runnable beginScanning() {
        Object mine = new Object();
        scanning = mine;
        scanningSince = calls.now().nanos();
        return () -> {
            if (scanning == mine) {
                scanning = null;
            } else {
                overdueScans--;
            }
        };
    }

    private void scan(ProjectWatch watch, long beganNanos) {
        Runnable ended = beginScanning();
        calls.scan(watch, false).onSuccess(result -> {
            ended.run();
            long now = calls.now().nanos();
            rests.put(watch.name(), now + REST_FACTOR * (now - beganNanos));
            reporter.send(
                            () -> {
                                Report report = watches.report(result);
                                return report == null ? List.of() : List.of(report);
                            },
                            false)
                    .onComplete(sent -> watch.release());
        });
    }
}
