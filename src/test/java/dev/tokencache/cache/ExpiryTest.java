package dev.tokencache.cache;

import static dev.tokencache.cache.CacheHarness.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.CacheStatus;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long values and lists live, and what is looked at again before they end; on a fake clock. */
class ExpiryTest {
    private final CacheHarness harness = new CacheHarness();

    @AfterEach
    void close() {
        harness.close();
    }

    @Test
    void get_untilItsTtlEnds_isServedFromMemory() {
        harness.source.edit("p/a.json", "{\"v\":1}");
        assertThat(await(harness.cache.get("p", "a.json")).status()).isEqualTo(CacheStatus.MISS);
        harness.source.edit("p/a.json", "{\"v\":2}");
        harness.clock.advance(CacheOptions.DEFAULT_TOKEN_TTL.multipliedBy(8).dividedBy(10));
        assertThat(await(harness.cache.get("p", "a.json")).status()).isEqualTo(CacheStatus.HIT);
        assertThat(harness.get("p", "a.json")).isEqualTo("{\"v\":1}");
        assertThat(await(harness.cache.get("p", "a.json")).ageSeconds(harness.clock.nanoTime()))
                .isEqualTo(240);
        harness.clock.advance(CacheOptions.DEFAULT_TOKEN_TTL.dividedBy(5));
        assertThat(harness.get("p", "a.json")).isEqualTo("{\"v\":2}");
    }

    @Test
    void list_untilItsOwnTtlEnds_isServedFromMemory() {
        harness.source.edit("p/b.json", "{}");
        harness.source.edit("p/a.json", "{}");
        assertThat(await(harness.cache.list("p")).names()).containsExactly("a.json", "b.json");
        harness.source.edit("p/c.json", "{}");
        harness.clock.advance(CacheOptions.DEFAULT_LIST_TTL.minusMillis(1));
        assertThat(await(harness.cache.list("p")).names()).containsExactly("a.json", "b.json");
        harness.clock.advance(Duration.ofMillis(1));
        assertThat(await(harness.cache.list("p")).names()).containsExactly("a.json", "b.json", "c.json");
    }

    @Test
    void get_tokenThatExpiresEarlier_livesUntilThen() {
        long expiry = harness.clock.currentMillis() + 60_000;
        harness.source.edit("p/a.json", "{\"expires\":" + expiry + "}");
        harness.get("p", "a.json");
        harness.clock.advance(Duration.ofSeconds(59));
        harness.get("p", "a.json");
        assertThat(harness.source.reads()).isEqualTo(1);
        harness.clock.advance(Duration.ofSeconds(1));
        harness.get("p", "a.json");
        assertThat(harness.source.reads()).isEqualTo(2);
        harness.get("p", "a.json");
        assertThat(harness.source.reads())
                .as("an expiry already past does not shorten its life")
                .isEqualTo(2);
    }

    @Test
    void get_revalidatedTokenThatExpiresBeforeItsNewTtl_livesUntilThen() {
        long expiry = harness.clock.currentMillis() + Duration.ofMinutes(12).toMillis();
        harness.source.edit("p/a.json", "{\"expires\":" + expiry + "}");
        harness.get("p", "a.json");
        for (int seconds : new int[] {285, 275}) {
            harness.clock.advance(Duration.ofSeconds(seconds));
            harness.get("p", "a.json");
            harness.settle();
        }
        assertThat(harness.source.fingerprintCalls()).isEqualTo(2);
        assertThat(harness.source.reads())
                .as("once more while it was racy, not the second time")
                .isEqualTo(2);
        harness.clock.advance(Duration.ofSeconds(159));
        assertThat(await(harness.cache.get("p", "a.json")).status()).isEqualTo(CacheStatus.HIT);
        harness.settle();
        assertThat(harness.source.fingerprintCalls())
                .as("no look puts off its own expiry")
                .isEqualTo(2);
        harness.clock.advance(Duration.ofSeconds(1));
        assertThat(await(harness.cache.get("p", "a.json")).status()).isEqualTo(CacheStatus.MISS);
        assertThat(harness.source.reads()).isEqualTo(3);
    }

    @Test
    void get_inDemandNearTheEndOfItsTtl_isRevalidatedAndNeverMisses() {
        harness.source.edit("p/a.json", "{\"v\":1}");
        harness.get("p", "a.json");
        for (int round = 0; round < 3; round++) {
            harness.clock.advance(
                    CacheOptions.DEFAULT_TOKEN_TTL.multipliedBy(95).dividedBy(100));
            assertThat(await(harness.cache.get("p", "a.json")).status()).isEqualTo(CacheStatus.HIT);
            harness.settle();
        }
        assertThat(harness.source.reads())
                .as("a fresh fingerprint is racy: one more read")
                .isEqualTo(2);
        assertThat(harness.source.fingerprintCalls()).isEqualTo(3);
        assertThat(harness.cacheStats().getLong("misses")).isEqualTo(1);
    }

    @Test
    void revalidation_ofAChangedFile_readsIt() {
        harness.source.edit("p/a.json", "{\"v\":1}");
        harness.get("p", "a.json");
        harness.source.edit("p/a.json", "{\"v\":2}");
        harness.clock.advance(CacheOptions.DEFAULT_TOKEN_TTL.multipliedBy(95).dividedBy(100));
        harness.get("p", "a.json");
        harness.settle();
        assertThat(harness.get("p", "a.json")).isEqualTo("{\"v\":2}");
    }

    @Test
    void revalidation_ofAFileThatIsGoneOrBroken_dropsTheOldValue() {
        harness.source.edit("p/gone.json", "{}");
        harness.source.edit("p/broken.json", "{}");
        harness.get("p", "gone.json");
        harness.get("p", "broken.json");
        harness.source.remove("p/gone.json");
        harness.source.edit("p/broken.json", "torn");
        harness.clock.advance(CacheOptions.DEFAULT_TOKEN_TTL.multipliedBy(95).dividedBy(100));
        harness.get("p", "gone.json");
        harness.get("p", "broken.json");
        harness.settle();
        assertThat(harness.get("p", "gone.json")).isNull();
        assertThatThrownBy(() -> harness.get("p", "broken.json")).hasMessage("invalid_token_file");
    }
}
