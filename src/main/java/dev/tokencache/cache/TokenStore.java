package dev.tokencache.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.tokencache.CacheStatus;
import dev.tokencache.TokenFile;
import java.util.function.LongSupplier;

/**
 * The values in memory: bounded by weight, each with a deadline of its own. Caffeine gives admission and expiry; its
 * concurrency isn't needed, so everything runs at once on the calling event loop and the counters are exact.
 */
final class TokenStore {
    /** What an entry weighs beside its bytes. */
    static final int ENTRY_OVERHEAD = 400;

    private long maxBytes;
    private final LongSupplier nanoTime;
    private Cache<String, Entry> cache;
    private int size;
    private long bytes;
    private long lookedNanos;
    private long evictions;
    private long expirations;

    TokenStore(long maxBytes, LongSupplier nanoTime) {
        this.maxBytes = maxBytes;
        this.nanoTime = nanoTime;
        cache = newCache();
    }

    private Cache<String, Entry> newCache() {
        return Caffeine.newBuilder()
                .executor(Runnable::run)
                .ticker(this::look)
                .maximumWeight(maxBytes)
                .weigher((String key, Entry entry) -> entry.weight())
                .expireAfter(new UntilDeadline())
                .removalListener((String key, Entry entry, RemovalCause cause) -> removed(entry, cause))
                .build();
    }

    private long look() {
        lookedNanos = nanoTime.getAsLong();
        return lookedNanos;
    }

    /** When an entry was last looked up, on the monotonic clock: a look at the clock costs as much as the one at the map. */
    long lookedNanos() {
        return lookedNanos;
    }

    private void removed(Entry entry, RemovalCause cause) {
        size--;
        bytes -= entry.weight();
        entry.record.project.cachedTokens--;
        if (cause == RemovalCause.SIZE) {
            evictions++;
        } else if (cause == RemovalCause.EXPIRED) {
            expirations++;
        }
    }

    /** The entry of a key that still lives, or null. Counts as a use of it. */
    Entry get(String key) {
        return cache.getIfPresent(key);
    }

    /** The entry of a key that still lives, or null, without counting as a use. */
    Entry peek(String key) {
        return cache.policy().getIfPresentQuietly(key);
    }

    /**
     * Stores a value.
     *
     * @param deadlineNanos until when it lives, on the monotonic clock
     */
    Entry put(String key, TokenFile file, FileRecord record, long deadlineNanos) {
        Entry entry = new Entry(file.withStatus(CacheStatus.HIT), record, deadlineNanos);
        size++;
        bytes += entry.weight();
        record.project.cachedTokens++;
        record.share(file);
        cache.put(file.key().equals(key) ? file.key() : key, entry);
        return entry;
    }

    /** Drops a value; whether there was one. */
    boolean remove(String key) {
        return cache.asMap().remove(key) != null;
    }

    /** Drops all values at once, however many: the cache is swapped, since clearing a million takes half a second. */
    int clear(Iterable<ProjectState> projects) {
        int dropped = size;
        if (dropped > 0) {
            cache = newCache();
            size = 0;
            bytes = 0;
            projects.forEach(project -> project.cachedTokens = 0);
        }
        return dropped;
    }

    long maxBytes() {
        return maxBytes;
    }

    /** From now on it holds no more than that, in bytes; what is too much leaves at once. */
    void limit(long bytes) {
        maxBytes = bytes;
        cache.policy().eviction().orElseThrow().setMaximum(bytes);
    }

    /** Does the upkeep that lookups of absent keys never trigger. */
    void cleanUp() {
        cache.cleanUp();
    }

    int size() {
        return size;
    }

    long bytes() {
        return bytes;
    }

    long evictions() {
        return evictions;
    }

    long expirations() {
        return expirations;
    }

    /** A value in memory. */
    static final class Entry {
        final TokenFile file;
        final FileRecord record;
        final long deadlineNanos;

        /** Whether a revalidation of this entry was started. */
        boolean revalidating;

        Entry(TokenFile file, FileRecord record, long deadlineNanos) {
            this.file = file;
            this.record = record;
            this.deadlineNanos = deadlineNanos;
        }

        int weight() {
            return file.size() + ENTRY_OVERHEAD;
        }
    }

    private static final class UntilDeadline implements Expiry<String, Entry> {
        @Override
        public long expireAfterCreate(String key, Entry entry, long nowNanos) {
            return Math.max(0, entry.deadlineNanos - nowNanos);
        }

        @Override
        public long expireAfterUpdate(String key, Entry entry, long nowNanos, long left) {
            return Math.max(0, entry.deadlineNanos - nowNanos);
        }

        @Override
        public long expireAfterRead(String key, Entry entry, long nowNanos, long left) {
            return left;
        }
    }
}
