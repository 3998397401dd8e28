package dev.tokencache.cache;

import static dev.tokencache.cache.CacheHarness.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.CacheStatus;
import dev.tokencache.Failure;
import dev.tokencache.Operation;
import dev.tokencache.Precondition;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenCacheOptions;
import dev.tokencache.TokenKey;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verticle as a whole: bounds, counters, ownership, life cycle, wrong bodies. */
class CacheVerticleTest {
    private CacheHarness harness = new CacheHarness();

    @AfterEach
    void close() {
        harness.close();
    }

    private void restart(UnaryOperator<CacheOptions> options) {
        harness.close();
        harness = new CacheHarness(options);
    }

    @Test
    void maxBytes_exceeded_evictsAndCounts() {
        restart(options -> options.setMaxBytes(10L * (TokenStore.ENTRY_OVERHEAD + 2)));
        for (int i = 0; i < 50; i++) {
            harness.source.edit("p/k" + i + ".json", "{}");
            harness.get("p", "k" + i + ".json");
        }
        JsonObject stats = harness.cacheStats();
        assertThat(stats.getInteger("cachedTokens")).isLessThanOrEqualTo(10);
        assertThat(stats.getLong("evictions")).isEqualTo(50 - stats.getInteger("cachedTokens"));
        assertThat(stats.getLong("bytes")).isEqualTo(402L * stats.getInteger("cachedTokens"));
        JsonObject project = await(harness.cache.stats()).getJsonObject("stats").getJsonObject("p");
        assertThat(project.getInteger("cachedTokens")).isEqualTo(stats.getInteger("cachedTokens"));
    }

    @Test
    void stats_afterHitsAndMisses_countsThem() {
        harness.source.edit("p/a.json", "{}");
        harness.get("p", "a.json");
        harness.get("p", "a.json");
        harness.get("p", "a.json");
        harness.get("p", "absent.json");
        JsonObject stats = harness.cacheStats();
        assertThat(stats.getLong("hits")).isEqualTo(2);
        assertThat(stats.getLong("misses")).isEqualTo(2);
        assertThat(stats.getDouble("hitRate")).isEqualTo(0.5);
        assertThat(await(harness.cache.clear())).isEqualTo(1);
        assertThat(harness.cacheStats().getInteger("cachedTokens")).isZero();
    }

    @Test
    void secondOwner_ofTheSameAddress_isRefusedUntilTheFirstLeaves() {
        CacheVerticle second = new CacheVerticle(new CacheOptions(), harness.source);
        assertThatThrownBy(() -> await(harness.vertx.deployVerticle(second))).hasMessageContaining("already a cache");
        String other = await(harness.vertx.deployVerticle(
                new CacheVerticle(new CacheOptions().setBaseAddress("other"), harness.source)));
        await(harness.vertx.undeploy(other));
        await(harness.vertx.deployVerticle(
                new CacheVerticle(new CacheOptions().setBaseAddress("other"), harness.source)));
        assertThatThrownBy(() -> await(harness.vertx.deployVerticle(
                        () -> new CacheVerticle(new CacheOptions().setBaseAddress("two"), harness.source),
                        new DeploymentOptions().setInstances(2))))
                .hasMessageContaining("already a cache");
    }

    @Test
    void undeployed_clientWithASource_bypassesAndComesBack() {
        TokenCache client = TokenCache.create(harness.vertx, new TokenCacheOptions(), harness.source);
        harness.source.edit("p/a.json", "{\"v\":1}");
        await(client.get("p", "a.json"));
        String id = harness.vertx.deploymentIDs().iterator().next();
        await(harness.vertx.undeploy(id));
        assertThat(await(client.get("p", "a.json")).status()).isEqualTo(CacheStatus.BYPASS);
        assertThat(await(client.list("p")).status()).isEqualTo(CacheStatus.BYPASS);
        assertThat(await(client.get("p", "absent.json"))).isNull();
        assertThatThrownBy(() -> await(client.put(new TokenKey("p", "a.json"), "{}", Precondition.NONE)))
                .hasMessage("cache_unreachable");
        assertThatThrownBy(() -> await(harness.cache.get("p", "a.json"))).hasMessage("cache_unreachable");
        await(harness.vertx.deployVerticle(
                new CacheVerticle(new CacheOptions().setNanoTime(harness.clock::nanoTime), harness.source)));
        assertThat(await(client.get("p", "a.json")).status()).isEqualTo(CacheStatus.MISS);
        assertThat(await(client.get("p", "a.json")).status()).isEqualTo(CacheStatus.HIT);
    }

    @Test
    void wrongBodies_onEveryAddress_getAFailureAndHarmNothing() {
        List<Object> bodies = List.of(1, "..", "", true, new JsonObject().put("project", 1), new JsonArray().add(1));
        for (Operation operation : Operation.values()) {
            if (operation == Operation.CHANGED || operation == Operation.HINT) { // published, answered by nobody
                continue;
            }
            for (Object body : bodies) {
                String address = operation.address("token.cache");
                boolean answered = await(harness.vertx
                        .eventBus()
                        .request(address, body)
                        .map(true)
                        .recover(cause -> cause instanceof ReplyException reply
                                        && reply.failureCode() >= 400
                                        && Failure.of(reply) != Failure.CACHE_UNREACHABLE
                                ? Future.succeededFuture(true)
                                : Future.failedFuture(cause)));
                assertThat(answered).as("%s %s", operation, body).isTrue();
            }
        }
        harness.source.edit("p/a.json", "{}");
        assertThat(harness.get("p", "a.json")).isEqualTo("{}");
    }

    @Test
    void warmList_afterARestart_loadsTheMostReadNamesFirst(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("warm");
        restart(options -> options.setWarmFile(file));
        harness.source.edit("p/hot.json", "{}");
        harness.source.edit("p/cold.json", "{}");
        for (int i = 0; i < 5; i++) {
            harness.get("p", "hot.json");
        }
        harness.get("p", "cold.json");
        await(harness.vertx.undeploy(harness.vertx.deploymentIDs().iterator().next()));
        assertThat(Files.readString(file)).isEqualTo("p/hot.json\np/cold.json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        Files.writeString(file, "p/hot.json\n../x\nno key\np/absent.json\n");
        int reads = harness.source.reads();
        await(harness.vertx.deployVerticle(new CacheVerticle(
                new CacheOptions().setWarmFile(file).setNanoTime(harness.clock::nanoTime), harness.source)));
        while (harness.cacheStats().getInteger("cachedTokens") == 0) {
            harness.settle();
        }
        assertThat(harness.source.reads()).isGreaterThan(reads);
        assertThat(await(harness.cache.get("p", "hot.json")).status()).isEqualTo(CacheStatus.HIT);
    }
}
