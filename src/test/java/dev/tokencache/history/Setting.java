package dev.tokencache.history;

import dev.tokencache.cache.CacheOptions;
import dev.tokencache.file.WatchOptions;
import java.time.Duration;

/**
 * How the cache under test is set up.
 *
 * @param hints whether the watcher uses the system's notifications
 * @param lateDisk whether the disk's answers come late and out of order at times
 * @param shortLives whether values expire, are revalidated and evicted all the time
 */
record Setting(String name, boolean hints, boolean lateDisk, boolean shortLives) {
    /** As the server is by default. */
    static final Setting DEFAULT = new Setting("default", true, false, false);

    static final Setting POLLING = new Setting("polling", false, false, false);
    static final Setting LATE_DISK = new Setting("late-disk", true, true, false);
    static final Setting SHORT_LIVES = new Setting("short-lives", true, true, true);

    /** The least pause between two scans. */
    static final Duration INTERVAL = WatchOptions.DEFAULT_INTERVAL;

    private static final Duration SHORT = Duration.ofMillis(250);

    /** Room for some of the values, not for all. */
    private static final long LITTLE_ROOM = 100_000;

    CacheOptions cache() {
        CacheOptions options = new CacheOptions();
        return shortLives ? options.setTokenTtl(SHORT).setListTtl(SHORT).setMaxBytes(LITTLE_ROOM) : options;
    }

    WatchOptions watch() {
        return new WatchOptions().setInterval(INTERVAL).setHints(hints);
    }
}
