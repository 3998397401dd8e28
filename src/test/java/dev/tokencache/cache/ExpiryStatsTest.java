package dev.tokencache.cache;

import static dev.tokencache.cache.CacheHarness.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Precondition;
import dev.tokencache.TokenKey;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the statistics count as expired and as expiring. */
class ExpiryStatsTest {
    private final CacheHarness harness = new CacheHarness(options -> options.setMaxBytes(1)); // no value stays

    @AfterEach
    void close() {
        harness.close();
    }

    private String expiringIn(Duration time) {
        return "{\"expires\":" + (harness.clock.currentMillis() + time.toMillis()) + "}";
    }

    private void assertCounts(int expired, int expiring) {
        JsonObject stats = await(harness.cache.stats());
        JsonObject listed = await(harness.cache.projects()).getJsonObject(0);
        for (JsonObject counts : List.of(stats.getJsonObject("stats").getJsonObject("p"), listed)) {
            assertThat(counts.getInteger("expiredTokens")).isEqualTo(expired);
            assertThat(counts.getInteger("expiringTokens")).isEqualTo(expiring);
        }
        JsonObject cache = stats.getJsonObject("cache");
        assertThat(cache.getInteger("expiredTokens")).isEqualTo(expired);
        assertThat(cache.getInteger("expiringTokens")).isEqualTo(expiring);
    }

    @Test
    void counts_whileTheClockRunsAndIsSetBack_followIt() {
        harness.source.edit("p/past.json", expiringIn(Duration.ofMinutes(-1)));
        harness.source.edit("p/soon.json", expiringIn(Duration.ofMinutes(30)));
        harness.source.edit("p/late.json", expiringIn(Duration.ofMinutes(90)));
        harness.source.edit("p/never.json", "{}");
        harness.source.edit("p/torn.json", "torn");
        harness.scan();
        assertCounts(0, 0);
        await(harness.cache.preload("p"));
        assertCounts(1, 1);
        harness.clock.advance(Duration.ofMinutes(30).minusSeconds(2));
        assertCounts(1, 1);
        harness.clock.advance(Duration.ofSeconds(3));
        assertCounts(2, 1);
        harness.clock.advance(Duration.ofHours(1));
        assertCounts(3, 0);
        harness.clock.stepWallClock(Duration.ofHours(-1));
        assertCounts(2, 1);
        harness.clock.stepWallClock(Duration.ofDays(-1));
        assertCounts(0, 0);
        harness.clock.stepWallClock(Duration.ofDays(2));
        assertCounts(3, 0);
    }

    @Test
    void counts_ofAnotherVersion_areForgottenUntilThatIsRead() {
        harness.source.edit("p/a.json", expiringIn(Duration.ofMinutes(-1)));
        harness.scan();
        harness.get("p", "a.json");
        assertCounts(1, 0);
        await(harness.cache.clear());
        assertCounts(1, 0);
        harness.source.edit("p/a.json", expiringIn(Duration.ofMinutes(5)));
        harness.scan();
        assertCounts(0, 0);
        harness.get("p", "a.json");
        assertCounts(0, 1);
        harness.source.edit("p/a.json", "torn");
        await(harness.cache.preload("p"));
        assertCounts(0, 0);
    }

    @Test
    void counts_ofWhatWasWritten_areKnownAtOnceAndEndWithTheFile() {
        TokenKey key = new TokenKey("p", "a.json");
        harness.source.edit("p/other.json", "{}");
        await(harness.cache.put(key, expiringIn(Duration.ofMinutes(5)), Precondition.NONE));
        assertCounts(0, 1);
        await(harness.cache.put(key, expiringIn(Duration.ofMinutes(-5)), Precondition.NONE));
        assertCounts(1, 0);
        await(harness.cache.delete(key, Precondition.NONE));
        assertCounts(0, 0);
        await(harness.cache.put(key, expiringIn(Duration.ofMinutes(5)), Precondition.NONE));
        harness.scan();
        harness.source.remove("p/a.json");
        assertCounts(0, 1);
        harness.scan();
        assertCounts(0, 0);
    }
}
