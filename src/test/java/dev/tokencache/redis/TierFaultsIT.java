package dev.tokencache.redis;

import static dev.tokencache.redis.Nodes.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Redis that is down, frozen, flushed, flapping or lying, under a node with files whose memory keeps nothing, so that every
 * read is a miss, and a node without. Files are edited meanwhile. For a longer stop: {@code -Dredis.freeze.seconds=30}.
 */
@Timeout(180)
class TierFaultsIT {
    private static final long FREEZE_SECONDS = Long.getLong("redis.freeze.seconds", 2);
    private static final double MOST_MILLIS = 500;
    private static final int MISSES_AT_ONCE = 4;

    @TempDir
    Path root;

    private final Vertx vertx = Vertx.vertx();
    private final Random random = new Random(7);
    private RealRedis redis;
    private FlakyProxy network;
    private Mischief mischief;
    private Monitor monitor;
    private FileNode node;
    private FrontNode front;

    @BeforeEach
    void start() throws Exception {
        redis = new RealRedis();
        network = new FlakyProxy(redis.port());
        mischief = new Mischief(redis, random);
        monitor = new Monitor(root);
        monitor.editAll();
        node = new FileNode(vertx, root, Nodes.options(network.url()), "node", Duration.ZERO);
        front = new FrontNode(vertx, network.url(), "front", node.cache);
        front.awaitTrust();
        for (int i = 0; i < MISSES_AT_ONCE; i++) {
            monitor.read("node", node.cache, true);
        }
        monitor.read("front", front.cache, false);
        awaitFull();
        monitor.takeTimes();
    }

    private void awaitFull() throws Exception {
        await(() -> redis.names("v").size() == Monitor.KEYS);
        long hits = node.source.counters().hits();
        await(() -> node.source.counters().hits() >= hits + 2 * Monitor.KEYS);
    }

    @AfterEach
    void stop() throws Exception {
        monitor.stop();
        await(front.source.close());
        node.close();
        await(vertx.close());
        network.close();
        redis.close();
    }

    /** After the trouble: everybody has the last versions within the bound, keeps them, and the tier is in use again. */
    private void assertRecovers() throws Exception {
        List<Double> misses = monitor.takeTimes();
        await(() -> monitor.behind(node.cache) == 0 && monitor.behind(front.cache) == 0);
        monitor.assertLast("node", node.cache, 100);
        monitor.assertLast("front", front.cache, 200);
        front.awaitTrust();
        awaitFull();
        monitor.assertLast("front", front.cache, 200);
        monitor.assertNothingWrong();
        assertThat(misses).isNotEmpty();
        double p99 = misses.get(misses.size() * 99 / 100);
        System.out.printf(
                "%d misses while Redis was in trouble: median %.2f ms, p99 %.2f ms, longest %.0f ms%n",
                misses.size(), misses.get(misses.size() / 2), p99, misses.get(misses.size() - 1));
        assertThat(p99).isLessThan(MOST_MILLIS);
    }

    private static void pause(long millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Test
    void frozen_withEditsMeanwhile_showsNothingOld() throws Exception {
        redis.freeze();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(FREEZE_SECONDS);
        pause(300);
        monitor.editAll();
        await(() -> monitor.behind(node.cache) == 0);
        while (System.nanoTime() - end < 0) {
            monitor.edit(random.nextInt(Monitor.KEYS));
            pause(50);
        }
        redis.thaw();

        assertRecovers();
    }

    @Test
    void killedAndStartedAgain_showsNothingOld() throws Exception {
        redis.kill();
        pause(200);
        monitor.editAll();
        pause(200);
        redis.start();

        assertRecovers();
    }

    @Test
    void flushed_againAndAgain_showsNothingOld() throws Exception {
        for (int i = 0; i < 10; i++) {
            mischief.flush();
            monitor.edit(i);
            pause(30);
        }

        assertRecovers();
    }

    @Test
    void garbage_inThePlaceOfEverything_isIgnoredAndCounted() throws Exception {
        for (int i = 0; i < 10; i++) {
            mischief.garble();
            monitor.edit(i);
            pause(50);
        }

        assertRecovers();
        assertThat(node.source.counters().unopened()).isPositive();
    }

    @Test
    void marks_thatAreNoText_areReplaced() throws Exception {
        for (int i = 0; i < 3; i++) {
            mischief.blur();
            monitor.edit(i);
        }

        assertRecovers();
    }

    @Test
    void oldValues_putBackByHand_areNotServed() throws Exception {
        monitor.assertLast("front", front.cache, 1); // holds all of them
        mischief.keep();
        assertThat(mischief.kept()).isGreaterThanOrEqualTo(2 * Monitor.KEYS);
        monitor.editAll();
        await(() -> monitor.behind(node.cache) == 0 && monitor.behind(front.cache) == 0);
        awaitFull();

        mischief.replay(false);
        monitor.assertLast("node", node.cache, 100);
        monitor.assertLast("front", front.cache, 100);
        mischief.replay(true);
        monitor.assertLast("node", node.cache, 200);
        monitor.assertLast("front", front.cache, 200);
        assertThat(node.source.counters().stale()).isPositive();
        assertRecovers();
    }

    @Test
    void valuesOfOtherTokens_areNotServed() throws Exception {
        mischief.swap();
        monitor.assertLast("node", node.cache, 200);
        monitor.assertLast("front", front.cache, 200);

        assertThat(node.source.counters().unopened()).isPositive();
        assertRecovers();
    }

    @Test
    void flappingNetwork_withEditsMeanwhile_showsNothingOld() throws Exception {
        FlakyProxy.Mode[] modes = FlakyProxy.Mode.values();
        for (int i = 0; i < 8; i++) {
            network.set(modes[random.nextInt(modes.length)]);
            monitor.edit(random.nextInt(Monitor.KEYS));
            pause(100);
        }
        network.set(FlakyProxy.Mode.PASS);

        assertRecovers();
    }
}
