package dev.tokencache.redis;

import dev.tokencache.Poll;
import dev.tokencache.TokenFile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** What the tests of the tier share. */
final class Nodes {
    /** Fake: 32 bytes that no file holds. */
    static final byte[] KEY = "thirty-two bytes for tests only!".getBytes(StandardCharsets.US_ASCII);

    private static final long BOUND_SECONDS = 30;

    private Nodes() {}

    static RedisSourceOptions options(String url) {
        return new RedisSourceOptions().setUrl(url).setKey(SealKey.of(KEY)).setInterval(Duration.ofMillis(100));
    }

    /** A source on files, once it is connected. */
    static RedisTokenSource connected(Vertx vertx, RedisSourceOptions options, FakeDisk disk) throws Exception {
        RedisTokenSource source = new RedisTokenSource(vertx, options, disk);
        await(source::isUsable);
        return source;
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(BOUND_SECONDS, TimeUnit.SECONDS);
    }

    /** Waits until something holds. */
    static void await(Callable<Boolean> condition) throws Exception {
        Poll.untilTrue(condition);
    }

    static String text(Future<TokenFile> file) throws Exception {
        return text(await(file));
    }

    static String text(TokenFile file) {
        return file == null ? null : new String(file.bytes(), StandardCharsets.UTF_8);
    }
}
