package dev.tokencache.redis;

import static dev.tokencache.redis.Nodes.await;
import static dev.tokencache.redis.Nodes.connected;
import static dev.tokencache.redis.Nodes.options;
import static dev.tokencache.redis.Nodes.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Precondition;
import dev.tokencache.Sighting;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every order of loads, stores and invalidations of one or two nodes with files, on a real Redis. */
@Timeout(120)
class TierOrderIT {
    private static final TokenKey KEY = new TokenKey("demo", "a.json");

    private final Vertx vertx = Vertx.vertx();
    private final FakeDisk disk = new FakeDisk();
    private RealRedis redis;
    private RedisTokenSource one;
    private RedisTokenSource two;

    @BeforeEach
    void start() throws Exception {
        redis = new RealRedis();
        one = connected(vertx, options(redis.url()), disk);
        two = connected(vertx, options(redis.url()), disk);
        disk.edit(KEY, "first");
    }

    @AfterEach
    void stop() throws Exception {
        await(one.close());
        await(two.close());
        await(vertx.close());
        redis.close();
    }

    @Test
    void read_ofWhatAnotherNodeLoaded_readsNoFile() throws Exception {
        assertThat(text(one.read(KEY))).isEqualTo("first");
        await(() -> one.counters().stored() == 1);
        int before = disk.reads();

        Sighting sighting = disk.sighting(KEY);
        TokenFile file = await(two.read(KEY, sighting));

        assertThat(text(file)).isEqualTo("first");
        assertThat(file.readNanos()).isEqualTo(sighting.seenNanos());
        assertThat(disk.reads()).isEqualTo(before);
        assertThat(two.counters().hits()).isEqualTo(1);
    }

    @Test
    void read_withoutAWordOfTheWatcher_readsTheFile() throws Exception {
        text(one.read(KEY));
        await(() -> one.counters().stored() == 1);
        disk.edit(KEY, "second");

        assertThat(text(two.read(KEY))).isEqualTo("second");
        assertThat(two.counters().skipped()).isPositive();
    }

    @Test
    void read_ofAnotherVersionThanTheWatcherSaw_readsTheFile() throws Exception {
        text(one.read(KEY));
        await(() -> one.counters().stored() == 1);
        disk.edit(KEY, "second");

        assertThat(text(two.read(KEY, disk.sighting(KEY)))).isEqualTo("second");
        assertThat(two.counters().stale()).isEqualTo(1);
    }

    @Test
    void load_overtakenByAnInvalidationOfTheSameNode_storesNothing() throws Exception {
        assertOvertaken(() -> await(one.write(KEY, Buffer.buffer("second"), Precondition.NONE)));
    }

    @Test
    void load_overtakenByAnInvalidationOfAnotherNode_storesNothing() throws Exception {
        assertOvertaken(() -> await(two.write(KEY, Buffer.buffer("second"), Precondition.NONE)));
    }

    private void assertOvertaken(Callable<?> event) throws Exception {
        disk.hold();
        Future<TokenFile> load = one.read(KEY);
        await(() -> disk.held() == 1);
        event.call();
        disk.release();

        assertThat(text(load)).isEqualTo("first");
        await(() -> one.counters().outrun() == 1);
        assertThat(redis.names("v")).isEmpty();
    }

    @Test
    void loads_ofTwoNodesAroundAnInvalidation_leaveTheLaterOne() throws Exception {
        disk.hold();
        Future<TokenFile> early = one.read(KEY);
        await(() -> disk.held() == 1);
        await(two.write(KEY, Buffer.buffer("second"), Precondition.NONE));
        Future<TokenFile> late = two.read(KEY);
        await(() -> disk.held() == 2);
        disk.release();
        disk.release();

        assertThat(text(early)).isEqualTo("first");
        assertThat(text(late)).isEqualTo("second");
        await(() -> one.counters().outrun() == 1 && two.counters().stored() == 1);
        assertThat(text(one.read(KEY, disk.sighting(KEY)))).isEqualTo("second");
        assertThat(one.counters().hits()).isEqualTo(1);
    }

    @Test
    void loads_ofTwoNodesStoredLateFirst_leaveTheLaterOne() throws Exception {
        disk.hold();
        Future<TokenFile> early = one.read(KEY);
        await(() -> disk.held() == 1);
        disk.edit(KEY, "second");
        two.invalidated(KEY.toString());
        await(() -> redis.names("g").isEmpty());
        Future<TokenFile> late = two.read(KEY);
        await(() -> disk.held() == 2);
        disk.releaseLast();
        assertThat(text(late)).isEqualTo("second");
        await(() -> two.counters().stored() == 1);
        disk.release();

        assertThat(text(early)).isEqualTo("first");
        await(() -> one.counters().outrun() == 1);
        assertThat(text(one.read(KEY, disk.sighting(KEY)))).isEqualTo("second");
        assertThat(one.counters().hits()).isEqualTo(1);
    }

    @Test
    void load_overtakenByAFlush_storesNothing() throws Exception {
        assertOvertaken(() -> redis.<Object>ask(client -> client.flushAll()));
    }

    @Test
    void load_overtakenByAnInvalidationOfItsProject_storesNothing() throws Exception {
        disk.hold();
        Future<TokenFile> load = one.read(KEY);
        await(() -> disk.held() == 1);
        String before = lineage();
        two.invalidated("demo/");
        await(() -> !lineage().equals(before));
        disk.release();

        assertThat(text(load)).isEqualTo("first");
        await(() -> one.counters().outrun() == 1);
    }

    private String lineage() {
        return redis.ask(
                client -> client.get(client.keys("*:lineage").iterator().next()));
    }

    @Test
    void stored_values_liveNoLongerThanTheirReadingAllows() throws Exception {
        text(one.read(KEY));
        await(() -> one.counters().stored() == 1);

        String name = redis.names("v").iterator().next();
        assertThat(redis.<Long>ask(client -> client.pttl(name)))
                .isPositive()
                .isLessThanOrEqualTo(RedisSourceOptions.DEFAULT_TTL.toMillis());
        assertThat(name).doesNotContain("demo").doesNotContain("a.json");
        assertThat(redis.<String>ask(client -> client.get(name))).doesNotContain("first");
    }
}
