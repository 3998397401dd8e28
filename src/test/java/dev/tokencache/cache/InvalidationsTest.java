package dev.tokencache.cache;

import static dev.tokencache.cache.CacheHarness.await;
import static dev.tokencache.cache.CacheHarness.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Precondition;
import dev.tokencache.Telemetry;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Invalidations are counted by who says so, and loads are told of. */
class InvalidationsTest {
    private static final TokenKey KEY = new TokenKey("p", "a.json");
    private static final String OLD = "{\"v\":1}";
    private static final String NEW = "{\"v\":2}";

    private final List<Long> loads = new CopyOnWriteArrayList<>();
    private final CacheHarness harness = new CacheHarness(options -> options.setTelemetry(new Telemetry() {
        @Override
        public void loaded(long nanos) {
            loads.add(nanos);
        }
    }));

    @AfterEach
    void close() {
        harness.close();
    }

    private void expect(int request, int watcher, int write, int overtaken) {
        JsonObject stats = harness.cacheStats();
        assertThat(stats.getJsonObject("invalidatedBy"))
                .isEqualTo(new JsonObject()
                        .put("request", (long) request)
                        .put("watcher", (long) watcher)
                        .put("write", (long) write)
                        .put("overtaken", (long) overtaken));
        assertThat(stats.getLong("invalidations")).isEqualTo(request + watcher + write + overtaken);
        assertThat(stats.getLong("loads")).isEqualTo(loads.size());
    }

    @Test
    void invalidations_byEachSource_areItsOwn() {
        harness.source.edit("p/a.json", OLD);
        harness.scan();
        harness.get("p", "a.json");
        expect(0, 0, 0, 0);

        await(harness.cache.invalidate(KEY));
        expect(1, 0, 0, 0);

        harness.get("p", "a.json");
        harness.source.edit("p/a.json", NEW);
        harness.scan();
        expect(1, 1, 0, 0);

        harness.get("p", "a.json");
        await(harness.cache.delete(KEY, Precondition.ifMatch(null)));
        JsonObject by = harness.cacheStats().getJsonObject("invalidatedBy");
        assertThat(by.getLong("write")).isPositive();
        assertThat(by.getLong("request") + by.getLong("watcher") + by.getLong("overtaken"))
                .isEqualTo(2);
    }

    @Test
    void invalidations_byALoadThatSawMore_areOvertaken() {
        harness.source.edit("p/a.json", OLD);
        harness.source.holdUnlooked();
        Future<TokenFile> first = harness.cache.get(KEY);
        harness.settle();
        await(harness.cache.invalidate(KEY));
        harness.source.stopHolding();
        harness.get("p", "a.json");
        harness.source.edit("p/a.json", NEW);
        harness.source.release();
        assertThat(text(first)).isEqualTo(NEW);

        expect(1, 0, 0, 1);
    }

    @Test
    void lists_inMemory_areCounted() {
        harness.source.edit("p/a.json", OLD);
        assertThat(harness.cacheStats().getInteger("cachedLists")).isZero();
        await(harness.cache.list("p"));
        assertThat(harness.cacheStats().getInteger("cachedLists")).isEqualTo(1);
    }
}
