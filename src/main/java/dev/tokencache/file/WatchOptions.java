package dev.tokencache.file;

import dev.tokencache.TokenCacheOptions;
import java.time.Duration;

/** How a watcher behaves. */
public final class WatchOptions {
    /** The pause between two rounds, unless {@link #DEFAULT_MAX_LOAD} stretches it. */
    public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(1);

    /** The part of one core that scanning may take. */
    public static final double DEFAULT_MAX_LOAD = 0.01;

    /** Whether the operating system's notifications are used as hints. */
    public static final boolean DEFAULT_HINTS = true;

    /** The size up to which files are token files, in bytes. */
    public static final long DEFAULT_MAX_TOKEN_BYTES = 1024 * 1024;

    /** How long a round waits for one project before it goes on without it. */
    public static final Duration DEFAULT_SCAN_TIMEOUT = Duration.ofSeconds(10);

    private Duration interval = DEFAULT_INTERVAL;
    private double maxLoad = DEFAULT_MAX_LOAD;
    private boolean foreignHints;
    private boolean hints = DEFAULT_HINTS;
    private long maxTokenBytes = DEFAULT_MAX_TOKEN_BYTES;
    private Duration scanTimeout = DEFAULT_SCAN_TIMEOUT;
    private TokenCacheOptions cacheOptions = new TokenCacheOptions();

    public WatchOptions() {}

    /** A copy that shares nothing with the original. */
    public WatchOptions(WatchOptions other) {
        interval = other.interval;
        maxLoad = other.maxLoad;
        hints = other.hints;
        foreignHints = other.foreignHints;
        maxTokenBytes = other.maxTokenBytes;
        scanTimeout = other.scanTimeout;
        cacheOptions = new TokenCacheOptions(other.cacheOptions);
    }

    public Duration getInterval() {
        return interval;
    }

    /**
     * The least pause between two rounds.
     *
     * @throws IllegalArgumentException when it is shorter than a millisecond
     */
    public WatchOptions setInterval(Duration interval) {
        this.interval = atLeastOneMilli(interval);
        return this;
    }

    public double getMaxLoad() {
        return maxLoad;
    }

    /**
     * The part of one core that full scans may take; rounds are paced accordingly.
     *
     * @throws IllegalArgumentException unless it is above 0 and at most 1
     */
    public WatchOptions setMaxLoad(double maxLoad) {
        if (!(maxLoad > 0 && maxLoad <= 1)) {
            throw new IllegalArgumentException("the load is above 0 and at most 1");
        }
        this.maxLoad = maxLoad;
        return this;
    }

    public boolean isHints() {
        return hints;
    }

    /** Whether notifications of the operating system are used; without them edits show at the next round. */
    public WatchOptions setHints(boolean hints) {
        this.hints = hints;
        return this;
    }

    public long getMaxTokenBytes() {
        return maxTokenBytes;
    }

    /**
     * The size up to which files are token files; larger ones are never read.
     *
     * @throws IllegalArgumentException unless it is above 0 and an int
     */
    public WatchOptions setMaxTokenBytes(long maxTokenBytes) {
        if (maxTokenBytes <= 0 || maxTokenBytes > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("a token's size is above 0 and below 2 GiB");
        }
        this.maxTokenBytes = maxTokenBytes;
        return this;
    }

    public Duration getScanTimeout() {
        return scanTimeout;
    }

    /**
     * How long a round waits for one project. A scan that takes longer goes on, is reported as an error until it ends, and
     * counts then.
     *
     * @throws IllegalArgumentException when it is shorter than a millisecond
     */
    public WatchOptions setScanTimeout(Duration scanTimeout) {
        this.scanTimeout = atLeastOneMilli(scanTimeout);
        return this;
    }

    public TokenCacheOptions getCacheOptions() {
        return cacheOptions;
    }

    /** How to reach the cache that is told; not null, copied. */
    public WatchOptions setCacheOptions(TokenCacheOptions cacheOptions) {
        this.cacheOptions = new TokenCacheOptions(cacheOptions);
        return this;
    }

    private static Duration atLeastOneMilli(Duration duration) {
        if (duration.toMillis() < 1) {
            throw new IllegalArgumentException("a duration is at least a millisecond");
        }
        return duration;
    }

    public boolean isForeignHints() {
        return foreignHints;
    }

    /** Whether files are looked at that {@code .hint} names, as another node of a cluster has them changed; false by default. */
    public WatchOptions setForeignHints(boolean foreignHints) {
        this.foreignHints = foreignHints;
        return this;
    }
}
