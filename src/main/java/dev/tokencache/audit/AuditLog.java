package dev.tokencache.audit;

import dev.tokencache.Failure;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Writes events to the log on a thread of its own, many at a time. What waits for the disk is bounded; what did not fit or
 * could not be written is counted, and the log says how many as soon as it can. One for a process and a file; for every
 * thread, and no caller is blocked.
 */
public final class AuditLog {
    /** How many events wait for the disk at most; about 20 MB. */
    static final int MAX_WAITING = 65_536;

    /**
     * How many files' reads are counted at once; beyond, the counts are written before the minute is over. About 45 MB, if so
     * many are read.
     */
    static final int MAX_READS = 131_072;

    /** The same for everything else: anybody can be refused in many ways. */
    static final int MAX_REFUSALS = 8_192;

    private static final System.Logger LOG = System.getLogger(AuditLog.class.getName());
    private static final int BATCH = 1_000;
    private static final long MINUTE_MILLIS = 60_000;
    private static final long PROBE_NANOS = 500_000_000L;
    private static final long CLOSE_SECONDS = 3;

    private final Vertx vertx;
    private final boolean sync;
    private final Clock clock;

    /** One thread, so that tasks run in turn; never {@code ordered}, see {@code ArchitectureTest}. */
    private final WorkerExecutor worker;

    private final Tallies reads = new Tallies(MAX_READS);
    private final Tallies refusals = new Tallies(MAX_REFUSALS);
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private AuditFile file;
    private long timer;
    private boolean draining;

    /** Counts that are being written. */
    private final Queue<Iterator<AuditEvent>> summaries = new ArrayDeque<>();

    private boolean closed;
    private long lost;
    private long lostEver;
    private long probedNanos;
    private volatile boolean broken;

    /** @param written null if nobody waits for it */
    private record Waiting(AuditEvent event, Promise<Void> written) {}

    private AuditLog(Vertx vertx, boolean sync, Clock clock) {
        this.vertx = vertx;
        this.sync = sync;
        this.clock = clock;
        worker = vertx.createSharedWorkerExecutor("token-cache-audit", 1, 1, TimeUnit.MINUTES);
    }

    /**
     * Opens the log. Lines that are required are on the disk before anybody is told that they are written.
     *
     * @param clock what time it is
     * @return fails with an {@link IOException} when the file can't be written
     */
    public static Future<AuditLog> open(Vertx vertx, AuditOptions options, Clock clock) {
        AuditLog log = new AuditLog(vertx, options.isRequired(), clock);
        return log.worker
                .executeBlocking(
                        () -> {
                            log.file = new AuditFile(options.getFile(), options.getMaxBytes(), options.getOldFiles());
                            return log;
                        },
                        false)
                .onSuccess(opened -> opened.timer = vertx.setPeriodic(MINUTE_MILLIS, id -> opened.tell()))
                .recover(cause -> log.worker.close().transform(done -> Future.failedFuture(cause)));
    }

    /** Writes an event, sooner or later. */
    public void note(AuditEvent event) {
        add(new Waiting(event, null));
    }

    /** Writes events; completes, on the caller's context, when all are written. Fails with {@link Failure#AUDIT_UNWRITABLE}. */
    public Future<Void> write(List<AuditEvent> events) {
        Context context = vertx.getOrCreateContext();
        List<Future<Void>> written = new ArrayList<>();
        for (AuditEvent event : events) {
            Promise<Void> promise = Promise.promise();
            written.add(promise.future());
            add(new Waiting(event, promise));
        }
        return Future.future(promise -> Future.all(written)
                .<Void>mapEmpty()
                .onComplete(done -> context.runOnContext(none -> promise.handle(done))));
    }

    /**
     * Counts a read of a value with others of its kind; the count is written once a minute.
     *
     * @param key what makes reads one kind; with a good {@code equals}
     * @param event makes the event; called only if it is the first
     */
    public void countRead(Object key, Supplier<AuditEvent> event) {
        count(reads, key, event, 0);
    }

    /**
     * Counts a refusal, as {@link #countRead} does a read.
     *
     * @param singles how many of a kind are written by themselves in a minute before the rest is counted
     */
    public void countRefusal(Object key, Supplier<AuditEvent> event, int singles) {
        count(refusals, key, event, singles);
    }

    private void count(Tallies tallies, Object key, Supplier<AuditEvent> event, int singles) {
        if (tallies.areTooMany()) {
            tell();
            if (tallies.areFull()) {
                lose(1);
                return;
            }
        }
        AuditEvent single = tallies.count(key, event, singles, clock.millis());
        if (single != null) {
            note(single);
        }
    }

    /** Sees to it that what was counted is written. Until its turn comes each count goes on. */
    synchronized void tell() {
        if (summaries.isEmpty() && !closed) {
            summaries.add(reads.take());
            summaries.add(refusals.take());
            if (!draining) {
                drainLater();
            }
        }
    }

    /** Whether the last lines could be written. If not, it is tried again before long. */
    public boolean isWritable() {
        if (broken) {
            probe();
        }
        return !broken;
    }

    /** How many lines were lost since the start. */
    public synchronized long lost() {
        return lostEver;
    }

