package dev.tokencache.cache;

import static dev.tokencache.cache.CacheHarness.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.PageQuery;
import dev.tokencache.TokenFiles;
import dev.tokencache.TokenKey;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A source that is slow or hangs: who doesn't need it isn't delayed, and the bounds hold. */
class OverloadTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private static CacheHarness harness(int maxLoads) {
        return new CacheHarness(options -> options.setMaxLoads(maxLoads).setLoadTimeout(TIMEOUT));
    }

    private static void assertFails(Future<?> read, String failure) {
        assertThatThrownBy(() -> await(read)).hasMessage(failure);
    }

    @Test
    void get_keyThatHangs_startsNoThirdLoadAndAnswersAgainOnceOneEnds() {
        try (CacheHarness harness = harness(8)) {
            harness.source.edit("p/a.json", "{}");
            harness.source.edit("p/b.json", "{}");
            harness.source.hold();
            for (int i = 0; i < 2; i++) {
                Future<?> slow = harness.cache.get("p", "a.json");
                harness.settle();
                harness.clock.advance(TIMEOUT);
                assertFails(slow, "load_timeout");
            }
            assertThat(harness.source.reads()).isEqualTo(2);
            assertFails(harness.cache.get("p", "a.json"), "load_timeout");
            assertThat(harness.source.reads()).isEqualTo(2);

            harness.source.stopHolding();
            assertThat(harness.get("p", "b.json")).isEqualTo("{}");
            harness.source.release();
            harness.settle();
            assertThat(harness.get("p", "a.json")).isEqualTo("{}");
            harness.source.release();
            harness.settle();
            assertThat(harness.cacheStats().getInteger("loadsInFlight")).isZero();
        }
    }

    @Test
    void get_oneProjectHangs_leavesLoadsToTheOthers() {
        try (CacheHarness harness = harness(8)) {
            harness.source.edit("other/a.json", "{}");
            harness.source.hold();
            List<Future<?>> hung = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                hung.add(harness.cache.get("slow", i + ".json"));
            }
            harness.settle();
            assertFails(harness.cache.get("slow", "more.json"), "overloaded");
            harness.source.stopHolding();
            assertThat(harness.get("other", "a.json")).isEqualTo("{}");
            while (harness.source.release()) {
                harness.settle();
            }
            hung.forEach(CacheHarness::await);
            assertThat(harness.get("slow", "more.json")).isNull();
        }
    }

    @Test
    void getAll_moreThanTheBoundOfLoads_loadsThemBitByBit() {
        try (CacheHarness harness = harness(4)) {
            List<TokenKey> keys = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                harness.source.edit("p/" + i + ".json", "{}");
                keys.add(new TokenKey("p", i + ".json"));
            }
            TokenFiles files = await(harness.cache.getAll(keys));
            for (int i = 0; i < keys.size(); i++) {
                assertThat(files.failure(i)).isNull();
                assertThat(files.file(i)).isNotNull();
            }
        }
    }

    @Test
    void pages_ofManyCallers_leaveLoadsToReaders() {
        try (CacheHarness harness = harness(8)) {
            List<Future<JsonObject>> pages = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                for (int j = 0; j < 10; j++) {
                    harness.source.edit("p" + i + "/" + j + ".json", "{}");
                }
                await(harness.cache.list("p" + i));
            }
            harness.source.hold();
            for (int i = 0; i < 8; i++) {
                pages.add(harness.cache.page(new PageQuery("p" + i).setExpired(false)));
                pages.add(harness.cache.page(new PageQuery("p" + i).setValues(true)));
            }
            harness.settle();
            assertThat(harness.cacheStats().getInteger("loadsInFlight")).isEqualTo(4);
            harness.source.stopHolding();
            assertThat(harness.get("p0", "9.json")).isEqualTo("{}");

            while (harness.source.release()) {
                harness.settle();
            }
            for (Future<JsonObject> page : pages) {
                assertThat(await(page).getJsonArray("tokens")).hasSize(10);
            }
        }
    }
}
