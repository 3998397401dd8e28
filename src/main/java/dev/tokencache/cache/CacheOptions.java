package dev.tokencache.cache;

import dev.tokencache.Operation;
import dev.tokencache.Telemetry;
import dev.tokencache.Tracing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/** What a cache keeps, for how long, and how much it does at once. */
public final class CacheOptions {
    public static final Duration DEFAULT_TOKEN_TTL = Duration.ofMinutes(5);
    public static final Duration DEFAULT_LIST_TTL = Duration.ofSeconds(30);
    public static final Duration DEFAULT_ABSENT_TTL = Duration.ofSeconds(1);
    public static final int DEFAULT_MAX_LOADS = 256;
    public static final int DEFAULT_HISTORY = 10_000;
    public static final int MAX_HISTORY = 1_000_000;
    public static final Duration DEFAULT_LOAD_TIMEOUT = Duration.ofSeconds(5);

    private static final long MAX_DEFAULT_BYTES = 256L << 20;

    private String baseAddress = Operation.DEFAULT_BASE_ADDRESS;
    private Duration tokenTtl = DEFAULT_TOKEN_TTL;
    private Duration listTtl = DEFAULT_LIST_TTL;
    private Duration absentTtl = DEFAULT_ABSENT_TTL;
    private long maxBytes = defaultMaxBytes();
    private int maxLoads = DEFAULT_MAX_LOADS;
    private Duration loadTimeout = DEFAULT_LOAD_TIMEOUT;
    private int history = DEFAULT_HISTORY;
    private List<String> preload = List.of();
    private Path warmFile;
    private Telemetry telemetry = Telemetry.NONE;
    private Tracing tracing = Tracing.NONE;
    private LongSupplier nanoTime = System::nanoTime;
    private LongSupplier currentMillis = System::currentTimeMillis;

    public CacheOptions() {}

    /** A copy that shares nothing that can change with the original. */
    public CacheOptions(CacheOptions other) {
        baseAddress = other.baseAddress;
        tokenTtl = other.tokenTtl;
        listTtl = other.listTtl;
        absentTtl = other.absentTtl;
        maxBytes = other.maxBytes;
        maxLoads = other.maxLoads;
        loadTimeout = other.loadTimeout;
        history = other.history;
        preload = other.preload;
        warmFile = other.warmFile;
        telemetry = other.telemetry;
        tracing = other.tracing;
        nanoTime = other.nanoTime;
        currentMillis = other.currentMillis;
    }

    /** The smaller of 256 MiB and 40 % of the largest heap, in bytes. */
    public static long defaultMaxBytes() {
        return Math.min(MAX_DEFAULT_BYTES, Runtime.getRuntime().maxMemory() / 10 * 4);
    }

    public String getBaseAddress() {
        return baseAddress;
    }

    /** The base address of the bus contract; one cache in a JVM for each. */
    public CacheOptions setBaseAddress(String baseAddress) {
        this.baseAddress = baseAddress;
        return this;
    }

    public Duration getTokenTtl() {
        return tokenTtl;
    }

    /** How long a value lives after it was read from the disk. */
    public CacheOptions setTokenTtl(Duration tokenTtl) {
        this.tokenTtl = tokenTtl;
        return this;
    }

    public Duration getListTtl() {
        return listTtl;
    }

    /** How long a list lives after it was read from the disk. */
    public CacheOptions setListTtl(Duration listTtl) {
        this.listTtl = listTtl;
        return this;
    }

    public Duration getAbsentTtl() {
        return absentTtl;
    }

    /**
     * How long a name that was not found is taken for absent without looking again, unless something is heard of it: at most
     * 10,000 names. Not longer than the watch interval; zero looks each time.
     */
    public CacheOptions setAbsentTtl(Duration absentTtl) {
        this.absentTtl = absentTtl;
        return this;
    }

    public long getMaxBytes() {
        return maxBytes;
    }

    /** The weight of all values together, in bytes; each weighs its length and a constant for its objects. */
    public CacheOptions setMaxBytes(long maxBytes) {
        this.maxBytes = maxBytes;
        return this;
    }

    public int getMaxLoads() {
        return maxLoads;
    }

    /** How many loads run at once; beyond it reads fail with {@code overloaded} instead of waiting. */
    public CacheOptions setMaxLoads(int maxLoads) {
        this.maxLoads = maxLoads;
        return this;
    }

    public Duration getLoadTimeout() {
        return loadTimeout;
    }

    /** How long a reader waits for a load. */
    public CacheOptions setLoadTimeout(Duration loadTimeout) {
        this.loadTimeout = loadTimeout;
        return this;
    }

    public int getHistory() {
        return history;
    }

    /**
     * How many changes are kept for those who missed some, 0 to {@link #MAX_HISTORY}. Who missed more has to read everything
     * anew.
     */
    public CacheOptions setHistory(int history) {
        if (history < 0 || history > MAX_HISTORY) {
            throw new IllegalArgumentException("a history of " + history + " changes");
        }
        this.history = history;
        return this;
    }

    public List<String> getPreload() {
        return preload;
    }

    /** The projects to load at the start; {@code *} stands for all. */
    public CacheOptions setPreload(List<String> preload) {
        this.preload = List.copyOf(preload);
        return this;
    }

    public Path getWarmFile() {
        return warmFile;
    }

    /** Where the most-read names are kept between starts, or null (the default) for nowhere. */
    public CacheOptions setWarmFile(Path warmFile) {
        this.warmFile = warmFile;
        return this;
    }

    public Telemetry getTelemetry() {
        return telemetry;
    }

    /** Hears how long loads take; what else there is to know is in the statistics. */
    public CacheOptions setTelemetry(Telemetry telemetry) {
        this.telemetry = telemetry;
        return this;
    }

    public Tracing getTracing() {
        return tracing;
    }

    /** Follows loads; the source it is given is followed by itself. */
    public CacheOptions setTracing(Tracing tracing) {
        this.tracing = tracing;
        return this;
    }

    LongSupplier nanoTime() {
        return nanoTime;
    }

    /** The monotonic clock, in nanoseconds; it must be the one the source stamps its reads with. */
    public CacheOptions setNanoTime(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        return this;
    }

    LongSupplier currentMillis() {
        return currentMillis;
    }

    /** The wall clock, in milliseconds since the epoch: it judges a token's own expiry and names sessions, nothing else. */
    public CacheOptions setCurrentMillis(LongSupplier currentMillis) {
        this.currentMillis = currentMillis;
        return this;
    }
}
