package dev.tokencache.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.tokencache.CacheStatus;
import dev.tokencache.TokenFile;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The values in memory: bounded by weight, each with a deadline of its own. Caffeine says what stays; its concurrency isn't
 * needed, so everything runs at once on the calling event loop and the counters are exact.
 *
 * <p>Deadlines are kept here: with an expiry of its own Caffeine notes each read, to move the entry in its lists, though the
 * cache be nearly empty. Those writes to old objects cost a read more than a tenth of its time, and the collector most of its pauses.
 * Without one it begins to note reads when half of the bytes are taken.
 */
final class TokenStore {
    /** What an entry weighs beside its bytes. */
    static final int ENTRY_OVERHEAD = 400;

    /** How many values are dropped without a pause for others on the event loop. */
    static final int MOST_AT_ONCE = 1_000;

    private long maxBytes;
    private final LongSupplier nanoTime;
    private Cache<String, Entry> cache;
    private ExpiryWheel wheel;
    private int size;
    private long bytes;
    private long lookedNanos;
    private long evictions;
    private long expirations;

    TokenStore(long maxBytes, LongSupplier nanoTime) {
        this.maxBytes = maxBytes;
        this.nanoTime = nanoTime;
        begin();
    }

    private void begin() {
        wheel = new ExpiryWheel(nanoTime.getAsLong());
        cache = Caffeine.newBuilder()
                .executor(Runnable::run)
                .maximumWeight(maxBytes)
                .weigher((String key, Entry entry) -> entry.weight())
                .removalListener((String key, Entry entry, RemovalCause cause) -> removed(entry, cause))
                .build();
    }

    /** When an entry was last looked up, on the monotonic clock: a look at the clock costs as much as the one at the map. */
    long lookedNanos() {
        return lookedNanos;
    }

    private void removed(Entry entry, RemovalCause cause) {
        wheel.remove(entry);
        size--;
        bytes -= entry.weight();
        entry.record.project.cachedTokens--;
        if (cause == RemovalCause.SIZE) {
            evictions++;
        }
    }

    /** The entry of a key that still lives, or null. Counts as a use of it. */
    Entry get(String key) {
        Entry entry = cache.getIfPresent(key);
        lookedNanos = nanoTime.getAsLong();
        if (entry != null && entry.isOver(lookedNanos)) {
            expire(key, entry);
            return null;
        }
        return entry;
    }

    private void expire(String key, Entry entry) {
        if (cache.asMap().remove(key, entry)) {
            expirations++;
        }
    }

    /** The entry of a key that still lives, or null, without counting as a use. */
    Entry peek(String key) {
        Entry entry = cache.policy().getIfPresentQuietly(key);
        return entry == null || entry.isOver(nanoTime.getAsLong()) ? null : entry;
    }

    /**
     * Stores a value instead of the one before.
     *
     * @param deadlineNanos until when it lives, on the monotonic clock; it isn't stored if that has passed
     */
    void put(String key, TokenFile file, FileRecord record, long deadlineNanos) {
        Entry entry = new Entry(file.withStatus(CacheStatus.HIT), record, deadlineNanos);
        if (entry.isOver(nanoTime.getAsLong())) {
            remove(key);
            return;
        }
        wheel.add(entry);
        size++;
        bytes += entry.weight();
        record.project.cachedTokens++;
        record.share(file);
        cache.put(file.key().equals(key) ? file.key() : key, entry);
    }

    /** Drops a value; whether there was one. */
    boolean remove(String key) {
        return cache.asMap().remove(key) != null;
    }

    /** Drops all values at once, however many: the cache is swapped, since clearing a million takes half a second. */
    int clear(Iterable<ProjectState> projects) {
        int dropped = size;
        if (dropped > 0) {
            begin();
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

    /** Drops values that nobody asks for any more; whether there may be more of them, since only so many go at once. */
    boolean dropOld() {
        List<Entry> old = wheel.overdue(nanoTime.getAsLong(), MOST_AT_ONCE);
        old.forEach(entry -> expire(entry.record.key, entry));
        return old.size() == MOST_AT_ONCE;
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

        /** Its neighbours in the {@link ExpiryWheel}, or null. */
        Entry previous;

        Entry next;

        Entry(TokenFile file, FileRecord record, long deadlineNanos) {
            this.file = file;
            this.record = record;
            this.deadlineNanos = deadlineNanos;
        }

        boolean isOver(long nowNanos) {
            return deadlineNanos - nowNanos <= 0;
        }

        int weight() {
            return file.size() + ENTRY_OVERHEAD;
        }
    }
}
