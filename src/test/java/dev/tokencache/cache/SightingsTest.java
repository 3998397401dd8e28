package dev.tokencache.cache;

import static dev.tokencache.cache.CacheHarness.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Precondition;
import dev.tokencache.TokenKey;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a version that the source has at hand may stand in for the file: the source here has every version there ever was. */
class SightingsTest {
    private static final TokenKey KEY = new TokenKey("p", "a.json");

    private CacheHarness harness;

    @BeforeEach
    void start() {
        // Nothing stays in memory: every get is a load.
        harness = new CacheHarness(options -> options.setTokenTtl(Duration.ZERO).setAbsentTtl(Duration.ZERO));
        harness.source.keepEverything();
        harness.source.edit("p/a.json", "{\"v\":1}");
    }

    @AfterEach
    void stop() {
        harness.close();
    }

    private String get() {
        return harness.get("p", "a.json");
    }

    private void editUnseen() {
        harness.source.edit("p/a.json", "{\"v\":2}");
    }

    private boolean isVouchedFor() {
        int before = harness.source.tierReads();
        get();
        return harness.source.tierReads() > before;
    }

    @Test
    void read_beforeAnyLook_isNotVouchedFor() {
        assertThat(isVouchedFor()).isFalse();
    }

    @Test
    void read_afterALook_isVouchedForAsOfThatLook() {
        harness.scan();
        harness.clock.advance(Duration.ofSeconds(1));

        assertThat(isVouchedFor()).isTrue();
        assertThat(await(harness.cache.get(KEY)).ageSeconds(harness.clock.nanoTime()))
                .isEqualTo(1);
    }

    @Test
    void read_whenTheWatcherIsSilent_isNotVouchedFor() {
        harness.scan();
        harness.clock.advance(Duration.ofSeconds(3));

        assertThat(isVouchedFor()).isFalse();
    }

    @Test
    void read_afterARequestToInvalidate_isVouchedForByALaterLookOnly() {
        harness.scan();
        CacheHarness.Look early = harness.look();
        editUnseen();
        await(harness.cache.invalidate(KEY));
        harness.tell(early);

        assertThat(get()).isEqualTo("{\"v\":2}");
        harness.scan();
        harness.scan();
        assertThat(isVouchedFor()).isTrue();
        assertThat(get()).isEqualTo("{\"v\":2}");
    }

    @Test
    void read_afterInvalidationsOfProjectAndEverything_isNotVouchedFor() {
        harness.scan();
        editUnseen();
        await(harness.cache.invalidateProject("p"));
        assertThat(get()).isEqualTo("{\"v\":2}");

        harness.scan();
        harness.scan();
        harness.source.edit("p/a.json", "{\"v\":3}");
        await(harness.cache.clear());
        assertThat(get()).isEqualTo("{\"v\":3}");
    }

    @Test
    void read_onceAnotherVersionWasGiven_neverGoesBack() {
        harness.scan();
        CacheHarness.Look early = harness.look();
        editUnseen();
        await(harness.cache.invalidate(KEY));
        assertThat(get()).isEqualTo("{\"v\":2}");
        harness.tell(early); // says that it is the first version

        assertThat(get()).isEqualTo("{\"v\":2}");
    }

    @Test
    void read_onceCalledAbsent_neverGoesBack() {
        harness.scan();
        CacheHarness.Look early = harness.look();
        harness.source.remove("p/a.json");
        await(harness.cache.invalidate(KEY));
        assertThat(get()).isNull();
        harness.tell(early);

        assertThat(get()).isNull();
    }

    @Test
    void read_afterAWriteOfTheCache_isTheWrittenVersion() {
        harness.scan();
        CacheHarness.Look early = harness.look();
        await(harness.cache.put(KEY, "{\"v\":9}", Precondition.NONE));
        harness.tell(early);

        assertThat(get()).isEqualTo("{\"v\":9}");
    }

    @Test
    void doubts_beyondTheirBound_holdForEverything() {
        harness.scan();
        harness.source.edit("p/b.json", "{\"v\":1}");
        harness.scan();
        harness.scan();
        assertThat(isVouchedFor()).isTrue();

        await(harness.cache.invalidate(KEY));
        for (int i = 0; i < Sightings.MAX_DOUBTS; i++) {
            harness.cache.invalidate(new TokenKey("q", "k" + i + ".json"));
        }
        harness.cacheStats();
        editUnseen();

        assertThat(get()).isEqualTo("{\"v\":2}");
        harness.scan();
        harness.scan();
        assertThat(isVouchedFor()).isTrue();
    }
}
