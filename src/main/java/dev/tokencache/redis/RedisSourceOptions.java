package dev.tokencache.redis;

import io.vertx.core.net.PemTrustOptions;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Where the tier is, and how long it is waited for. */
public final class RedisSourceOptions {
    public static final String DEFAULT_PREFIX = "token-cache";
    public static final Duration DEFAULT_TTL = Duration.ofMinutes(5);
    public static final Duration DEFAULT_TIMEOUT = Duration.ofMillis(100);
    public static final int DEFAULT_MAX_WAITING = 1_024;
    public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(1);
    public static final Duration DEFAULT_HOLD = Duration.ofMinutes(5);

    private String url;
    private String username;
    private String password;
    private PemTrustOptions trust;
    private SealKey key;
    private String prefix = DEFAULT_PREFIX;
    private Duration ttl = DEFAULT_TTL;
    private Duration timeout = DEFAULT_TIMEOUT;
    private int maxWaiting = DEFAULT_MAX_WAITING;
    private Duration interval = DEFAULT_INTERVAL;
    private Duration hold = DEFAULT_HOLD;
    private Function<byte[], String> etags;
    private LongSupplier nanoTime = System::nanoTime;
    private LongSupplier currentMillis = System::currentTimeMillis;

    public RedisSourceOptions() {}

    /** A copy that shares nothing that can change with the original. */
    public RedisSourceOptions(RedisSourceOptions other) {
        url = other.url;
        username = other.username;
        password = other.password;
        trust = other.trust == null ? null : other.trust.copy();
        key = other.key;
        prefix = other.prefix;
        ttl = other.ttl;
        timeout = other.timeout;
        maxWaiting = other.maxWaiting;
        interval = other.interval;
        hold = other.hold;
        etags = other.etags;
        nanoTime = other.nanoTime;
        currentMillis = other.currentMillis;
    }

    String getUrl() {
        return url;
    }

    /** {@code redis://host:port/database} or {@code rediss://…} for TLS, without credentials. */
    public RedisSourceOptions setUrl(String url) {
        this.url = url;
        return this;
    }

    String getUsername() {
        return username;
    }

    /** The user to log in as, or null (the default) for the server's default one. */
    public RedisSourceOptions setUsername(String username) {
        this.username = username;
        return this;
    }

    String getPassword() {
        return password;
    }

    /** The password to log in with, or null (the default) for none. */
    public RedisSourceOptions setPassword(String password) {
        this.password = password;
        return this;
    }

    PemTrustOptions getTrust() {
        return trust;
    }

    /** By what the server's certificate is verified; null (the default) for what the platform trusts. */
    public RedisSourceOptions setTrust(PemTrustOptions trust) {
        this.trust = trust == null ? null : trust.copy();
        return this;
    }

    SealKey getKey() {
        return key;
    }

    /** What values are sealed under; the same on all nodes of the tier. */
    public RedisSourceOptions setKey(SealKey key) {
        this.key = key;
        return this;
    }

    String getPrefix() {
        return prefix;
    }

    /** What all names in Redis begin with; a root has one of its own. */
    public RedisSourceOptions setPrefix(String prefix) {
        this.prefix = prefix;
        return this;
    }

    Duration getTtl() {
        return ttl;
    }

    /** How long a value may be used after it was read from the disk or last seen unchanged there; the same on all nodes. */
    public RedisSourceOptions setTtl(Duration ttl) {
        this.ttl = ttl;
        return this;
    }

    Duration getTimeout() {
        return timeout;
    }

    /** How long a command is waited for. */
    public RedisSourceOptions setTimeout(Duration timeout) {
        this.timeout = timeout;
        return this;
    }

    int getMaxWaiting() {
        return maxWaiting;
    }

    /** How many commands may wait for an answer at once; beyond it the tier is passed over. */
    public RedisSourceOptions setMaxWaiting(int maxWaiting) {
        this.maxWaiting = maxWaiting;
        return this;
    }

    Duration getInterval() {
        return interval;
    }

    /** How often a node without files compares what it holds with the tier. */
    public RedisSourceOptions setInterval(Duration interval) {
        this.interval = interval;
        return this;
    }

    Duration getHold() {
        return hold;
    }

    /** How long the cache of a node without files keeps a token at most: its TTL. */
    public RedisSourceOptions setHold(Duration hold) {
        this.hold = hold;
        return this;
    }

    Function<byte[], String> getEtags() {
        return etags;
    }

    /**
     * Makes the entity tag of a file's bytes. A value whose tag differs is not used: it is from a node with another etag key.
     * Null (the default) takes the tags as they come, for nodes that have no key.
     */
    public RedisSourceOptions setEtags(Function<byte[], String> etags) {
        this.etags = etags;
        return this;
    }

    LongSupplier getNanoTime() {
        return nanoTime;
    }

    /** The monotonic clock, in nanoseconds: that of the cache and of the source behind. */
    public RedisSourceOptions setNanoTime(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        return this;
    }

    LongSupplier getCurrentMillis() {
        return currentMillis;
    }

    /** The wall clock, in milliseconds since the epoch. */
    public RedisSourceOptions setCurrentMillis(LongSupplier currentMillis) {
        this.currentMillis = currentMillis;
        return this;
    }
}
