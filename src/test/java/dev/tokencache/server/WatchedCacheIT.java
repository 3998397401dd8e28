package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.TokenCache;
import dev.tokencache.TokenChange;
import dev.tokencache.TokenFile;
import dev.tokencache.cache.CacheOptions;
import dev.tokencache.cache.CacheVerticle;
import dev.tokencache.content.EtagKey;
import dev.tokencache.file.FileSourceOptions;
import dev.tokencache.file.FileTokenSource;
import dev.tokencache.file.WatchOptions;
import dev.tokencache.file.WatcherVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cache, source and watcher together on real files, without hints: what polling alone must find. */
class WatchedCacheIT {
    private static final EtagKey KEY = EtagKey.of(new byte[32]);
    private static final Duration BOUND = Duration.ofSeconds(5);

    @TempDir
    Path root;

    private final Vertx vertx = Vertx.vertx();
    private final List<TokenChange> changes = new CopyOnWriteArrayList<>();
    private FileTokenSource source;
    private TokenCache cache;
    private String cacheId;

    @BeforeEach
    void start() throws Exception {
        Files.createDirectory(root.resolve("p"));
        source =
                new FileTokenSource(vertx, new FileSourceOptions().setRoot(root).setEtagKey(KEY));
        deployCache();
        cache = TokenCache.create(vertx);
        cache.onChange(changes::add);
    }

    private void deployCache() throws Exception {
        cacheId = await(vertx.deployVerticle(new CacheVerticle(new CacheOptions(), source)));
    }

    private void watch(Duration interval) throws Exception {
        await(vertx.deployVerticle(new WatcherVerticle(
                root,
                KEY,
                new WatchOptions().setInterval(interval).setMaxLoad(1).setHints(false))));
    }

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** Asks again and again; the condition's own asking is what takes the time. */
    private static void within(Duration bound, BooleanSupplier condition, String what) {
        long deadline = System.nanoTime() + bound.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
        }
    }

    private TokenFile get(String filename) {
        try {
            return await(cache.get("p", filename));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private JsonObject stats() {
        try {
            return await(cache.stats());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void file_thatComesAndGoesBetweenTwoScans_isNoGhost() throws Exception {
        watch(Duration.ofMillis(300));
        within(BOUND, () -> stats().getJsonObject("stats").containsKey("p"), "first scan");
        for (int i = 0; i < 10; i++) {
            String filename = "brief-" + i + ".json";
            Path file = root.resolve("p").resolve(filename);
            Files.writeString(file, "{}");
            assertThat(get(filename)).isNotNull();
            assertThat(await(cache.list("p")).contains(filename)).isTrue();
            Files.delete(file);
            within(BOUND, () -> get(filename) == null, "get of a deleted file");
            within(
                    BOUND,
                    () -> {
                        try {
                            return !await(cache.list("p")).contains(filename);
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                    },
                    "list of a deleted file");
        }
    }

    @Test
    void cacheRedeployed_whileTheWatcherRuns_isToldEverythingAgain() throws Exception {
        for (int i = 0; i < 50; i++) {
            Files.writeString(root.resolve("p").resolve("k" + i + ".json"), "{}");
        }
        watch(Duration.ofMillis(50));
        within(BOUND, () -> knownFiles() == 50, "first picture");
        await(vertx.undeploy(cacheId));
        deployCache();
        within(BOUND, () -> knownFiles() == 50, "second picture");
        assertThat(changes).as("a baseline is no change").isEmpty();
        Files.delete(root.resolve("p/k7.json"));
        within(BOUND, () -> changes.size() == 1, "the change that follows");
        assertThat(changes.get(0).kind()).isEqualTo(TokenChange.Kind.REMOVED);
    }

    private int knownFiles() {
        return stats().getJsonObject("cache").getInteger("knownFiles");
    }
}
