package dev.tokencache.cache;

import static dev.tokencache.cache.CacheHarness.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Precondition;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenCacheOptions;
import dev.tokencache.TokenKey;
import dev.tokencache.TokenSource;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A source that completes its futures on threads of its own: the cache's state is touched on its event loop all the same. */
class StrayThreadsTest {
    private final CacheHarness harness = new CacheHarness();
    private final Set<Boolean> onEventLoop = ConcurrentHashMap.newKeySet();

    @AfterEach
    void close() {
        harness.close();
    }

    private long noteThread() {
        onEventLoop.add(Context.isOnEventLoopThread());
        return harness.clock.nanoTime();
    }

    private static Future<Object> onItsOwnThread(Callable<Future<?>> call) {
        Promise<Object> promise = Promise.promise();
        new Thread(() -> {
                    try {
                        call.call().onComplete(done -> promise.handle(done.map(value -> (Object) value)));
                    } catch (Exception e) {
                        promise.fail(e);
                    }
                })
                .start();
        return promise.future();
    }

    private TokenCache cache() {
        TokenSource stray = (TokenSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {TokenSource.class}, (self, method, arguments) -> {
                    if (method.getName().equals("readAll")) {
                        return ((List<?>) arguments[0])
                                .stream()
                                        .map(key -> onItsOwnThread(() -> harness.source.read((TokenKey) key)))
                                        .toList();
                    }
                    return onItsOwnThread(() -> (Future<?>) method.invoke(harness.source, arguments));
                });
        CacheOptions options = new CacheOptions()
                .setBaseAddress("stray")
                .setNanoTime(this::noteThread)
                .setPreload(List.of("*"));
        await(harness.vertx.deployVerticle(new CacheVerticle(options, stray)));
        return TokenCache.create(harness.vertx, new TokenCacheOptions().setBaseAddress("stray"));
    }

    private static void awaitPreloaded(TokenCache cache) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (await(cache.stats()).getJsonObject("cache").getInteger("cachedTokens") == 0) {
            assertThat(System.nanoTime() - end).as("preloaded in time").isNegative();
        }
    }

    @Test
    void everyOperation_overASourceWithThreadsOfItsOwn_staysOnTheEventLoop() {
        harness.source.edit("q/b.json", "{}");
        TokenCache cache = cache();
        TokenKey key = new TokenKey("p", "a.json");
        awaitPreloaded(cache);

        await(cache.put(key, "{}", Precondition.NONE));
        assertThat(await(cache.get(key))).isNotNull();
        assertThat(await(cache.list("p")).count()).isEqualTo(1);
        assertThat(await(cache.delete(key, Precondition.NONE))).isTrue();

        assertThat(onEventLoop).containsExactly(true);
    }
}
