package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import dev.tokencache.Poll;
import dev.tokencache.Precondition;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenKey;
import dev.tokencache.content.EtagKey;
import dev.tokencache.examples.EmbeddedCache;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An embedded cache that starts before its root exists. The server makes its root at the start; an application's may come
 * later, with a mount for example.
 */
@Timeout(60)
class StartEmbeddedIT {
    private static final TokenKey KEY = new TokenKey("demo", "a.json");

    /** C2: interval + one scan + 2 s. */
    private static final Duration BOUND = Duration.ofMillis(3_500);

    @TempDir
    Path directory;

    @Test
    void start_beforeTheRootExists_isAnErrorUntilItDoes() throws Exception {
        Path root = directory.resolve("accounts");
        Vertx vertx = Vertx.vertx();
        try {
            await(vertx.deployVerticle(new EmbeddedCache(root, EtagKey.of(new byte[32]))));
            TokenCache cache = TokenCache.create(vertx);
            assertThat(failure(cache.get(KEY))).isEqualTo(Failure.STORAGE_UNREADABLE);
            assertThat(failure(cache.list("demo"))).isEqualTo(Failure.STORAGE_UNREADABLE);
            assertThat(failure(cache.put(KEY, "{}", Precondition.NONE))).isEqualTo(Failure.STORAGE_UNREADABLE);
            assertThat(root).doesNotExist();

            Files.writeString(
                    Files.createDirectories(root.resolve("demo")).resolve("a.json"), "{\"token\":\"made-up\"}");

            Poll.until(BOUND, () -> failure(cache.get(KEY)), failure -> failure == null);
            Poll.until(BOUND, () -> failure(cache.list("demo")), failure -> failure == null);
            assertThat(await(cache.list("demo")).names()).containsExactly("a.json");
            await(cache.put(KEY, "{}", Precondition.NONE));
        } finally {
            await(vertx.close());
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static Failure failure(Future<?> future) throws Exception {
        try {
            await(future);
            return null;
        } catch (ExecutionException e) {
            return Failure.of(e.getCause());
        }
    }
}
