package dev.tokencache.redis;

import dev.tokencache.Fingerprint;
import dev.tokencache.Precondition;
import dev.tokencache.Sighting;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import dev.tokencache.TokenNames;
import dev.tokencache.TokenSource;
import dev.tokencache.UncertainWriteException;
import dev.tokencache.WriteResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Objects;

/**
 * Tokens of another source, with a tier in Redis before it. The source stays the truth: this one answers from the tier only
 * where the cache has a watcher's word for the version ({@link Sighting}), and only with exactly that version; it is as
 * fresh as that word, whatever the clocks of other machines say and whatever somebody has put back into Redis. Everything else
 * is read from the source: a look at the file instead would cost as much as reading it where files are slow, which is where a
 * tier is of use.
 *
 * <p>What is loaded is put into the tier under the generation that was read before the load began, so that a load which an
 * invalidation has overtaken, on any node, stores nothing. Writes and what the cache invalidates take the value out; what could not
 * be taken out for want of an answer is no danger to nodes with files, and to those without it is told by silence
 * ({@link Heartbeat}).
 *
 * <p>No failure of Redis becomes a failure of a call, and none costs more than the time-out; a write waits for no longer than
 * that either. For any thread; futures complete on the caller's context.
 */
public final class RedisTokenSource implements TokenSource {
    private final LinkLoop loop;
    private final RedisSourceOptions options;
    private final TokenSource files;
    private final TierCounters counters = new TierCounters();
    private final RedisLink link;
    private final Tier tier;
    private final Drops drops;
    private final Heartbeat heartbeat;
    private final Stores stores;

    /**
     * A source that begins to connect; it waits for nothing. On an event loop it lives on that one.
     *
     * @param options copied; URL and key are set
     * @param files the truth; its owner closes it, after this one
     */
    public RedisTokenSource(Vertx vertx, RedisSourceOptions options, TokenSource files) {
        this.options = new RedisSourceOptions(options);
        this.files = Objects.requireNonNull(files);
        Objects.requireNonNull(this.options.getUrl(), "url");
        Objects.requireNonNull(this.options.getKey(), "key");
        loop = new LinkLoop(vertx);
        link = new RedisLink(vertx, this.options, counters);
        tier = new Tier(link, this.options, counters);
        drops = new Drops(tier);
        heartbeat = new Heartbeat(tier, drops, this.options.getNanoTime());
        stores = new Stores(vertx, tier, files, this.options);
        loop.later(link::connect);
    }

    @Override
    public Future<TokenFile> read(TokenKey key) {
        return read(key, null);
    }

    @Override
    public Future<TokenFile> read(TokenKey key, Sighting sighting) {
        return loop.run(() -> {
            drops.used(key.project());
            if (!link.isUsable()) {
                counters.skipped.increment();
                return files.read(key);
            }
            return tier.begin(key, sighting != null)
                    .transform(found -> found.succeeded() ? read(key, sighting, found.result()) : files.read(key));
        });
    }

    private Future<TokenFile> read(TokenKey key, Sighting sighting, Tier.Found found) {
        if (found.value() != null) {
            if (isSame(found.value().file(), sighting)) {
                counters.hits.increment();
                TokenFile file = found.value().file().revalidatedAt(sighting.seenNanos());
                if (found.leftMillis() < options.getTtl().toMillis() / 2
                        || !found.value().lineage().equals(found.lineage())) {
                    stores.store(found, file); // in demand, and seen unchanged
                }
                return Future.succeededFuture(file);
            }
            counters.stale.increment();
            drops.drop(key.toString()); // for nodes that can't tell
        }
        return files.read(key).onSuccess(file -> {
            if (file != null) {
                stores.loaded(key, found, file, sighting);
            }
        });
    }

    private boolean isSame(TokenFile file, Sighting sighting) {
        return file.fingerprint().equals(sighting.fingerprint())
                && (sighting.etag() == null || sighting.etag().equals(file.etag()))
                && (options.getEtags() == null
                        || file.etag().equals(options.getEtags().apply(file.bytes())));
    }

    @Override
    public Future<WriteResult> write(TokenKey key, Buffer bytes, Precondition precondition) {
        return loop.run(() -> dropAfter(key, files.write(key, bytes, precondition)));
    }

    @Override
    public Future<Boolean> delete(TokenKey key, Precondition precondition) {
        return loop.run(() -> dropAfter(key, files.delete(key, precondition)));
    }

    /** The writer hears of success when no node finds the old value any more, if Redis answers. */
    private <T> Future<T> dropAfter(TokenKey key, Future<T> write) {
        return write.transform(done -> {
            if (done.succeeded() || done.cause() instanceof UncertainWriteException) {
                return drops.drop(key.toString()).transform(dropped -> write);
            }
            return write;
        });
    }

    @Override
    public void invalidated(String what) {
        loop.run(() -> drops.drop(what));
    }

    @Override
    public void looked(long startedNanos, long intervalMillis) {
        loop.run(() -> {
            heartbeat.looked(startedNanos, intervalMillis);
            return Future.succeededFuture();
        });
    }

    @Override
    public Future<Fingerprint> fingerprint(TokenKey key) {
        return files.fingerprint(key);
    }

    @Override
    public Future<TokenNames> list(String project) {
        return files.list(project);
    }

    @Override
    public Future<List<String>> candidates(String project) {
        return files.candidates(project);
    }

    @Override
    public Future<List<String>> projects() {
        return files.projects();
    }

    /** What has happened so far. */
    public TierCounters counters() {
        return counters;
    }

    /** Whether commands are sent now. */
    public boolean isUsable() {
        return link.isUsable();
    }

    /** Whether the breaker keeps commands back now. */
    public boolean isBroken() {
        return link.isBroken();
    }

    /** Ends the connection; the source behind is its owner's to close. */
    @Override
    public Future<Void> close() {
        return loop.run(() -> {
            stores.close();
            return link.close();
        });
    }
}
