package dev.tokencache.redis;

import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What is in Redis, and what can be done with it: the words of {@code src/docs/redis.md} as calls. Each token has a generation, a mark that is
 * made when it is first asked for and dies with an invalidation, and a value that was stored under it. All of them live under
 * one lineage, a mark that is replaced when everything has to be doubted. Lives on the link's event loop.
 */
final class Tier {
    /** A generation lives longer than any load between its reading and the value's storing. */
    static final long LOAD_MILLIS = 60_000;

    private static final long BEAT_LIFE_MILLIS = 600_000;
    private static final int MAX_NODES = 64;

    private final RedisLink link;
    private final Seal seal;
    private final SealKey key;
    private final RedisSourceOptions options;
    private final TierCounters counters;
    private final String prefix;
    private final String lineageName;
    private final String beatsName;
    private final String movesName;

    Tier(RedisLink link, RedisSourceOptions options, TierCounters counters) {
        this.link = link;
        this.options = options;
        this.counters = counters;
        this.key = options.getKey();
        this.seal = new Seal(key);
        this.prefix = options.getPrefix() + ':' + key.id() + ':';
        this.lineageName = prefix + "lineage";
        this.beatsName = prefix + "beats";
        this.movesName = prefix + "moves";
    }

    /**
     * What was found of a token.
     *
     * @param value null when there is none that is of this token and its generation
     * @param leftMillis how long the server keeps the value still
     */
    record Found(String lineage, String generation, TierValue value, long leftMillis) {}

    /**
     * What a node without files compares itself with.
     *
     * @param lineage null when there is none
     * @param moves another mark than before when any token was taken out since; null before the first
     * @param generations of those that were asked for, null for one that is gone
     */
    record State(String lineage, List<Beat.Said> said, String moves, List<String> generations) {}

    String channel() {
        return prefix + "moved";
    }

    String name(String token) {
        return key.name(token);
    }

    private String generationName(String token) {
        return prefix + "g:" + key.name(token);
    }

    private String valueName(String token) {
        return prefix + "v:" + key.name(token);
    }

    /**
     * Reads what there is of a token; makes its generation when it has none, so that what is loaded from now on has one.
     *
     * @param wanted whether the value is of use; otherwise there is none in what is found
     */
    Future<Found> begin(TokenKey token, boolean wanted) {
        String name = token.toString();
        return Script.BEGIN
                .run(
                        link,
                        List.of(lineageName, generationName(name), valueName(name)),
                        Nonces.next(),
                        Nonces.next(),
                        LOAD_MILLIS)
                .map(reply -> found(token, reply, wanted));
    }

    private Found found(TokenKey token, Response reply, boolean wanted) {
        String lineage = reply.get(0).toString();
        String generation = reply.get(1).toString();
        Response box = reply.get(2);
        if (!wanted) {
            counters.skipped.increment();
            return new Found(lineage, generation, null, 0);
        }
        if (box == null) {
            counters.misses.increment();
            return new Found(lineage, generation, null, 0);
        }
        TierValue value = TierValue.open(seal, token, box.toBytes());
        if (value == null) {
            counters.unopened.increment();
        } else if (!value.generation().equals(generation)) {
            counters.stale.increment(); // put back by hand: an invalidation takes both away
            value = null;
        }
        return new Found(lineage, generation, value, reply.get(3).toLong());
    }

    /** Stores a version, unless its token was invalidated since it was looked up; whether it did. */
    Future<Boolean> store(Found before, TokenFile file) {
        long age =
                Math.max(0, TimeUnit.NANOSECONDS.toMillis(options.getNanoTime().getAsLong() - file.readNanos()));
        long left = options.getTtl().toMillis() - age;
        if (left <= 0) {
            return Future.succeededFuture(false);
        }
        TierValue value = new TierValue(
                file,
                before.lineage(),
                before.generation(),
                options.getCurrentMillis().getAsLong() - age);
        return Script.STORE
                .run(
                        link,
                        List.of(lineageName, generationName(file.key()), valueName(file.key())),
                        before.lineage(),
                        before.generation(),
                        value.seal(seal),
                        left,
                        left + LOAD_MILLIS)
                .map(reply -> reply.toInteger() == 1)
                .onSuccess(stored -> (stored ? counters.stored : counters.outrun).increment());
    }

    /** Takes a token's value and generation away: what was being loaded of it will not be stored. */
    Future<Void> drop(String token) {
        return Script.DROP
                .run(
                        link,
                        List.of(generationName(token), valueName(token), movesName),
                        channel(),
                        key.name(token),
                        Nonces.next())
                .mapEmpty();
    }

    /** Begins a new lineage: nodes without files use nothing that was stored before. */
    Future<Void> renew() {
        return Script.RENEW
                .run(link, List.of(lineageName), Nonces.next(), channel())
                .mapEmpty();
    }

    /**
     * Says a node's next word.
     *
     * @param last its last one, or null when this is the first
     * @return whether the last one was still there. Otherwise nothing is left of it, and the server has forgotten things
     */
    Future<Boolean> beat(Beat last, Beat next) {
        return Script.BEAT
                .run(
                        link,
                        List.of(beatsName),
                        next.node(),
                        last == null ? "" : last.text(),
                        next.text(),
                        BEAT_LIFE_MILLIS,
                        MAX_NODES)
                .map(reply -> reply.toInteger() == 1);
    }

    /** A word of a node, sealed. */
    Beat beat(String node, long number, long intervalMillis) {
        return Beat.of(seal, node, number, intervalMillis);
    }

    /** Lineage, words of the nodes, and the generations of tokens by their names here; those live for a while longer by that. */
    Future<State> check(List<String> tokenNames) {
        List<String> names = new ArrayList<>(tokenNames.size() + 3);
        names.add(lineageName);
        names.add(beatsName);
        names.add(movesName);
        tokenNames.forEach(name -> names.add(prefix + "g:" + name));
        return Script.CHECK.run(link, names, LOAD_MILLIS).map(this::state);
    }

    private State state(Response reply) {
        List<String> generations = new ArrayList<>();
        for (int i = 3; i < reply.size(); i++) {
            generations.add(text(reply.get(i)));
        }
        return new State(text(reply.get(0)), Beat.all(seal, reply.get(1), counters), text(reply.get(2)), generations);
    }

    private static String text(Response reply) {
        return reply == null ? null : reply.toString();
    }
}
