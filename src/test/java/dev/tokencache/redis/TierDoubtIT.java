package dev.tokencache.redis;

import static dev.tokencache.redis.Nodes.await;
import static dev.tokencache.redis.Nodes.connected;
import static dev.tokencache.redis.Nodes.options;
import static dev.tokencache.redis.Nodes.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Precondition;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenCacheOptions;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import dev.tokencache.cache.CacheOptions;
import dev.tokencache.cache.CacheVerticle;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A node without files between a cache node that has the truth and a tier that another node with files fills, whose own look at
 * them is a version behind.
 */
@Timeout(120)
class TierDoubtIT {
    private static final TokenKey KEY = new TokenKey("demo", "a.json");
    private static final long INTERVAL_MILLIS = 10_000;

    private final Vertx vertx = Vertx.vertx();
    private final FakeDisk behind = new FakeDisk();
    private final FakeDisk truth = new FakeDisk();
    private RealRedis redis;
    private FlakyProxy network;
    private RedisTokenSource files;
    private TokenCache cacheNode;

    @BeforeEach
    void start() throws Exception {
        redis = new RealRedis();
        network = new FlakyProxy(redis.port());
        files = connected(vertx, options(network.url()), behind);
        CacheOptions options = new CacheOptions()
                .setBaseAddress("truth")
                .setTokenTtl(Duration.ZERO)
                .setAbsentTtl(Duration.ZERO);
        await(vertx.deployVerticle(new CacheVerticle(options, truth)));
        cacheNode = TokenCache.create(vertx, new TokenCacheOptions().setBaseAddress("truth"));
    }

    @AfterEach
    void stop() throws Exception {
        await(files.close());
        await(vertx.close());
        network.close();
        redis.close();
    }

    /** The node with files puts what it has into the tier. */
    private void store(String value) throws Exception {
        long before = files.counters().stored();
        behind.edit(KEY, value);
        assertThat(text(files.read(KEY))).isEqualTo(value);
        await(() -> files.counters().stored() == before + 1);
    }

    /** It says that it has looked. */
    private void look() {
        files.looked(System.nanoTime(), INTERVAL_MILLIS);
    }

    @Test
    void value_ofTheTier_isNoStepBackBehindWhatWasGivenOut() throws Exception {
        truth.edit(KEY, "second");
        FrontNode front = new FrontNode(vertx, redis.url(), "front", cacheNode);
        await(() -> {
            look();
            return front.source.isTrusting();
        });
        assertThat(text(front.source.read(KEY))).isEqualTo("second");
        store("first");
        assertThat(text(front.source.read(KEY))).isEqualTo("second");

        await(front.source.write(KEY, Buffer.buffer("third"), Precondition.NONE));
        store("second");
        assertThat(text(front.source.read(KEY))).isEqualTo("third");

        await(front.source.delete(KEY, Precondition.NONE));
        store("third");
        assertThat(text(front.source.read(KEY))).isNull();
        assertThat(front.source.counters().hits()).isZero();
        assertThat(front.source.counters().stale()).isEqualTo(3);
        await(front.source.close());
    }

    @Test
    void tier_thatNobodyVouchesFor_isNotAsked() throws Exception {
        truth.edit(KEY, "first");
        TierTokenSource lonely =
                new TierTokenSource(vertx, options(redis.url()).setPrefix("lonely"), new RemoteTokenSource(cacheNode));
        await(lonely::isUsable);

        assertThat(text(lonely.read(KEY))).isEqualTo("first");

        assertThat(lonely.counters().skipped()).isEqualTo(1);
        assertThat(redis.<Set<String>>ask(client -> client.keys("lonely:*"))).isEmpty();
        await(lonely.close());
    }

    /** On the event loop that a source lives on: what it begins to do there is begun when this goes on. */
    private static <T> Future<T> on(Context loop, Supplier<T> work) {
        Promise<T> done = Promise.promise();
        loop.runOnContext(now -> done.complete(work.get()));
        return done.future();
    }

    @Test
    void value_thatArrivesWhenNobodyVouchesAnyMore_isNotUsed() throws Exception {
        truth.edit(KEY, "second");
        AtomicLong hour = new AtomicLong();
        RedisSourceOptions tier = options(redis.url()).setNanoTime(() -> System.nanoTime() + hour.get());
        Context loop = vertx.getOrCreateContext();
        TierTokenSource source =
                await(on(loop, () -> new TierTokenSource(vertx, tier, new RemoteTokenSource(cacheNode))));
        CacheOptions options = new CacheOptions().setBaseAddress("late");
        await(vertx.deployVerticle(new CacheVerticle(options, source)));
        source.watchOver(TokenCache.create(vertx, new TokenCacheOptions().setBaseAddress("late")));
        await(() -> {
            look();
            return source.isTrusting();
        });
        store("first");
        look();

        Future<TokenFile> read = on(loop, () -> {
                    Future<TokenFile> asked = source.read(KEY);
                    hour.set(Duration.ofHours(1).toNanos());
                    return asked;
                })
                .compose(asked -> asked);

        assertThat(text(read)).isEqualTo("second");
        assertThat(source.counters().stale()).isEqualTo(1);
        await(source.close());
    }

    @Test
    void invalidation_thatTheNetworkLost_isSentAgainAfterALook() throws Exception {
        store("first");
        network.set(FlakyProxy.Mode.CUT);
        await(() -> !files.isUsable());
        await(files.write(KEY, Buffer.buffer("second"), Precondition.NONE));
        assertThat(redis.names("v")).hasSize(1);

        network.set(FlakyProxy.Mode.PASS);
        await(files::isUsable);
        await(() -> {
            look();
            return redis.names("v").isEmpty();
        });
    }
}
