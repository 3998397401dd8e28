package dev.tokencache.file;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The clocks of a watcher.
 *
 * @param nanos monotonic, nanoseconds
 * @param millis wall clock, milliseconds since the epoch
 * @param startNanos the monotonic time at which the watcher began
 * @param startMillis the wall time at which the watcher began
 */
record WatchClocks(LongSupplier nanos, LongSupplier millis, long startNanos, long startMillis) {

    static WatchClocks starting(LongSupplier nanos, LongSupplier millis) {
        return new WatchClocks(nanos, millis, nanos.getAsLong(), millis.getAsLong());
    }

    ScanTime now() {
        long monotonic = nanos.getAsLong();
        long sinceStart = startMillis + TimeUnit.NANOSECONDS.toMillis(monotonic - startNanos);
        return new ScanTime(monotonic, Math.min(millis.getAsLong(), sinceStart));
    }
}
