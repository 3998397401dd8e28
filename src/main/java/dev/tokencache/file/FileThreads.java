package dev.tokencache.file;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that one kind of call runs on, behind a {@link Bulkhead} that does all the queuing. They are made when needed
 * and end when idle. For any thread.
 */
final class FileThreads {
    private static final Logger LOG = System.getLogger(FileThreads.class.getName());
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long IDLE_SECONDS = 60;

    /** How many reads of one file may hang: one more than one, since the file may have been replaced meanwhile. */
    private static final int PER_KEY = 2;

    /** For each thread, this many more stand by for those that hang. */
    private static final int SPARE_FACTOR = 2;

    private static final int MAX_READS = 4_096;
    private static final Duration WRITE_PATIENCE = Duration.ofSeconds(12);

    private final String kind;
    private final ThreadPoolExecutor threads;
    private final Bulkhead bulkhead;
    private volatile int hung;

    private FileThreads(String kind, BulkheadLimits limits) {
        this.kind = kind;
        // Who has ended a call counts no more and may not be ready for the next yet: nobody is refused for that.
        int most = 2 * limits.allThreads();
        threads =
                new ThreadPoolExecutor(0, most, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), this::thread);
        bulkhead = new Bulkhead(limits, threads, System::nanoTime);
    }

    /** Reads of one project take at most three quarters of the threads, so that others find one free at any time. */
    static FileThreads forReads(FileSourceOptions options) {
        int size = options.getReadPoolSize();
        long patience = options.getReadPatience().toNanos();
        return new FileThreads(
                "read",
                new BulkheadLimits(
                        size,
                        SPARE_FACTOR * size,
                        Math.max(1, size - size / 4),
                        PER_KEY,
                        MAX_READS,
                        Long.MAX_VALUE,
                        Math.min(STUCK_NANOS, patience),
                        patience));
    }

    /** Writes of one project run one after another: a project holds one thread at most. */
    static FileThreads forWrites(FileSourceOptions options) {
        int size = options.getWritePoolSize();
        return new FileThreads(
                "write",
                new BulkheadLimits(
                        size,
                        SPARE_FACTOR * size,
                        1,
                        Integer.MAX_VALUE,
                        options.getMaxQueuedWrites(),
                        options.getMaxQueuedBytes(),
                        STUCK_NANOS,
                        WRITE_PATIENCE.toNanos()));
    }

    private Thread thread(Runnable work) {
        Thread thread = new Thread(work, "token-files-" + kind + "-" + COUNT.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    /** See {@link Bulkhead#submit}. */
    void submit(String project, String key, long size, Runnable run, Bulkhead.RefusedCall refused) {
        bulkhead.submit(project, key, size, run, refused);
    }

    /** Called from a timer; says when calls begin to hang, and when none does any more. */
    void tend() {
        int now = bulkhead.tend();
        if ((now == 0) != (hung == 0)) {
            LOG.log(Level.WARNING, now == 0 ? "storage.answers kind={0}" : "storage.hangs kind={0}", kind);
        }
        hung = now;
    }

    /** How many calls hang, as of the last {@link #tend}. */
    int hung() {
        return hung;
    }

    int waiting() {
        return bulkhead.waiting();
    }

    int running() {
        return bulkhead.running();
    }

    /** Accepts nothing more and says when all that was accepted has ended. */
    void drain(Runnable whenEmpty) {
        bulkhead.close(whenEmpty);
    }

    /** See {@link Bulkhead#abandon}. */
    void abandon() {
        bulkhead.abandon();
    }

    /** Interrupts what still runs, and ends the threads. */
    void end() {
        threads.shutdownNow();
    }
}
