package dev.tokencache;

import java.time.Duration;

/** How a client of the cache behaves. */
public final class TokenCacheOptions {
    /** How long a read may go unanswered before the cache counts as unreachable. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);

    /** How long a write may go unanswered; it may have happened all the same. */
    public static final Duration DEFAULT_WRITE_TIMEOUT = Duration.ofSeconds(15);

    /** How long a preload or a page may take. */
    public static final Duration DEFAULT_BULK_TIMEOUT = Duration.ofMinutes(5);

    /** How many reads may go past an unreachable cache at once. */
    public static final int DEFAULT_MAX_BYPASSES = 64;

    private String baseAddress = Operation.DEFAULT_BASE_ADDRESS;
    private Duration timeout = DEFAULT_TIMEOUT;
    private Duration writeTimeout = DEFAULT_WRITE_TIMEOUT;
    private Duration bulkTimeout = DEFAULT_BULK_TIMEOUT;
    private int maxBypasses = DEFAULT_MAX_BYPASSES;
    private boolean localOnly = true;
    private boolean batching = true;

    public TokenCacheOptions() {}

    /** A copy that shares nothing with the original. */
    public TokenCacheOptions(TokenCacheOptions other) {
        baseAddress = other.baseAddress;
        timeout = other.timeout;
        writeTimeout = other.writeTimeout;
        bulkTimeout = other.bulkTimeout;
        maxBypasses = other.maxBypasses;
        localOnly = other.localOnly;
        batching = other.batching;
    }

    public String getBaseAddress() {
        return baseAddress;
    }

    /** The base address of the cache that is meant; not null. */
    public TokenCacheOptions setBaseAddress(String baseAddress) {
        this.baseAddress = baseAddress;
        return this;
    }

    public Duration getTimeout() {
        return timeout;
    }

    /**
     * How long a read waits for the cache before it counts as unreachable. Better longer than the cache's load time-out: a
     * client with a source of its own reads it then, and a slow disk gets the read twice.
     */
    public TokenCacheOptions setTimeout(Duration timeout) {
        this.timeout = timeout;
        return this;
    }

    public Duration getWriteTimeout() {
        return writeTimeout;
    }

    public TokenCacheOptions setWriteTimeout(Duration writeTimeout) {
        this.writeTimeout = writeTimeout;
        return this;
    }

    public Duration getBulkTimeout() {
        return bulkTimeout;
    }

    public TokenCacheOptions setBulkTimeout(Duration bulkTimeout) {
        this.bulkTimeout = bulkTimeout;
        return this;
    }

    public int getMaxBypasses() {
        return maxBypasses;
    }

    public TokenCacheOptions setMaxBypasses(int maxBypasses) {
        this.maxBypasses = maxBypasses;
        return this;
    }

    public boolean isLocalOnly() {
        return localOnly;
    }

    /** Whether only a cache in this JVM is meant (the default) or, on a clustered bus, one anywhere. */
    public TokenCacheOptions setLocalOnly(boolean localOnly) {
        this.localOnly = localOnly;
        return this;
    }

    public boolean isBatching() {
        return batching;
    }

    /** Whether the gets of one tick travel as one message (the default), or each in its own, which traces can follow. */
    public TokenCacheOptions setBatching(boolean batching) {
        this.batching = batching;
        return this;
    }
}
