package dev.tokencache.cache;

import static dev.tokencache.cache.CacheHarness.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.PageQuery;
import dev.tokencache.Precondition;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a page tells what it remembers of a file whose value isn't in memory, and when it looks. */
class KnownFilesTest {
    private static final Duration SETTLED = Duration.ofSeconds(4);
    private static final String OLD = "{\"v\":1}";
    private static final String NEW = "{\"v\":22}";

    private final CacheHarness harness = new CacheHarness(options -> options.setMaxBytes(1)); // no value stays

    @AfterEach
    void close() {
        harness.close();
    }

    private JsonObject item() {
        JsonArray tokens = await(harness.cache.page(new PageQuery("p"))).getJsonArray("tokens");
        assertThat(tokens).hasSize(1);
        return tokens.getJsonObject(0);
    }

    private void assertShows(String content, int reads) {
        int before = harness.source.reads();
        JsonObject item = item();
        assertThat(harness.source.reads() - before).as("reads").isEqualTo(reads);
        if (content.startsWith("{")) {
            assertThat(item.getString("etag")).isEqualTo(FakeSource.etag(content.getBytes(StandardCharsets.UTF_8)));
            assertThat(item.getInteger("size")).isEqualTo(content.length());
            assertThat(item.containsKey("age")).isTrue();
            assertThat(item.getValue("age")).isNull();
        } else {
            assertThat(item.getBoolean("valid")).isFalse();
            assertThat(item.getString("reason")).isEqualTo("not_json");
        }
        assertThat(item.getBoolean("cached")).isFalse();
    }

    /** A file that the watcher has seen, and that was read when its fingerprint stood for one version only. */
    private void settledFile(String content) {
        harness.source.edit("p/a.json", content);
        harness.scan();
        harness.clock.advance(SETTLED);
        item();
    }

    private void ttlEnds() {
        harness.clock.advance(CacheOptions.DEFAULT_TOKEN_TTL);
    }

    @Test
    void page_ofAFileTheWatcherVouchesFor_looksNoMore() {
        settledFile(OLD);
        for (int i = 0; i < 3; i++) {
            ttlEnds();
            harness.scan();
            assertShows(OLD, 0);
        }
    }

    @Test
    void page_afterAnEditTheWatcherHasSeen_looks() {
        settledFile(OLD);
        ttlEnds();
        harness.scan();
        harness.source.edit("p/a.json", NEW);
        assertShows(OLD, 0);
        harness.scan();
        assertShows(NEW, 1);
    }

    @Test
    void page_withoutAWatcher_looksWhenTheReadIsAsOldAsTheTtl() {
        harness.source.edit("p/a.json", OLD);
        assertShows(OLD, 1);
        harness.source.edit("p/a.json", NEW);
        harness.clock.advance(CacheOptions.DEFAULT_TOKEN_TTL.minusMillis(1));
        assertShows(OLD, 0);
        harness.clock.advance(Duration.ofMillis(1));
        assertShows(NEW, 1);
    }

    @Test
    void page_whenTheWatcherHasFallenSilent_looksWhenTheReadIsAsOldAsTheTtl() {
        settledFile(OLD);
        harness.source.edit("p/a.json", NEW);
        ttlEnds();
        assertShows(NEW, 1);
    }

    @Test
    void page_ofAFileReadWhileItsFingerprintMayStandForTwoVersions_looksOnceMore() {
        harness.source.edit("p/a.json", OLD);
        harness.scan();
        harness.clock.advance(Duration.ofSeconds(2));
        assertShows(OLD, 1);
        // Changed within the same tick, and the watcher that could tell is gone.
        harness.source.restore("p/a.json", NEW, harness.source.picture().get("p/a.json"));
        harness.restartWatcher();
        JsonObject aged = harness.look(Set.of()).message();
        aged.getJsonArray("changes").forEach(change -> ((JsonObject) change).remove("etag"));
        await(harness.cache.observe(aged));
        ttlEnds();
        tellLook();
        int reads = harness.source.reads();
        assertThat(item().getString("etag")).isEqualTo(FakeSource.etag(NEW.getBytes(StandardCharsets.UTF_8)));
        assertThat(harness.source.reads()).isEqualTo(reads + 1);
        ttlEnds();
        tellLook();
        item();
        assertThat(harness.source.reads()).isEqualTo(reads + 1);
    }

    /** That the same watcher has just looked, and found nothing new. */
    private void tellLook() {
        JsonObject looked = new JsonObject().put("files", 1).put("startedNanos", harness.clock.nanoTime());
        await(harness.cache.observe(new JsonObject().put("projects", new JsonObject().put("p", looked))));
    }

