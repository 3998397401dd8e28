package dev.tokencache.cache;

import static dev.tokencache.cache.CacheHarness.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Precondition;
import dev.tokencache.TokenKey;
import io.vertx.core.Future;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What was not found is remembered for a moment, and for no longer than it is true as far as anybody has heard. */
class AbsentNamesTest {
    private static final TokenKey KEY = new TokenKey("p", "a.json");

    private final CacheHarness harness = new CacheHarness();

    @AfterEach
    void close() {
        harness.close();
    }

    private String get() {
        return harness.get("p", "a.json");
    }

    private void miss() {
        assertThat(get()).isNull();
    }

    @Test
    void get_absentAgain_costsNoSecondLook() {
        miss();
        miss();
        assertThat(harness.source.reads()).isEqualTo(1);
        assertThat(harness.cacheStats().getLong("absentHits")).isEqualTo(1);
        assertThat(harness.cacheStats().getInteger("absentNames")).isEqualTo(1);

        harness.clock.advance(CacheOptions.DEFAULT_ABSENT_TTL);
        miss();
        assertThat(harness.source.reads()).isEqualTo(2);
    }

    @Test
    void get_absentAndThenMadeUnheard_isFoundWithinTheBound() {
        miss();
        harness.source.edit("p/a.json", "{}");
        harness.clock.advance(CacheOptions.DEFAULT_ABSENT_TTL.minusNanos(1));
        miss();
        harness.clock.advance(Duration.ofNanos(1));
        assertThat(get()).isEqualTo("{}");
    }

    @Test
    void get_absentAndThenHeardOf_isFoundAtOnce() {
        miss();
        harness.source.edit("p/a.json", "{\"by\":\"watcher\"}");
        harness.scan();
        assertThat(get()).isEqualTo("{\"by\":\"watcher\"}");

        await(harness.cache.delete(KEY, Precondition.NONE));
        miss();
        await(harness.cache.put(KEY, "{\"by\":\"write\"}", Precondition.NONE));
        assertThat(get()).isEqualTo("{\"by\":\"write\"}");
    }

    @Test
    void get_absentAndThenInvalidated_looksAgain() {
        miss();
        harness.source.edit("p/a.json", "{}");
        await(harness.cache.invalidate(KEY));
        assertThat(get()).isEqualTo("{}");

        await(harness.cache.delete(KEY, Precondition.NONE));
        miss();
        harness.source.edit("p/a.json", "{}");
        await(harness.cache.invalidateProject("p"));
        assertThat(get()).isEqualTo("{}");

        await(harness.cache.delete(KEY, Precondition.NONE));
        miss();
        harness.source.edit("p/a.json", "{}");
        await(harness.cache.clear());
        assertThat(get()).isEqualTo("{}");
    }

    @Test
    void get_lookThatIsHeardOfBeforeItsEnd_isNotRemembered() {
        harness.source.hold();
        Future<?> slow = harness.cache.get(KEY);
        harness.settle();
        harness.source.edit("p/a.json", "{}");
        harness.scan();
        harness.source.stopHolding();
        harness.source.release();
        assertThat(await(slow)).isNull();
        assertThat(get()).isEqualTo("{}");
    }

    @Test
    void add_manyNames_keepsTheLatest() {
        FakeClock clock = new FakeClock();
        AbsentNames names = new AbsentNames(1_000, clock::nanoTime);
        for (int i = 0; i <= AbsentNames.MAX; i++) {
            names.add("p/" + i, clock.nanoTime());
        }
        assertThat(names.size()).isEqualTo(AbsentNames.MAX);
        assertThat(names.contains("p/0")).isFalse();
        assertThat(names.contains("p/1")).isTrue();

        clock.advance(Duration.ofNanos(1_000));
        assertThat(names.contains("p/1")).isFalse();
        names.dropOld();
        assertThat(names.size()).isZero();
    }

    @Test
    void add_lookThatTookLong_countsFromItsBeginning() {
        FakeClock clock = new FakeClock();
        AbsentNames names = new AbsentNames(1_000, clock::nanoTime);
        long looked = clock.nanoTime();
        clock.advance(Duration.ofNanos(1_000));
        names.add("p/a", looked);
        assertThat(names.contains("p/a")).isFalse();
    }
}
