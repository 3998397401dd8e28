package dev.tokencache.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.CacheStatus;
import dev.tokencache.Failure;
import dev.tokencache.Precondition;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import dev.tokencache.WriteResult;
import dev.tokencache.cache.CacheOptions;
import dev.tokencache.cache.CacheVerticle;
import dev.tokencache.content.EtagKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples with a source of their own, and with two caches in one JVM. */
@Timeout(60)
class OwnSourceIT {
    private static final EtagKey ETAGS = EtagKey.of("a fixture, not a key".getBytes(StandardCharsets.UTF_8));
    private static final TokenKey KEY = new TokenKey("demo", "a.json");
    private static final String OLD = "{\"token\":\"not-a-real-token\"}";
    private static final String NEW = "{\"token\":\"not-a-real-token-either\"}";

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final VaultSource vault = new VaultSource(ETAGS);
    private TokenCache cache;

    @BeforeEach
    void deploy() {
        vertx.deployVerticle(new CacheVerticle(new CacheOptions(), vault)).await();
        cache = TokenCache.create(vertx);
        store(KEY, OLD);
    }

    @AfterEach
    void close() {
        vertx.close().await();
    }

    private void store(TokenKey key, String text) {
        vault.store(key, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(TokenFile file) {
        return new String(file.bytes(), StandardCharsets.UTF_8);
    }

    private BlockingQueue<String> heard() {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        cache.onChange(change -> heard.add(change.kind() + " " + change.filename()))
                .completion()
                .await();
        return heard;
    }

    private static void fails(Failure failure, Future<?> future) {
        assertThatThrownBy(future::await).hasMessage(failure.machineName());
    }

    @Test
    void vault_readTwice_isAHitWithItsTag() {
        TokenFile first = cache.get(KEY).await();
        TokenFile second = cache.get(KEY).await();

        assertThat(first.status()).isEqualTo(CacheStatus.MISS);
        assertThat(second.status()).isEqualTo(CacheStatus.HIT);
        assertThat(text(second)).isEqualTo(OLD);
        assertThat(second.etag()).isEqualTo(ETAGS.etag(OLD.getBytes(StandardCharsets.UTF_8)));
        assertThat(cache.get("demo", "absent.json").await()).isNull();
    }

    @Test
    void vault_changedPastTheCache_isSeenWhenTheCacheIsTold() throws Exception {
        assertThat(text(cache.get(KEY).await())).isEqualTo(OLD);
        assertThat(cache.list("demo").await().names()).containsExactly("a.json");

        store(KEY, NEW);
        store(new TokenKey("demo", "b.json"), NEW);
        assertThat(text(cache.get(KEY).await())).as("nobody has told").isEqualTo(OLD);

        BlockingQueue<String> heard = heard();
        cache.invalidate(KEY).await();
        assertThat(text(cache.get(KEY).await())).isEqualTo(NEW);
        assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("CHANGED a.json");
        assertThat(cache.list("demo").await().names()).containsExactly("a.json", "b.json");
    }

    @Test
    void vault_writtenThroughTheCache_isReadBackAndTold() throws Exception {
        BlockingQueue<String> heard = heard();
        String tag = cache.get(KEY).await().etag();

        WriteResult written = cache.put(KEY, NEW, Precondition.match(tag)).await();
        assertThat(text(cache.get(KEY).await())).isEqualTo(NEW);
        assertThat(cache.get(KEY).await().etag()).isEqualTo(written.etag());
        fails(Failure.PRECONDITION_FAILED, cache.put(KEY, OLD, Precondition.match(tag)));
        fails(Failure.PRECONDITION_FAILED, cache.put(KEY, OLD, Precondition.ABSENT));
        fails(Failure.INVALID_TOKEN_FILE, cache.put(KEY, "{", Precondition.NONE));
        assertThat(text(cache.get(KEY).await())).isEqualTo(NEW);
        assertThat(cache.delete(KEY, Precondition.NONE).await()).isTrue();
        assertThat(cache.delete(KEY, Precondition.NONE).await()).isFalse();
        fails(Failure.PRECONDITION_FAILED, cache.delete(KEY, Precondition.PRESENT));
        assertThat(cache.get(KEY).await()).isNull();
        assertThat(cache.list("demo").await().names()).isEmpty();
        assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("CHANGED a.json");
        assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("REMOVED a.json");
    }

    @Test
    void vault_writersWithOneTag_oneWins() {
        String tag = cache.get(KEY).await().etag();
        List<Future<WriteResult>> writes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            writes.add(cache.put(KEY, "{\"token\":\"made-up-" + i + "\"}", Precondition.match(tag)));
        }

        assertThat(writes.stream()
                        .filter(write -> write.transform(done -> Future.succeededFuture(done.succeeded()))
                                .await()))
                .hasSize(1);
    }

    @Test
    void vault_holdsNoValidToken_saysSoAndRecovers() {
        store(KEY, "{");
        fails(Failure.INVALID_TOKEN_FILE, cache.get(KEY));

        store(KEY, NEW);
        cache.invalidate(KEY).await();
        assertThat(text(cache.get(KEY).await())).isEqualTo(NEW);
    }

    @Test
    void twoCaches_inOneJvm_knowNothingOfEachOther() throws Exception {
        Path people = Files.createDirectories(directory.resolve("people"));
        Path machines = Files.createDirectories(directory.resolve("machines"));
        String deployment =
                vertx.deployVerticle(new TwoCaches(people, machines, ETAGS)).await();
        TokenCache first = TwoCaches.client(vertx, TwoCaches.PEOPLE);
        TokenCache second = TwoCaches.client(vertx, TwoCaches.MACHINES);
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        second.onChange(change -> heard.add(change.filename())).completion().await();

        TokenKey mine = new TokenKey("demo", "mine.json");
        first.put(mine, OLD, Precondition.ABSENT).await();
        second.put(KEY, NEW, Precondition.ABSENT).await();

        assertThat(people.resolve("demo/mine.json")).content().isEqualTo(OLD);
        assertThat(text(first.get(mine).await())).isEqualTo(OLD);
        assertThat(second.get(mine).await()).isNull();
        assertThat(first.get(KEY).await()).isNull();
        assertThat(text(second.get(KEY).await())).isEqualTo(NEW);
        assertThat(text(cache.get(KEY).await()))
                .as("the third, at the usual address")
                .isEqualTo(OLD);
        assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("a.json");

        Files.writeString(machines.resolve("demo/edited.json"), NEW);
        assertThat(heard.poll(30, TimeUnit.SECONDS)).as("its own watcher").isEqualTo("edited.json");
        assertThat(heard).isEmpty();
        vertx.undeploy(deployment).await();
        fails(Failure.CACHE_UNREACHABLE, first.get(mine));
        assertThat(cache.get(KEY).await()).isNotNull();
    }
}
