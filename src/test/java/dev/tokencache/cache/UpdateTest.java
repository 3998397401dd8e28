package dev.tokencache.cache;

import static dev.tokencache.cache.CacheHarness.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Other times and bounds while the cache runs. */
class UpdateTest {
    private static final Duration SHORT = Duration.ofSeconds(10);

    private final CacheHarness harness = new CacheHarness();

    @AfterEach
    void close() {
        harness.close();
    }

    private void update(CacheOptions options) {
        await(harness.verticle.update(options));
    }

    private long reads() {
        return harness.source.reads();
    }

    @Test
    void shorterTokenTtl_holdsForWhatWasReadBefore() {
        harness.source.edit("p/a.json", "{\"n\":1}");
        assertThat(harness.get("p", "a.json")).isEqualTo("{\"n\":1}");
        harness.clock.advance(SHORT);
        harness.source.edit("p/a.json", "{\"n\":2}");

        update(new CacheOptions().setTokenTtl(SHORT));

        assertThat(harness.get("p", "a.json")).isEqualTo("{\"n\":2}");
        JsonObject stats = harness.cacheStats();
        assertThat(stats.getLong("tokenTtl")).isEqualTo(SHORT.toMillis());
        assertThat(harness.get("p", "a.json")).isEqualTo("{\"n\":2}");
        assertThat(reads()).isEqualTo(2);
        harness.clock.advance(SHORT);
        harness.source.edit("p/a.json", "{\"n\":3}");
        assertThat(harness.get("p", "a.json")).isEqualTo("{\"n\":3}");
    }

    @Test
    void longerTokenTtl_keepsWhatIsThere() {
        harness.source.edit("p/a.json", "{}");
        harness.get("p", "a.json");

        update(new CacheOptions().setTokenTtl(Duration.ofHours(1)));

        harness.get("p", "a.json");
        assertThat(reads()).isEqualTo(1);
        harness.source.edit("p/b.json", "{}");
        harness.get("p", "b.json");
        harness.clock.advance(Duration.ofMinutes(30));
        harness.get("p", "b.json");
        assertThat(reads()).isEqualTo(2);
        harness.get("p", "a.json");
        assertThat(reads()).isEqualTo(3);
    }

    @Test
    void shorterListTtl_holdsForListsReadBefore() {
        harness.source.edit("p/a.json", "{}");
        assertThat(await(harness.cache.list("p")).names()).hasSize(1);
        harness.clock.advance(SHORT);
        harness.source.edit("p/b.json", "{}");
        assertThat(await(harness.cache.list("p")).names()).hasSize(1);

        update(new CacheOptions().setListTtl(SHORT));

        assertThat(await(harness.cache.list("p")).names()).hasSize(2);
        harness.source.edit("p/c.json", "{}");
        harness.clock.advance(SHORT);
        assertThat(await(harness.cache.list("p")).names()).hasSize(3);
    }

    @Test
    void lessMemory_isLeftAtOnce() {
        for (int i = 0; i < 20; i++) {
            harness.source.edit("p/" + i + ".json", "{}");
            harness.get("p", i + ".json");
        }
        long full = harness.cacheStats().getLong("bytes");

        update(new CacheOptions().setMaxBytes(full / 2));

        JsonObject stats = harness.cacheStats();
        assertThat(stats.getLong("bytes")).isPositive().isLessThanOrEqualTo(full / 2);
        assertThat(stats.getLong("maxBytes")).isEqualTo(full / 2);
        assertThat(stats.getLong("evictions")).isPositive();
        await(harness.cache.clear());
        for (int i = 0; i < 20; i++) {
            harness.get("p", i + ".json");
        }
        assertThat(harness.cacheStats().getLong("bytes")).isLessThanOrEqualTo(full / 2);
    }

    @Test
    void shorterAbsentTtl_forgetsWhatWasAbsent() {
        assertThat(harness.get("p", "a.json")).isNull();
        harness.source.edit("p/a.json", "{}");
        assertThat(harness.get("p", "a.json")).isNull();

        update(new CacheOptions().setAbsentTtl(Duration.ofMillis(1)));

        assertThat(harness.get("p", "a.json")).isEqualTo("{}");
    }
}