    @Test
    void page_whenTheWatcherTellsLateOfALook_looksWhenTheReadIsAsOldAsTheTtl() {
        settledFile(OLD);
        CacheHarness.Look late = harness.look();
        harness.source.edit("p/a.json", NEW);
        ttlEnds();
        harness.tell(late);
        assertShows(NEW, 1);
    }

    @Test
    void page_afterTheWatcherSawAnotherContentUnderTheSameFingerprint_looks() {
        String other = OLD.replace('1', '2');
        String fingerprint = harness.source.edit("p/a.json", OLD).toString();
        assertShows(OLD, 1);
        harness.source.restore("p/a.json", other, harness.source.picture().get("p/a.json"));
        JsonObject change = new JsonObject()
                .put("key", "p/a.json")
                .put("kind", "changed")
                .put("fingerprint", fingerprint)
                .put("etag", FakeSource.etag(other.getBytes(StandardCharsets.UTF_8)));
        await(harness.cache.observe(new JsonObject().put("changes", new JsonArray().add(change))));
        assertShows(other, 1);
    }

    @Test
    void page_whenAnotherWatcherHasNotSpokenOfTheFile_looks() {
        settledFile(OLD);
        ttlEnds();
        harness.scan();
        await(harness.cache.observe(new JsonObject().put("watcher", "another")));
        assertShows(OLD, 1);
    }

    @Test
    void page_whenTheProjectCantBeScanned_looks() {
        settledFile(OLD);
        ttlEnds();
        harness.scan();
        tellError("load_timeout");
        assertShows(OLD, 1);
    }

    private void tellError(String error) {
        JsonObject projects = new JsonObject().put("p", new JsonObject().put("error", error));
        await(harness.cache.observe(new JsonObject().put("projects", projects)));
    }

    @Test
    void page_afterAnyInvalidation_looks() {
        TokenKey key = new TokenKey("p", "a.json");
        settledFile(OLD);
        assertShows(OLD, 0);
        await(harness.cache.invalidate(key));
        assertShows(OLD, 1);
        await(harness.cache.invalidateProject("other"));
        assertShows(OLD, 0);
        await(harness.cache.invalidateProject("p"));
        assertShows(OLD, 1);
        assertShows(OLD, 0);
        await(harness.cache.clear());
        assertShows(OLD, 1);
        assertShows(OLD, 0);
        tellError("storage_unreadable");
        assertShows(OLD, 1);
        harness.scan();
        assertShows(OLD, 0);
        harness.tell(harness.look(Set.of("p/a.json")));
        assertShows(OLD, 1);
    }

    @Test
    void page_ofAnInvalidFile_looksUnlessTheWatcherVouchesForIt() {
        harness.source.edit("p/a.json", "torn");
        assertShows("torn", 1);
        assertShows("torn", 1);
        harness.scan();
        harness.clock.advance(SETTLED);
        assertShows("torn", 1);
        harness.scan();
        assertShows("torn", 0);
        harness.source.edit("p/a.json", OLD);
        harness.scan();
        assertShows(OLD, 1);
    }

    @Test
    void page_afterAWrite_tellsWhatWasWrittenWithoutAnyRead() {
        TokenKey key = new TokenKey("p", "a.json");
        String content = "{\"expires_at\":\"2030-01-01T00:00:00Z\",\"refresh_token\":\"fake\"}";
        await(harness.cache.put(key, OLD, Precondition.NONE));
        assertShows(OLD, 0);
        await(harness.cache.put(key, content, Precondition.NONE));
        assertShows(content, 0);
        assertThat(item().getString("expiresAt")).isEqualTo("2030-01-01T00:00:00Z");
        assertThat(item().getString("expirySource")).isEqualTo("expires_at");
        assertThat(item().getBoolean("hasRefreshToken")).isTrue();
        await(harness.cache.delete(key, Precondition.NONE));
        assertThat(await(harness.cache.page(new PageQuery("p"))).getJsonArray("tokens"))
                .isEmpty();
    }

    @Test
    void page_afterAReaderGotANewerVersionFromAnOvertakenLoad_looks() {
        settledFile(OLD);
        ttlEnds();
        harness.scan();
        harness.source.holdUnlooked();
        Future<TokenFile> read = harness.cache.get("p", "a.json");
        harness.settle();
        harness.source.stopHolding();
        await(harness.cache.invalidate(new TokenKey("p", "a.json")));
        assertShows(OLD, 1);
        harness.source.edit("p/a.json", NEW);
        harness.source.release();
        assertThat(CacheHarness.text(read)).isEqualTo(NEW);
        assertShows(NEW, 1);
    }
}
