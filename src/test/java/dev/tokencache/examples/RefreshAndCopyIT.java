package dev.tokencache.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.Precondition;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import dev.tokencache.content.EtagKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples that refresh a token and keep a copy do what they say. */
@Timeout(60)
class RefreshAndCopyIT {
    private static final EtagKey KEY = EtagKey.of("a fixture, not a key".getBytes(StandardCharsets.UTF_8));
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-31T12:00:00Z"), ZoneOffset.UTC);
    private static final JsonObject FRESH =
            new JsonObject().put("access_token", "made-up-2").put("expires_at", "2026-01-31T13:00:00Z");

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private Path project;
    private TokenCache cache;

    @BeforeEach
    void deploy() throws IOException {
        Path root = directory.resolve("root");
        project = Files.createDirectories(root.resolve("demo"));
        write("old.json", "{\"access_token\":\"made-up-1\",\"expires_at\":\"2026-01-31T11:00:00Z\",\"n\":1.0}");
        write("good.json", "{\"access_token\":\"made-up-3\",\"expires_at\":\"2026-01-31T12:30:00Z\"}");
        write("bad.json", "{");
        vertx.deployVerticle(new EmbeddedCache(root, KEY)).await();
        cache = TokenCache.create(vertx);
    }

    @AfterEach
    void close() {
        vertx.close().await();
    }

    private void write(String filename, String json) throws IOException {
        Path temporary = Files.writeString(directory.resolve("new"), json);
        Files.move(temporary, project.resolve(filename), StandardCopyOption.ATOMIC_MOVE);
    }

    private static Future<JsonObject> neverAsked(JsonObject content) {
        return Future.failedFuture("asked without need");
    }

    @Test
    void accessToken_expired_isRefreshedOnceAndKeepsTheOtherMembers() throws Exception {
        RefreshedTokens tokens = new RefreshedTokens(cache, CLOCK, content -> Future.succeededFuture(FRESH));

        assertThat(tokens.accessToken("demo", "old.json").await()).isEqualTo("made-up-2");
        assertThat(project.resolve("old.json")).content().contains("\"n\":1.0", "made-up-2");

        RefreshedTokens later = new RefreshedTokens(cache, CLOCK, RefreshAndCopyIT::neverAsked);
        assertThat(later.accessToken("demo", "old.json").await()).isEqualTo("made-up-2");
        assertThat(later.accessToken("demo", "good.json").await()).isEqualTo("made-up-3");
        assertThat(later.accessToken("demo", "absent.json").await()).isNull();
    }

    @Test
    void accessToken_refreshedByAnotherMeanwhile_isTheOthers() {
        TokenKey key = TokenKey.parse("demo/old.json");
        RefreshedTokens slow = new RefreshedTokens(
                cache,
                CLOCK,
                content -> cache.put(key, "{\"access_token\":\"made-up-4\"}", Precondition.NONE)
                        .map(FRESH));

        assertThat(slow.accessToken("demo", "old.json").await()).isEqualTo("made-up-4");
    }

    @Test
    void accessToken_issuerFails_failsAndWritesNothing() throws Exception {
        String before = Files.readString(project.resolve("old.json"));
        RefreshedTokens tokens = new RefreshedTokens(cache, CLOCK, content -> Future.failedFuture("no such account"));

        assertThatThrownBy(() -> tokens.accessToken("demo", "old.json").await()).hasMessage("no such account");
        assertThat(project.resolve("old.json")).hasContent(before);
    }

    @Test
    void copy_ofAProject_followsWhatOthersDo() throws Exception {
        ProjectCopy copy = new ProjectCopy("demo");
        vertx.deployVerticle(copy).await();
        await(copy, tokens -> tokens.keySet().equals(Set.of("old.json", "good.json")));

        write("good.json", "{\"access_token\":\"made-up-5\"}");
        Files.delete(project.resolve("old.json"));
        write("bad.json", "{\"access_token\":\"mended\"}");

        await(
                copy,
                tokens -> tokens.size() == 2
                        && token(tokens, "good.json").equals("made-up-5")
                        && token(tokens, "bad.json").equals("mended"));
    }

    private static String token(Map<String, TokenFile> tokens, String filename) {
        TokenFile file = tokens.get(filename);
        return file == null ? "" : file.json().getString("access_token");
    }

    /** Looks at the copy every few milliseconds. */
    private void await(ProjectCopy copy, Predicate<Map<String, TokenFile>> isRight) throws InterruptedException {
        CountDownLatch right = new CountDownLatch(1);
        long timer = vertx.setPeriodic(5, id -> {
            if (isRight.test(copy.tokens())) {
                right.countDown();
            }
        });
        assertThat(right.await(50, TimeUnit.SECONDS))
                .as("%s", copy.tokens().keySet())
                .isTrue();
        vertx.cancelTimer(timer);
    }
}