    private synchronized void probe() {
        long now = System.nanoTime();
        if (!draining && !closed && now - probedNanos > PROBE_NANOS) {
            probedNanos = now;
            drainLater();
        }
    }

    private void add(Waiting one) {
        synchronized (this) {
            if (!closed && waiting.size() < MAX_WAITING) {
                waiting.add(one);
                if (!draining) {
                    drainLater();
                }
                return;
            }
            lose(1);
        }
        if (one.written != null) {
            one.written.fail(Failure.AUDIT_UNWRITABLE.exception());
        }
    }

    private synchronized void lose(int lines) {
        lost += lines;
        lostEver += lines;
    }

    private void drainLater() {
        draining = true;
        worker.executeBlocking(
                        () -> {
                            drain();
                            return null;
                        },
                        false)
                .onFailure(this::gaveUp);
    }

    /** Out of memory, say: who comes next tries again. */
    private synchronized void gaveUp(Throwable cause) {
        LOG.log(Level.WARNING, "audit_broken reason={0}", cause.getClass().getSimpleName());
        draining = false;
    }

    private void drain() {
        boolean failed = false;
        boolean isMore = true;
        while (isMore) {
            List<Waiting> batch = new ArrayList<>(BATCH);
            try {
                long missing;
                synchronized (this) {
                    isMore = take(batch, failed);
                    missing = lost;
                }
                if (!batch.isEmpty() || (isMore && missing > 0)) {
                    failed = !append(batch, missing);
                }
            } catch (RuntimeException | Error e) {
                fail(batch);
                throw e;
            }
        }
    }

    /** Takes what is to be written next, under the monitor; whether there is anything to do, if only to say what is missing. */
    private boolean take(List<Waiting> batch, boolean failed) {
        if (closed) {
            return false;
        }
        while (!waiting.isEmpty() && batch.size() < BATCH) {
            batch.add(waiting.remove());
        }
        addSummaries(batch);
        draining = !batch.isEmpty() || !summaries.isEmpty() || (lost > 0 && !failed);
        return draining;
    }

    private void fail(List<Waiting> batch) {
        lose(batch.size());
        complete(batch, false);
    }

    /** Under the monitor, and not longer than for so many kinds, counted or not. */
    private void addSummaries(List<Waiting> batch) {
        for (int steps = 0; steps < BATCH && batch.size() < BATCH && !summaries.isEmpty(); steps++) {
            if (!summaries.element().hasNext()) {
                summaries.remove();
                continue;
            }
            AuditEvent summary = summaries.element().next();
            if (summary != null) {
                batch.add(new Waiting(summary, null));
            }
        }
    }

    /** Whether the lines are in the file, and that which says how many are missing before them. */
    private boolean append(List<Waiting> batch, long missing) {
        try {
            ByteArrayOutputStream lines = new ByteArrayOutputStream();
            if (missing > 0) {
                lines.writeBytes(AuditLine.render(lostLines(missing)));
            }
            batch.forEach(one -> lines.writeBytes(AuditLine.render(one.event)));
            file.append(lines.toByteArray(), sync);
        } catch (IOException | RuntimeException | Error e) {
            if (!broken) {
                LOG.log(Level.WARNING, "audit_broken reason={0}", e.getClass().getSimpleName());
            }
            broken = true;
            fail(batch);
            return false;
        }
        broken = false;
        synchronized (this) {
            lost -= missing;
        }
        if (missing > 0) {
            LOG.log(Level.WARNING, "audit_resumed lost={0}", missing);
        }
        complete(batch, true);
        return true;
    }

    private AuditEvent lostLines(long missing) {
        return new AuditEvent(clock.instant(), null, null, null, null, "audit", null, null, "lost", missing, null);
    }

    private static void complete(List<Waiting> batch, boolean written) {
        for (Waiting one : batch) {
            try {
                if (one.written != null && written) {
                    one.written.tryComplete();
                } else if (one.written != null) {
                    one.written.tryFail(Failure.AUDIT_UNWRITABLE.exception());
                }
            } catch (RuntimeException e) { // of who waits; the others are told all the same
                LOG.log(Level.WARNING, "audit_unheard reason={0}", e.getClass().getSimpleName());
            }
        }
    }

    /**
     * Writes what waits and what was counted, and closes the file. What is noted until that is done is written too: requests
     * that end with the server's stop tell so while it goes on. Later events are lost. When the disk takes more than
     * {@value #CLOSE_SECONDS} seconds this fails, and the worker goes on alone.
     */
    public Future<Void> close() {
        vertx.cancelTimer(timer);
        return worker.<Void>executeBlocking(
                        () -> {
                            drain(); // counts that are on their way first: what was counted meanwhile is another one
                            tell();
                            do {
                                drain();
                            } while (!closeIfDone());
                            file.close();
                            return null;
                        },
                        false)
                .eventually(worker::close)
                .timeout(CLOSE_SECONDS, TimeUnit.SECONDS)
                .onFailure(cause -> LOG.log(
                        Level.WARNING,
                        "audit_unclosed reason={0}",
                        cause.getClass().getSimpleName()));
    }

    private synchronized boolean closeIfDone() {
        closed = waiting.isEmpty() && summaries.isEmpty();
        return closed;
    }
}
