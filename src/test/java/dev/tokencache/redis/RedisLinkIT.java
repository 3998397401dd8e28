package dev.tokencache.redis;

import static dev.tokencache.redis.Nodes.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.TokenKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What one connection promises: commands end in time, few wait, and it comes back by itself. */
@Timeout(120)
class RedisLinkIT {
    private static final TokenKey KEY = new TokenKey("demo", "a.json");

    private final Vertx vertx = Vertx.vertx();
    private final FakeDisk disk = new FakeDisk();
    private RealRedis redis;
    private FlakyProxy network;
    private RedisTokenSource source;

    @BeforeEach
    void start() throws Exception {
        redis = new RealRedis();
        network = new FlakyProxy(redis.port());
        source = Nodes.connected(vertx, Nodes.options(network.url()).setMaxWaiting(8), disk);
        disk.edit(KEY, "first");
    }

    @AfterEach
    void stop() throws Exception {
        await(source.close());
        await(vertx.close());
        network.close();
        redis.close();
    }

    @Test
    void frozenServer_opensTheBreakerAndIsPassedOver() throws Exception {
        redis.freeze();
        List<Future<?>> reads = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            reads.add(source.read(KEY));
        }
        await(Future.all(reads));

        assertThat(source.counters().errors()).isBetween(3L, 8L);
        assertThat(source.counters().refused()).isGreaterThanOrEqualTo(42);
        assertThat(source.isUsable()).isFalse();
        assertThat(source.isBroken()).isTrue();
        redis.thaw();
        await(() -> source.isUsable() && !source.isBroken());
        assertThat(Nodes.text(source.read(KEY))).isEqualTo("first");
    }

    @Test
    void killedServer_isFoundAgain() throws Exception {
        redis.kill();
        await(() -> !source.isUsable());
        assertThat(Nodes.text(source.read(KEY))).isEqualTo("first");
        redis.start();
        await(source::isUsable);
        assertThat(source.counters().connects()).isEqualTo(2);
    }

    @Test
    void absentServer_keepsNobodyWaiting() throws Exception {
        network.set(FlakyProxy.Mode.CUT);
        RedisTokenSource alone = new RedisTokenSource(vertx, Nodes.options(network.url()), disk);

        assertThat(Nodes.text(alone.read(KEY))).isEqualTo("first");
        assertThat(alone.isUsable()).isFalse();
        network.set(FlakyProxy.Mode.PASS);
        await(alone::isUsable);
        await(alone.close());
    }

    @Test
    void lostRequests_leaveNoReplyToAnotherCall() throws Exception {
        Nodes.text(source.read(KEY));
        await(() -> source.counters().stored() == 1);
        network.set(FlakyProxy.Mode.SWALLOW);
        Future<?> lost = source.read(KEY);
        await(() -> source.counters().errors() == 1);
        network.set(FlakyProxy.Mode.PASS);
        await(lost);

        // What the server answers now is taken for the reply to what was lost, by the library.
        disk.edit(KEY, "second");
        assertThat(Nodes.text(source.read(KEY, disk.sighting(KEY)))).isEqualTo("second");
        await(() -> source.counters().connects() == 2 && source.isUsable());
        assertThat(Nodes.text(source.read(KEY, disk.sighting(KEY)))).isEqualTo("second");
    }

    @Test
    void wrongPassword_costsNothingButTheTier() throws Exception {
        redis.tell(client -> client.configSet("requirepass", "another")); // without one any is right
        RedisTokenSource refused =
                new RedisTokenSource(vertx, Nodes.options(redis.url()).setPassword("made-up"), disk);

        await(() -> refused.counters().failedConnects() > 1);
        assertThat(Nodes.text(refused.read(KEY))).isEqualTo("first");
        assertThat(refused.isUsable()).isFalse();
        assertThat(refused.counters().connects()).isZero();
        await(refused.close());
    }
}
