package dev.tokencache.file;

import dev.tokencache.Failure;
import dev.tokencache.TokenCacheException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileSystemException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Turns what the file system says into failures of the closed set, and says in the log that it did, at most once in ten
 * seconds: a broken disk fails every request. Paths stay out of both. For any thread.
 */
final class StorageErrors {
    private static final Logger LOG = System.getLogger(StorageErrors.class.getName());
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final LongSupplier nanoTime;
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong quietUntil;

    StorageErrors(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        quietUntil = new AtomicLong(nanoTime.getAsLong());
    }

    /** The failure that stands for a storage fault. */
    TokenCacheException failure(IOException cause) {
        Failure failure = isNoSpace(cause) ? Failure.NO_SPACE : Failure.STORAGE_UNREADABLE;
        count.incrementAndGet();
        long until = quietUntil.get();
        long now = nanoTime.getAsLong();
        if (now - until >= 0 && quietUntil.compareAndSet(until, now + QUIET_NANOS)) {
            LOG.log(
                    Level.WARNING,
                    "storage {0}: {1}, {2} errors so far",
                    failure.machineName(),
                    describe(cause),
                    count);
        }
        return failure.exception();
    }

    /** How many storage faults there have been. */
    long count() {
        return count.get();
    }

    /**
     * Java gives no error number, only the system's text. A process under a file size limit fails like one on a full disk.
     */
    static boolean isNoSpace(IOException cause) {
        String text = reason(cause);
        if (text == null) {
            return false;
        }
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.contains("no space left") || lower.contains("quota exceeded") || lower.contains("file too large");
    }

    /** Whether this process, or the machine, has no descriptor left to look with: that says nothing of the storage. */
    static boolean isShortage(Throwable cause) {
        Throwable inner =
                cause instanceof RootUnreadableException && cause.getCause() != null ? cause.getCause() : cause;
        String text = inner instanceof IOException known ? reason(known) : null;
        return text != null && text.toLowerCase(Locale.ROOT).contains("too many open files");
    }

    /**
     * The failure of a look at the disk. A look that could not be made for want of descriptors is one that did not take place:
     * nothing is dropped for it, as for one that is slow.
     */
    static Failure ofLook(Throwable cause) {
        return isShortage(cause) ? Failure.OVERLOADED : Failure.STORAGE_UNREADABLE;
    }

    /** Type and system text; the message of a {@link FileSystemException} starts with the path, so it is not used. */
    private static String describe(IOException cause) {
        Throwable innermost =
                cause instanceof RootUnreadableException && cause.getCause() != null ? cause.getCause() : cause;
        String type = innermost.getClass().getSimpleName();
        String text = innermost instanceof FileSystemException known ? known.getReason() : null;
        return (innermost == cause ? "" : "root: ") + (text == null ? type : type + " (" + text + ")");
    }

    private static String reason(IOException cause) {
        return cause instanceof FileSystemException known ? known.getReason() : cause.getMessage();
    }
}
