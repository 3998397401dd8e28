package dev.tokencache.cache;

import static dev.tokencache.cache.CacheHarness.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.TokenCache;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    private final Vertx vertx = Vertx.vertx();
    private final FakeClock clock = new FakeClock();

    @AfterEach
    void close() {
        await(vertx.close());
    }

    @Test
    void run_listNotThereInTime_asksAgainUntilItIs() throws InterruptedException {
        AtomicInteger asked = new AtomicInteger();
        FakeSource source = new FakeSource(clock) {
            @Override
            public synchronized Future<List<String>> candidates(String project) {
                boolean late = project.equals("slow") && asked.incrementAndGet() < 2;
                return late ? Promise.<List<String>>promise().future() : super.candidates(project);
            }
        };
        source.edit("slow/a.json", "{}");
        source.edit("other/b.json", "{}");
        CacheOptions options = new CacheOptions()
                .setNanoTime(clock::nanoTime)
                .setCurrentMillis(clock::currentMillis)
                .setLoadTimeout(Duration.ofMillis(20))
                .setPreload(List.of("slow", "other"));
        await(vertx.deployVerticle(new CacheVerticle(options, source)));
        TokenCache cache = TokenCache.create(vertx);

        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (cachedTokens(cache) < 2) {
            assertThat(System.nanoTime() - end).isNegative();
            if (asked.get() < 2) {
                clock.advance(Duration.ofMillis(1));
            }
        }
        assertThat(asked).hasValue(2);
    }

    private static int cachedTokens(TokenCache cache) {
        return await(cache.stats()).getJsonObject("cache").getInteger("cachedTokens");
    }
}
