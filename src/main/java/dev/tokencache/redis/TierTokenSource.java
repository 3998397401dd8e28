package dev.tokencache.redis;

import dev.tokencache.Fingerprint;
import dev.tokencache.Precondition;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import dev.tokencache.TokenNames;
import dev.tokencache.TokenSource;
import dev.tokencache.WriteResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Tokens for a node without files: what the tier holds, and the rest from a cache node, which also does the writes. It uses the
 * tier only while a node with files vouches for it ({@link Trust}), and watches over what its cache has in memory ({@link
 * TierWatch}), so that neither a lost message nor a tier that nobody keeps costs more than the bound of staleness.
 *
 * <p>How old a value is goes by two clocks, of which the one that says more counts: the wall clocks of this machine and of the
 * one that read the file, and the time that the server has left for the value. For any thread; futures complete on the caller's context.
 */
public final class TierTokenSource implements TokenSource {
    private final LinkLoop loop;
    private final RedisSourceOptions options;
    private final RemoteTokenSource remote;
    private final TierCounters counters = new TierCounters();
    private final RedisLink link;
    private final PushLink pushes;
    private final Drops drops;
    private final Tier tier;
    private final TierWatch watch;
    private final Given given;

    /**
     * A source that begins to connect; it waits for nothing. On an event loop it lives on that one.
     *
     * @param options copied; URL and key are set
     * @param remote the cache node
     */
    public TierTokenSource(Vertx vertx, RedisSourceOptions options, RemoteTokenSource remote) {
        this.options = new RedisSourceOptions(options);
        this.remote = Objects.requireNonNull(remote);
        Objects.requireNonNull(this.options.getUrl(), "url");
        Objects.requireNonNull(this.options.getKey(), "key");
        loop = new LinkLoop(vertx);
        link = new RedisLink(vertx, this.options, counters);
        tier = new Tier(link, this.options, counters);
        drops = new Drops(tier);
        watch = new TierWatch(vertx, tier, drops, this.options);
        given = new Given(this.options.getNanoTime());
        pushes = new PushLink(vertx, this.options, tier.channel(), watch::heard);
        loop.later(link::connect);
    }

    /**
     * Begins to watch over what a cache holds of this source. Until then the tier is not used.
     *
     * @param cache a client of the cache that this is the source of, in the same process
     */
    public void watchOver(TokenCache cache) {
        loop.run(() -> {
            pushes.connect();
            watch.start(cache);
            return Future.succeededFuture();
        });
    }

    /**
     * Goes by other times from now on: how often what is held is compared, and how long the cache holds a token at most. All that is
     * held is dropped: what has left memory by the old time may be in it by the new one.
     */
    public void update(Duration interval, Duration hold) {
        loop.run(() -> {
            options.setInterval(interval).setHold(hold);
            watch.dropInNextRound();
            return Future.succeededFuture();
        });
    }

    @Override
    public Future<TokenFile> read(TokenKey key) {
        return loop.run(() -> {
            drops.used(key.project());
            if (!watch.isTrusting() || !link.isUsable() || drops.isOpen(key)) {
                counters.skipped.increment();
                return load(key, null);
            }
            return tier.begin(key, true)
                    .transform(found -> found.succeeded() ? read(key, found.result()) : load(key, null));
        });
    }

    private Future<TokenFile> read(TokenKey key, Tier.Found found) {
        if (watch.isReturned(found)) {
            counters.stale.increment();
            drops.drop(key.toString()); // put back by hand
            return load(key, null);
        }
        if (found.value() == null) {
            return load(key, found);
        }
        TokenFile file = usable(key, found);
        if (file == null) {
            counters.stale.increment();
            return load(key, found);
        }
        counters.hits.increment();
        watch.hold(key, found);
        given.note(key.toString(), file.etag());
        return Future.succeededFuture(file);
    }

    /** The value that was found, with the time of its reading, or null when it may not be used. */
    private TokenFile usable(TokenKey key, Tier.Found found) {
        long age = ageMillis(found.value(), found);
        if (!found.value().lineage().equals(found.lineage())
                || age >= options.getTtl().toMillis()
                || drops.isOpen(key)
                || !watch.isTrusting()) {
            return null;
        }
        long readNanos = options.getNanoTime().getAsLong() - TimeUnit.MILLISECONDS.toNanos(age);
        TokenFile file = found.value().file().revalidatedAt(readNanos);
        return given.allows(key.toString(), file) ? file : null;
    }

    /** Asks the cache node; the generation was read before. */
    private Future<TokenFile> load(TokenKey key, Tier.Found found) {
        watch.hold(key, found);
        return remote.read(key).onSuccess(file -> given.note(key.toString(), file == null ? null : file.etag()));
    }

    /** At least 0; beyond all bounds for a value that the server keeps for longer than it was given. */
    private long ageMillis(TierValue value, Tier.Found found) {
        long ttl = options.getTtl().toMillis();
        if (found.leftMillis() < 0 || found.leftMillis() > ttl) {
            return Long.MAX_VALUE;
        }
        long byWallClocks = options.getCurrentMillis().getAsLong() - value.readMillis();
        return Math.max(0, Math.max(byWallClocks, ttl - found.leftMillis()));
    }

    @Override
    public Future<WriteResult> write(TokenKey key, Buffer bytes, Precondition precondition) {
        return loop.run(() -> dropAfter(
                key,
                remote.write(key, bytes, precondition)
                        .onSuccess(written -> given.note(key.toString(), written.etag()))));
    }

    @Override
    public Future<Boolean> delete(TokenKey key, Precondition precondition) {
        return loop.run(() -> dropAfter(
                key, remote.delete(key, precondition).onSuccess(existed -> given.note(key.toString(), null))));
    }

    /**
     * The cache node has taken the old value out of the tier, if it could; what this node takes out itself it does not find
     * again, and until that is confirmed it does not look. A failed write may have happened.
     */
    private <T> Future<T> dropAfter(TokenKey key, Future<T> write) {
        return write.transform(done -> drops.drop(key.toString()).transform(dropped -> {
            if (done.succeeded()) {
                watch.announce(key.toString());
            }
            return write;
        }));
    }

    @Override
    public void invalidated(String what) {
        loop.run(() -> {
            if (!watch.isMine(what)) {
                drops.drop(what);
                remote.invalidated(what);
            }
            return Future.succeededFuture();
        });
    }

    @Override
    public Future<Fingerprint> fingerprint(TokenKey key) {
        return remote.fingerprint(key);
    }

    @Override
    public Future<TokenNames> list(String project) {
        return remote.list(project);
    }

    @Override
    public Future<List<String>> projects() {
        return remote.projects();
    }

    /** What has happened so far. */
    public TierCounters counters() {
        return counters;
    }

    /** Whether commands are sent now. */
    public boolean isUsable() {
        return link.isUsable();
    }

    /** Whether values of the tier are used now. */
    boolean isTrusting() {
        return watch.isTrusting();
    }

    /** Whether the breaker keeps commands back now. */
    public boolean isBroken() {
        return link.isBroken();
    }

    /** Ends connections and watching. */
    @Override
    public Future<Void> close() {
        return loop.run(() -> {
            watch.close();
            pushes.close();
            return link.close();
        });
    }
}
