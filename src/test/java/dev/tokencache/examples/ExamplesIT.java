package dev.tokencache.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.CacheStatus;
import dev.tokencache.Failure;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenFile;
import dev.tokencache.content.EtagKey;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples do what they say. */
@Timeout(60)
class ExamplesIT {
    private static final EtagKey KEY = EtagKey.of("a fixture, not a key".getBytes(StandardCharsets.UTF_8));
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-31T12:00:00Z"), ZoneOffset.UTC);
    private static final String EXPIRED = "2026-01-31T11:59:59Z";
    private static final String GOOD = "2026-01-31T12:00:01Z";

    @TempDir
    Path directory;

    private Path root;
    private Vertx vertx;
    private String embedded;

    @BeforeEach
    void deploy() throws IOException {
        root = Files.createDirectories(directory.resolve("root"));
        write("a.json", "{\"token\":\"not-a-real-token\"}");
        vertx = Vertx.vertx();
        embedded = vertx.deployVerticle(new EmbeddedCache(root, KEY)).await();
    }

    @AfterEach
    void close() {
        vertx.close().await();
    }

    private void write(String filename, String json) throws IOException {
        Path project = Files.createDirectories(root.resolve("demo"));
        Path temporary = Files.writeString(directory.resolve("new"), json);
        Files.move(temporary, project.resolve(filename), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void embeddedCache_secondRead_isAHit() {
        TokenCache cache = TokenCache.create(vertx);

        assertThat(cache.get("demo", "a.json").await().json().getString("token"))
                .isEqualTo("not-a-real-token");
        assertThat(cache.get("demo", "a.json").await().status()).isEqualTo(CacheStatus.HIT);
    }

    @Test
    void embeddedCache_undeployed_leavesNothingAtTheAddressAndCanComeBack() {
        vertx.undeploy(embedded).await();

        TokenCache cache = TokenCache.create(vertx);
        assertThatThrownBy(() -> cache.get("demo", "a.json").await())
                .hasMessage(Failure.CACHE_UNREACHABLE.machineName());

        vertx.deployVerticle(new EmbeddedCache(root, KEY)).await();
        assertThat(cache.get("demo", "a.json").await()).isNotNull();
    }

    @Test
    void currentToken_changedAndRemovedOnTheDisk_listenerGetsEach() throws Exception {
        BlockingQueue<Optional<String>> heard = new LinkedBlockingQueue<>();
        vertx.deployVerticle(new CurrentToken(
                        "demo",
                        "a.json",
                        file -> heard.add(Optional.ofNullable(file).map(ExamplesIT::token))))
                .await();
        assertThat(heard.poll(30, TimeUnit.SECONDS)).contains("not-a-real-token");

        write("a.json", "{\"token\":\"not-a-real-token-either\"}");
        assertThat(nextOtherThan(heard, "not-a-real-token")).contains("not-a-real-token-either");

        Files.delete(root.resolve("demo/a.json"));
        assertThat(nextOtherThan(heard, "not-a-real-token-either")).isEmpty();
    }

    private static String token(TokenFile file) {
        return file.json().getString("token");
    }

    /** The watcher may report one version twice. */
    private static Optional<String> nextOtherThan(BlockingQueue<Optional<String>> heard, String old) throws Exception {
        while (true) {
            Optional<String> next = heard.poll(30, TimeUnit.SECONDS);
            assertThat(next).as("nothing heard").isNotNull();
            if (!next.equals(Optional.of(old))) {
                return next;
            }
        }
    }

    @Test
    void rotatingAccounts_threeAccounts_skipsTheExpiredAndTheInvalid() throws Exception {
        write("a.json", "{\"name\":\"a\",\"expires_at\":\"" + GOOD + "\"}");
        write("b.json", "{\"name\":\"b\",\"expires_at\":\"" + EXPIRED + "\"}");
        write("c.json", "{\"name\":\"c\"}");
        write("d.json", "{\"name\":");
        TokenCache.create(vertx).clear().await();
        RotatingAccounts accounts = accounts();

        List<String> used = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            used.add(accounts.withAccount(ExamplesIT::named).await());
        }

        assertThat(used.subList(0, 2)).containsExactlyInAnyOrder("a", "c");
        assertThat(used.subList(2, 4)).isEqualTo(used.subList(0, 2));
    }

    @Test
    void rotatingAccounts_callFailsOrThrows_givesTheAccountBack() throws Exception {
        RotatingAccounts accounts = accounts();

        assertThatThrownBy(() -> accounts.withAccount(file -> Future.failedFuture("refused"))
                        .await())
                .hasMessage("refused");
        assertThatThrownBy(() -> accounts.withAccount(file -> {
                            throw new IllegalStateException("a defect");
                        })
                        .await())
                .hasMessage("a defect");

        assertThat(accounts.withAccount(file -> Future.succeededFuture(file.filename()))
                        .await())
                .isEqualTo("a.json");
    }

    @Test
    void rotatingAccounts_accountInUse_isNotGivenTwice() throws Exception {
        RotatingAccounts accounts = accounts();
        Promise<String> slow = Promise.promise();
        Future<String> first = accounts.withAccount(file -> slow.future());

        assertThatThrownBy(() -> accounts.withAccount(ExamplesIT::named).await())
                .hasMessage("no account is free");

        slow.complete("done");
        assertThat(first.await()).isEqualTo("done");
    }

    private RotatingAccounts accounts() {
        RotatingAccounts verticle = new RotatingAccounts("demo", CLOCK);
        vertx.deployVerticle(verticle).await();
        return verticle;
    }

    private static Future<String> named(TokenFile file) {
        return Future.succeededFuture(file.json().getString("name"));
    }
}
