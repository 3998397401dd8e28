package dev.tokencache.redis;

import dev.tokencache.TokenCache;
import dev.tokencache.TokenKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * The watcher of a node without files: it compares the generations of what is held with those in the tier, round after round,
 * and has the cache drop what moved. While the tier can't be relied on it has everything dropped in each round: what is held
 * then comes from a cache node and lives for a round. So the bound of staleness holds in both cases, and the cache hears so.
 * Lives on the link's event loop.
 */
final class TierWatch {
    private static final int PIECE = 500;
    private static final int MANY = 1_000;

    /** Generations that are held are kept alive by that. */
    private static final long WHOLE_NANOS = TimeUnit.MILLISECONDS.toNanos(Tier.LOAD_MILLIS / 3);

    private final String id = UUID.randomUUID().toString();
    private final Vertx vertx;
    private final Tier tier;
    private final Drops drops;
    private final RedisSourceOptions options;
    private final Trust trust;
    private final Holdings holdings = new Holdings();

    /** What the cache is about to drop on this watcher's word, and how often. */
    private final Map<String, Integer> announced = new HashMap<>();

    private TokenCache cache;
    private String lineage;
    private String moves;
    private boolean compared;
    private long comparedNanos;
    private boolean dropAgain;
    private long timer = -1;
    private boolean closed;

    TierWatch(Vertx vertx, Tier tier, Drops drops, RedisSourceOptions options) {
        this.vertx = vertx;
        this.tier = tier;
        this.drops = drops;
        this.options = options;
        this.trust = new Trust(options);
    }

    /** Begins to watch for a cache. */
    void start(TokenCache watched) {
        cache = watched;
        round();
    }

    void close() {
        closed = true;
        if (timer >= 0) {
            vertx.cancelTimer(timer);
        }
    }

    /** Has the cache drop everything in the next round. */
    void dropInNextRound() {
        dropAgain = true;
    }

    /** Whether values in the tier may be used. */
    boolean isTrusting() {
        return trust.isGiven();
    }

    /** Notes that a token is about to be loaded, with what was found of it before, or null when nobody could say. */
    void hold(TokenKey key, Tier.Found found) {
        if (found != null && lineage != null && !lineage.equals(found.lineage())) {
            dropAll();
        }
        lineage = found == null ? lineage : found.lineage();
        Holdings.Held now = new Holdings.Held(
                key,
                found == null ? null : found.generation(),
                options.getNanoTime().getAsLong());
        TokenKey out = holdings.hold(tier.name(key.toString()), now);
        if (out != null) {
            drop(List.of(out));
        }
    }

    /** Whether what was found of a token is of a generation that was seen to end. */
    boolean isReturned(Tier.Found found) {
        return holdings.isRetired(found.generation());
    }

    /** Hears that something moved. */
    void heard(String name) {
        if (name.equals("*")) {
            dropAll();
            return;
        }
        TokenKey key = holdings.moved(name);
        if (key != null) {
            drop(List.of(key));
        }
    }

    /** Whether an invalidation is this watcher's own, which the source hears of like of any other. */
    boolean isMine(String what) {
        Integer times = announced.get(what);
        if (times == null) {
            return false;
        }
        announced.compute(what, (same, count) -> times == 1 ? null : times - 1);
        return true;
    }

    /** Says that the cache will drop something of itself, which the source hears of. */
    void announce(String what) {
        announced.merge(what, 1, Integer::sum);
    }

    private void round() {
        timer = -1;
        trust.tick();
        long start = System.nanoTime();
        Future.all(drops.settle(), compare())
                .transform(done -> {
                    if (done.failed() || dropAgain || !trust.isGiven()) {
                        dropAll();
                    }
                    drop(holdings.removeUnsure());
                    return tell(System.nanoTime() - start);
                })
                .onComplete(done -> {
                    if (!closed) {
                        timer = vertx.setTimer(options.getInterval().toMillis(), next -> round());
                    }
                });
    }

    private Future<Void> compare() {
        long now = options.getNanoTime().getAsLong();
        return tier.check(List.of()).compose(state -> {
            trust.hear(state.said(), now);
            boolean whole = !compared || now - comparedNanos >= WHOLE_NANOS || !Objects.equals(moves, state.moves());
            String seen = state.moves();
            take(state.lineage());
            return whole ? compareAll().onSuccess(done -> compared(seen, now)) : Future.succeededFuture();
        });
    }

    private void compared(String seen, long nanos) {
        compared = true;
        comparedNanos = nanos;
        moves = seen;
    }

    private void take(String now) {
        if (now == null || (lineage != null && !lineage.equals(now))) {
            dropAll();
        }
        lineage = now;
    }

    private Future<Void> compareAll() {
        holdings.removeOld(options.getNanoTime().getAsLong() - options.getHold().toNanos());
        Future<Void> done = Future.succeededFuture();
        for (List<String> piece : holdings.pieces(PIECE)) {
            done = done.compose(before -> compare(piece));
        }
        return done;
    }

    private Future<Void> compare(List<String> names) {
        return tier.check(names).map(state -> {
            take(state.lineage());
            List<TokenKey> moved = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                // What was loaded since the question was sent has a generation that is newer than the answer: dropped
                // for
                // nothing.
                Holdings.Held held = holdings.get(names.get(i));
                if (held != null && !held.isOf(state.generations().get(i))) {
                    moved.add(holdings.moved(names.get(i)));
                }
            }
            drop(moved);
            return null;
        });
    }

    private void drop(List<TokenKey> moved) {
        if (moved.size() > MANY) {
            clearCache();
            return;
        }
        for (TokenKey key : moved) {
            announce(key.toString());
            cache.invalidate(key).onFailure(cause -> failed(key.toString()));
        }
    }

    private void dropAll() {
        if (dropAgain || !holdings.isEmpty()) {
            clearCache();
        }
    }

    private void clearCache() {
        dropAgain = false;
        holdings.clear();
        announce("*");
        cache.clear().onFailure(cause -> failed("*"));
    }

    /** What the cache did not drop is not watched over any more: all of it goes in the next round. */
    private void failed(String what) {
        isMine(what);
        dropAgain = true;
    }

    /** Tells the cache that what it holds is watched. */
    private Future<String> tell(long tookNanos) {
        return cache.observe(new JsonObject()
                .put("watcher", id)
                .put("changes", new JsonArray())
                .put("projects", new JsonObject())
                .put("interval", options.getInterval().toMillis())
                .put("scanTime", tookNanos / 1e6));
    }
}
