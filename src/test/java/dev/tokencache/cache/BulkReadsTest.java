package dev.tokencache.cache;

import static dev.tokencache.cache.CacheHarness.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.CacheStatus;
import dev.tokencache.Failure;
import dev.tokencache.PageQuery;
import dev.tokencache.Poll;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenFiles;
import dev.tokencache.TokenKey;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several tokens at once, pages, preload. */
class BulkReadsTest {
    private final CacheHarness harness = new CacheHarness();

    @AfterEach
    void close() {
        harness.close();
    }

    @Test
    void getAll_mixOfEverything_answersInOrder() {
        harness.source.edit("p/a.json", "{\"v\":1}");
        harness.source.edit("p/bad.json", "torn");
        TokenFiles files = await(harness.cache.getAll(
                List.of(new TokenKey("p", "a.json"), new TokenKey("p", "absent.json"), new TokenKey("p", "bad.json"))));
        assertThat(files.file(0).json().getInteger("v")).isEqualTo(1);
        assertThat(files.file(1)).isNull();
        assertThat(files.failure(1)).isNull();
        assertThat(files.failure(2)).isEqualTo(Failure.INVALID_TOKEN_FILE);
    }

    @Test
    void page_ofValues_endsAtItsLimitAndGoesOnBehindTheLastName() {
        for (int i = 0; i < 5; i++) {
            harness.source.edit("p/k" + i + ".json", i == 2 ? "torn" : "{\"n\":1.50}");
        }
        JsonObject first =
                await(harness.cache.page(new PageQuery("p").setValues(true).setLimit(3)));
        assertThat(first.getJsonArray("tokens").getJsonObject(0).getString("json"))
                .isEqualTo("{\"n\":1.50}");
        assertThat(first.getJsonArray("tokens").getJsonObject(2))
                .isEqualTo(new JsonObject().put("filename", "k2.json").put("error", "invalid_token_file"));
        harness.source.remove("p/k2.json");
        await(harness.cache.clear());
        JsonObject second = await(harness.cache.page(
                new PageQuery("p").setValues(true).setLimit(3).setCursor(first.getString("cursor"))));
        assertThat(second.getJsonArray("tokens")).hasSize(2);
        assertThat(second.getString("cursor")).isNull();
        assertThatThrownBy(() -> await(
                        harness.cache.page(new PageQuery("p").setValues(true).setLimit(0))))
                .hasMessage("bad_request");
        assertThatThrownBy(() -> await(
                        harness.cache.page(new PageQuery("p").setValues(true).setLimit(1_001))))
                .hasMessage("bad_request");
        assertThatThrownBy(() -> await(harness.cache.page(
                        new PageQuery("p").setValues(true).setLimit(1).setCursor("%%"))))
                .hasMessage("bad_request");
    }

    @Test
    void page_ofMetadata_saysWhyAFileIsInvalidAndHoldsNoValue() {
        harness.source.edit("p/a.json", "{\"token\":\"fake-canary\"}");
        harness.source.edit("p/b.json", "torn");
        JsonArray tokens =
                await(harness.cache.page(new PageQuery("p").setLimit(10))).getJsonArray("tokens");
        assertThat(tokens.encode()).doesNotContain("canary");
        assertThat(tokens.getJsonObject(0).getBoolean("valid")).isTrue();
        assertThat(tokens.getJsonObject(1).getString("reason")).isEqualTo("not_json");
        assertThat(tokens.getJsonObject(1).getString("since")).isNotNull();
        assertThat(harness.cacheStats().getInteger("invalidFiles")).isEqualTo(1);
    }

    @Test
    void preload_project_loadsAllAndNamesWhatFailed() {
        for (int i = 0; i < 100; i++) {
            harness.source.edit("p/k" + i + ".json", i == 7 ? "torn" : "{}");
        }
        TokenCache.PreloadResult result = await(harness.cache.preload("p"));
        assertThat(result.loaded()).isEqualTo(99);
        assertThat(result.failed())
                .containsExactly(new TokenCache.PreloadResult.Failed("k7.json", "invalid_token_file"));
        int reads = harness.source.reads();
        assertThat(await(harness.cache.get("p", "k99.json")).status()).isEqualTo(CacheStatus.HIT);
        assertThat(harness.source.reads()).isEqualTo(reads);
    }

    /** As when the watcher tells of its first look meanwhile. */
    @Test
    void preload_loadsOvertakenMeanwhile_areLoadedOnceMore() {
        harness.source.edit("p/a.json", "{}");
        harness.source.hold();
        Future<TokenCache.PreloadResult> preload = harness.cache.preload("p");
        Poll.until(harness.source::release); // the names
        Poll.until(() -> harness.source.reads() == 1);
        await(harness.cache.invalidate(new TokenKey("p", "a.json")));
        harness.source.stopHolding();
        harness.source.release();

        assertThat(await(preload).loaded()).isEqualTo(1);
        assertThat(await(harness.cache.get("p", "a.json")).status()).isEqualTo(CacheStatus.HIT);
    }
}
