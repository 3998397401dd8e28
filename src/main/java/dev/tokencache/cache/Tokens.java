package dev.tokencache.cache;

import dev.tokencache.CacheStatus;
import dev.tokencache.Fingerprint;
import dev.tokencache.InvalidTokenException;
import dev.tokencache.Telemetry;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import dev.tokencache.TokenSource;
import dev.tokencache.Tracing;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The values: looked up, loaded, revalidated, invalidated. The only place that stores a value is {@link #settle}, called by
 * {@link Loads} for a load that is still current.
 */
final class Tokens {
    /** For how long after it was first seen a fingerprint may stand for two versions (see {@link Fingerprint}). */
    static final long RACY_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final Context context;
    private final TokenSource source;
    private final FileIndex index;
    private final FileNews news;
    private final TokenStore store;
    private final AbsentNames absent;
    private final Loads<TokenFile> loads;
    private final LoadTimes loadTimes = new LoadTimes();
    private final Telemetry telemetry;
    private final Tracing tracing;
    private final LongSupplier nanoTime;
    private final LongSupplier currentMillis;
    private long ttlNanos;
    private long hits;
    private long misses;
    private long absentHits;
    private long loadCount;
    private long loadFailures;
    private long revalidations;

    final Invalidations invalidations = new Invalidations();
    final Sightings sightings;

    Tokens(Context context, CacheOptions options, TokenSource source, FileIndex index, FileNews news) {
        this.context = context;
        this.source = source;
        this.index = index;
        this.news = news;
        this.telemetry = options.getTelemetry();
        this.tracing = options.getTracing();
        this.nanoTime = options.nanoTime();
        this.sightings = new Sightings(index, nanoTime);
        this.currentMillis = options.currentMillis();
        this.ttlNanos = options.getTokenTtl().toNanos();
        this.store = new TokenStore(options.getMaxBytes(), nanoTime);
        this.absent = new AbsentNames(options.getAbsentTtl().toNanos(), nanoTime);
        this.loads = new Loads<>(
                context,
                nanoTime,
                options.getMaxLoads(),
                options.getLoadTimeout().toNanos(),
                Version::of);
    }

    /** Takes over the times and the bound of bytes. What was read under a longer TTL is dropped, since its time is set. */
    void update(CacheOptions options) {
        long nanos = options.getTokenTtl().toNanos();
        if (nanos < ttlNanos) {
            store.clear(index.projects().values());
        }
        ttlNanos = nanos;
        absent.ttl(options.getAbsentTtl().toNanos());
        if (options.getMaxBytes() != store.maxBytes()) {
            store.limit(options.getMaxBytes());
        }
    }

    /** How long a value lives after it was read, in nanoseconds. */
    long ttlNanos() {
        return ttlNanos;
    }

    /** The bound of all values in memory, in bytes. */
    long maxBytes() {
        return store.maxBytes();
    }

    /** The value in memory, or null. One map lookup; the key need not be valid, an invalid one is never in memory. */
    TokenFile lookup(String key) {
        TokenStore.Entry entry = store.get(key);
        if (entry == null) {
            return null;
        }
        hits++;
        entry.record.reads++;
        if (!entry.revalidating && entry.deadlineNanos - store.lookedNanos() < ttlNanos / 10) {
            revalidate(key, entry);
        }
        return entry.file;
    }

    /** The value from memory or, when it isn't there, from the source; null when there is no such token. */
    Future<TokenFile> get(String key) {
        TokenFile file = lookup(key);
        if (file != null) {
            tracing.lookedUp(CacheStatus.HIT);
            return Future.succeededFuture(file);
        }
        if (absent.contains(key)) {
            absentHits++;
            tracing.lookedUp(CacheStatus.HIT);
            return Future.succeededFuture();
        }
        return miss(TokenKey.parse(key));
    }

    /** Loads a value that a reader did not find in memory. */
    private Future<TokenFile> miss(TokenKey key) {
        misses++;
        tracing.lookedUp(CacheStatus.MISS);
        return tracing.step(Tracing.CACHE_LOAD, () -> load(key)).onSuccess(file -> {
            FileRecord record = file == null ? null : index.record(key.project(), key.filename());
            if (record != null) {
                record.reads++;
            }
        });
    }

    /** Loads a value that isn't in memory. */
    Future<TokenFile> load(TokenKey key) {
        return load(key, () -> source.read(key, sightings.of(key)));
    }

    /** Loads values of one project that are not in memory, with as few calls of the source as it can do with. */
    List<Future<TokenFile>> loadAll(List<TokenKey> keys) {
        JointLoad joint = new JointLoad(source, sightings::of);
        List<Future<TokenFile>> loaded =
                keys.stream().map(key -> load(key, () -> joint.read(key))).toList();
        joint.start();
        return loaded;
    }

    private Future<TokenFile> load(TokenKey key, Supplier<Future<TokenFile>> read) {
        long start = nanoTime.getAsLong();
        return loads.load(
                key.toString(), read, result -> settle(key, start, result), version -> dropUnless(key, version));
    }

    /** Drops what is in memory of a file, or of its absence, unless it says the same. */
    private void dropUnless(TokenKey key, Object version) {
        if (version != Version.ABSENT) {
            absent.remove(key.toString());
        }
        TokenStore.Entry entry = store.peek(key.toString());
        if (entry != null && !Version.of(entry.file).equals(version)) {
            invalidations.countOvertaken();
            store.remove(key.toString());
        }
        FileRecord record = index.record(key.project(), key.filename());
        if (record == null ? version != Version.ABSENT : !Version.of(record).equals(version)) {
            index.contents.invalidated(record);
            doubt(key.toString());
            news.doubt(key.project(), key.filename());
        }
    }

    private void settle(TokenKey key, long startNanos, AsyncResult<TokenFile> result) {
        loadCount++;
        long took = nanoTime.getAsLong() - startNanos;
        loadTimes.record(took);
        telemetry.loaded(took);
        if (result.failed()) {
            loadFailures++;
            absent.remove(key.toString()); // a page looks at names that a get takes for absent
            if (result.cause() instanceof InvalidTokenException invalid) {
                store.remove(key.toString());
                news.invalid(key, invalid, startNanos);
            }
        } else if (result.result() == null) {
            store.remove(key.toString());
            news.absent(key.project(), key.filename());
            sightings.doubt(key.toString()); // a late word of the watcher may still be on the way
            absent.add(key.toString(), startNanos);
        } else {
            TokenFile file = result.result();
            FileRecord record = news.loaded(key, file.fingerprint(), file.etag());
            if (record != null) {
                index.contents.loaded(record, file);
                absent.remove(key.toString());
                store.put(key.toString(), file, record, deadline(file));
            }
        }
    }

    /** TTL from the time of reading; a token's own expiry, when still to come, may end it earlier. */
    private long deadline(TokenFile file) {
        long byTtl = file.readNanos() + ttlNanos;
        long ownLife = ownLifeNanos(file);
        return ownLife == Long.MAX_VALUE ? byTtl : Math.min(byTtl, nanoTime.getAsLong() + ownLife);
    }

    private long ownLifeNanos(TokenFile file) {
        long expiresAt = file.expiresAtMillis();
        long now = currentMillis.getAsLong();
        if (expiresAt == TokenFile.NO_EXPIRY || expiresAt <= now || expiresAt - now > ttlNanos / 1_000_000) {
            return Long.MAX_VALUE;
        }
        return TimeUnit.MILLISECONDS.toNanos(expiresAt - now);
    }

    /**
     * Looks whether an entry in demand is still what the disk holds, shortly before its TTL ends, so that a hot token never
     * pays a miss. By fingerprint first; the file is read when that differs or could stand for two versions.
     */
    private void revalidate(String name, TokenStore.Entry entry) {
        entry.revalidating = true;
        boolean endsByTtl = entry.deadlineNanos == entry.file.readNanos() + ttlNanos;
        if (loads.isLoading(name) || !endsByTtl) {
            return; // its own expiry, no look puts that off
        }
        revalidations++;
        TokenKey key = TokenKey.parse(name);
        long start = nanoTime.getAsLong();
        loads.load(
                name,
                () -> source.fingerprint(key)
                        .compose(now -> isUnchanged(name, entry, now)
                                ? Future.succeededFuture(entry.file.revalidatedAt(start))
                                : source.read(key)),
                result -> settle(key, start, result),
                version -> dropUnless(key, version));
    }

    private boolean isUnchanged(String name, TokenStore.Entry entry, Fingerprint now) {
        return entry.file.fingerprint().equals(now)
                && entry.file.fingerprint().equals(entry.record.fingerprint)
                && entry.file.readNanos() - entry.record.firstSeenNanos >= RACY_NANOS
                && store.peek(name) == entry;
    }

    /** Drops a value and its load in flight; whether there was a value. */
    boolean invalidate(String key) {
        forget(key);
        doubt(key);
        index.contents.invalidated(index.record(key));
        invalidations.count(1);
        return store.remove(key);
    }

    /** Drops the value unless it is exactly this version, and the load in flight in any case. */
    void invalidateUnless(String key, Fingerprint fingerprint, String etag) {
        forget(key);
        TokenStore.Entry entry = store.peek(key);
        boolean same = entry != null
                && entry.file.fingerprint().equals(fingerprint)
                && (etag == null || etag.equals(entry.file.etag()));
        if (isNews(index.record(key), fingerprint, etag)) {
            doubt(key);
        }
        if (entry != null && !same) {
            invalidations.count(1);
            store.remove(key);
        }
    }

    /** What the source may have at hand of it is no longer to be used, nor what the watcher last said. */
    private void doubt(String key) {
        sightings.doubt(key);
        source.invalidated(key);
    }

    /**
     * Whether a watcher tells of another version than it did before. What loads have learned meanwhile does not count: the
     * source may have the version before at hand still. What the first look finds is news of none.
     */
    private boolean isNews(FileRecord record, Fingerprint fingerprint, String etag) {
        if (record == null) {
            return index.isBaselined();
        }
        if (record.observed == null) {
            return index.isBaselined() || !fingerprint.equals(record.fingerprint);
        }
        return !fingerprint.equals(record.observed)
                || (etag != null && record.etag != null && !etag.equals(record.etag));
    }

    private void forget(String key) {
        loads.forget(key);
        absent.remove(key);
    }

    /** Drops all values of a project and their loads in flight; how many values there were. */
    int invalidateProject(String project) {
        loads.forgetProject(project + '/');
        absent.removeProject(project + '/');
        doubt(project + '/');
        ProjectState state = index.project(project);
        if (state == null) {
            return 0;
        }
        index.contents.invalidatedProject(state);
        if (state.cachedTokens == 0) {
            return 0;
        }
        int dropped = 0;
        for (FileRecord file : state.files) {
            dropped += store.remove(file.key) ? 1 : 0;
        }
        invalidations.count(dropped);
        return dropped;
    }

    /** Drops everything; how many values there were. */
    int clear() {
        loads.forgetAll();
        absent.clear();
        sightings.doubtAll();
        source.invalidated("*");
        index.contents.invalidatedAll();
        int dropped = store.clear(index.unsorted());
        invalidations.count(dropped);
        return dropped;
    }

    /** The value if it is in memory, without counting anything. */
    TokenFile peek(String key) {
        TokenStore.Entry entry = store.peek(key);
        return entry == null ? null : entry.file;
    }

    /** Fails the readers of loads that take too long; from a timer. */
    void timeOut() {
        loads.timeOut();
    }

    /** From a timer. Drops what is too old, a part at a turn of the event loop. */
    void upkeep() {
        if (store.dropOld()) {
            context.runOnContext(none -> upkeep());
        } else {
            absent.dropOld();
        }
    }

    TokenCounters counters() {
        return new TokenCounters(
                hits,
                misses,
                absentHits,
                absent.size(),
                loadCount,
                loadFailures,
                loads.inFlight(),
                revalidations,
                invalidations.total(),
                loadTimes.quantileMillis(0.5),
                loadTimes.quantileMillis(0.99),
                store.size(),
                store.bytes(),
                store.evictions(),
                store.expirations());
    }
}
