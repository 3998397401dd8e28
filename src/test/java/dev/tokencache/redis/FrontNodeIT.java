package dev.tokencache.redis;

import static dev.tokencache.redis.Nodes.await;
import static dev.tokencache.redis.Nodes.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.CacheStatus;
import dev.tokencache.Precondition;
import dev.tokencache.RunningTime;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node without files before one with files, on a real Redis. */
@Timeout(120)
class FrontNodeIT {
    private static final TokenKey KEY = new TokenKey("demo", "a.json");

    @TempDir
    Path root;

    private final Vertx vertx = Vertx.vertx();
    private RealRedis redis;
    private FileNode node;
    private FrontNode front;

    @BeforeEach
    void start() throws Exception {
        Files.createDirectories(root.resolve("demo"));
        edit("first");
        redis = new RealRedis();
        node = new FileNode(vertx, root, redis.url(), "node");
        front = new FrontNode(vertx, redis.url(), "front", node.cache);
    }

    @AfterEach
    void stop() throws Exception {
        await(front.source.close());
        node.close();
        await(vertx.close());
        redis.close();
    }

    private void edit(String value) throws Exception {
        Path temporary = root.resolve("demo/.new");
        Files.writeString(temporary, json(value));
        Files.move(temporary, root.resolve("demo/a.json"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static String json(String value) {
        return "{\"token\":\"" + value + "\"}";
    }

    private String get() throws Exception {
        return text(front.cache.get(KEY));
    }

    /** Stored by the node with files, and used by the one without. */
    private void shareFirst() throws Exception {
        front.awaitTrust();
        await(node.cache.get(KEY));
        await(() -> node.source.counters().stored() >= 1);
        assertThat(get()).isEqualTo(json("first"));
        assertThat(front.source.counters().hits()).isEqualTo(1);
    }

    @Test
    void get_ofWhatTheTierHolds_asksNobodyElse() throws Exception {
        shareFirst();

        TokenFile file = await(front.cache.get(KEY));
        assertThat(file.status()).isEqualTo(CacheStatus.HIT);
        assertThat(System.nanoTime() - file.readNanos()).isPositive();
        await(front::isWatching);
    }

    @Test
    void get_ofWhatTheTierLacks_asksTheCacheNode() throws Exception {
        assertThat(get()).isEqualTo(json("first"));
        assertThat(text(front.cache.get(new TokenKey("demo", "none.json")))).isNull();
        assertThat(await(front.cache.list("demo")).names()).containsExactly("a.json");
    }

    @Test
    void edit_onTheDisk_isSeen() throws Exception {
        shareFirst();
        edit("second");

        await(() -> get().equals(json("second")));
        assertThat(text(node.cache.get(KEY))).isEqualTo(json("second"));
    }

    @Test
    void edit_ofWhichTheMessageIsLost_isSeen() throws Exception {
        shareFirst();
        redis.cutPushes();
        edit("second");
        long start = RunningTime.nanoTime();

        await(() -> get().equals(json("second")));
        // By the marks, not when all that is held is compared, every 20 s.
        assertThat(RunningTime.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(15));
    }

    @Test
    void write_throughIt_isReadBackAtOnce() throws Exception {
        shareFirst();
        for (int i = 0; i < 25; i++) {
            String value = json("value " + i);
            await(front.cache.put(KEY, value, Precondition.NONE));
            assertThat(get()).isEqualTo(value);
            await(node.cache.get(KEY));
        }
    }

    @Test
    void write_throughItWhileRedisIsFrozen_isReadBackAtOnceAndAfterwards() throws Exception {
        shareFirst();
        redis.freeze();
        await(front.cache.put(KEY, json("second"), Precondition.NONE));
        assertThat(get()).isEqualTo(json("second"));
        await(() -> !front.source.isTrusting());
        redis.thaw();

        assertHoldsUntilTrusted("second");
        assertHoldsFor("second", 100);
    }

    @Test
    void edit_whileRedisIsFrozen_isSeenThenAndAfterwards() throws Exception {
        shareFirst();
        redis.freeze();
        edit("second");
        await(() -> get().equals(json("second")));
        await(front::isWatching);
        await(() -> !front.source.isTrusting());
        redis.thaw();

        assertHoldsUntilTrusted("second");
        assertFreshNodeHas("second"); // what could not be taken out while it was frozen is out now
        assertHoldsFor("second", 100);
    }

    @Test
    void edit_whileTheNodeWithFilesIsAway_isNotMissedByTheTier() throws Exception {
        shareFirst();
        node.close();
        await(() -> !front.source.isTrusting());
        edit("second");
        FileNode another = new FileNode(vertx, root, redis.url(), "another");
        FrontNode behind = new FrontNode(vertx, redis.url(), "behind", another.cache);
        behind.awaitTrust();

        assertThat(redis.names("v")).hasSize(1); // of the first node: it's still there
        assertThat(text(behind.cache.get(KEY))).isEqualTo(json("second"));
        await(behind.source.close());
        another.close();
    }

    @Test
    void invalidation_byRequest_isPassedOnOnce() throws Exception {
        shareFirst();
        await(front.cache.invalidate(KEY));
        assertThat(get()).isEqualTo(json("first"));

        long before = invalidations();
        assertHoldsFor("first", 300);
        assertThat(invalidations()).isEqualTo(before).isLessThan(20);
    }

    private long invalidations() throws Exception {
        return await(node.cache.stats())
                .getJsonObject("cache")
                .getJsonObject("invalidatedBy")
                .getLong("request");
    }

    @Test
    void flush_ofEverything_costsAReadOnly() throws Exception {
        shareFirst();
        redis.tell(client -> client.flushAll());

        assertHoldsFor("first", 300);
        edit("second");
        await(() -> get().equals(json("second")));
        front.awaitTrust();
        assertHoldsFor("second", 100);
    }

    @Test
    void oldValue_putBackByHand_isNotTakenByANodeThatSawNoOther() throws Exception {
        shareFirst();
        Mischief mischief = new Mischief(redis, new Random(7));
        mischief.keep();
        edit("second");
        await(() -> get().equals(json("second")));
        await(() -> text(node.cache.get(KEY)).equals(json("second")));
        FrontNode fresh = new FrontNode(vertx, redis.url(), "fresh", node.cache);
        fresh.awaitTrust();

        mischief.replay(false);
        assertThat(text(fresh.cache.get(KEY))).isEqualTo(json("second"));
        assertThat(fresh.source.counters().stale()).isEqualTo(1);
        await(fresh.source.close());
    }

    @Test
    void serverThatIsBackWithOldData_isDoubted() throws Exception {
        shareFirst();
        Mischief mischief = new Mischief(redis, new Random(7));
        mischief.keep();
        edit("second");
        await(() -> get().equals(json("second")));
        await(() -> text(node.cache.get(KEY)).equals(json("second")));

        mischief.fallBack();
        assertFreshNodeHas("second");
    }

    @Test
    void otherTimes_areGoneByWithNothingHeldFromBefore() throws Exception {
        shareFirst();
        front.source.update(Duration.ofMillis(50), Duration.ofHours(1));

        await(() -> front.held() == 0);
        assertThat(get()).isEqualTo(json("first"));
    }

    private void assertFreshNodeHas(String value) throws Exception {
        FrontNode fresh = new FrontNode(vertx, redis.url(), "fresh", node.cache);
        fresh.awaitTrust();
        assertThat(text(fresh.cache.get(KEY))).isEqualTo(json(value));
        await(fresh.source.close());
    }

    /** Also while it begins to use the tier again, which is when it could find old things there. */
    private void assertHoldsUntilTrusted(String value) throws Exception {
        await(() -> {
            assertThat(get()).isEqualTo(json(value));
            return front.source.isTrusting();
        });
    }

    private void assertHoldsFor(String value, long millis) throws Exception {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() - end < 0) {
            assertThat(get()).isEqualTo(json(value));
        }
    }
}
