package dev.tokencache.file;

import java.util.concurrent.TimeUnit;

/**
 * The clocks a scan goes by.
 *
 * @param nanos monotonic time
 * @param wallMillis a wall time that no step of the clock can move past the truth: the smaller of the present wall clock
 *     and the one at the watcher's start plus the monotonic time since, in milliseconds since the epoch
 */
record ScanTime(long nanos, long wallMillis) {

    /** Wall time some milliseconds ago, in nanoseconds since the epoch, as fingerprints count. */
    long wallNanosBefore(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(wallMillis - millis);
    }
}
