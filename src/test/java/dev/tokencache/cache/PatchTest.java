package dev.tokencache.cache;

import static dev.tokencache.cache.CacheHarness.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.Precondition;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Merge patches through the cache. */
class PatchTest {
    private static final TokenKey KEY = new TokenKey("p", "a.json");

    private final CacheHarness harness = new CacheHarness();

    @AfterEach
    void close() {
        harness.close();
    }

    private TokenFile patch(String patch, Precondition precondition) {
        return await(harness.cache.patch(KEY, patch, precondition));
    }

    private static String text(TokenFile file) {
        return new String(file.bytes(), StandardCharsets.UTF_8);
    }

    @Test
    void patch_keepsTheRestAndIsReadAtOnce() {
        harness.source.edit("p/a.json", "{ \"token\" : \"made-up\", \"n\":1.50 }");
        TokenFile patched = patch("{\"n\":null,\"seen\":true}", Precondition.NONE);
        assertThat(text(patched)).isEqualTo("{ \"token\" : \"made-up\", \"seen\":true }");
        TokenFile read = await(harness.cache.get(KEY));
        assertThat(text(read)).isEqualTo(text(patched));
        assertThat(read.etag()).isEqualTo(patched.etag());
    }

    @Test
    void patch_ofAFileThatWasEditedUnheard_mergesIntoWhatIsThere() {
        harness.source.edit("p/a.json", "{\"v\":1}");
        harness.get("p", "a.json");
        harness.source.edit("p/a.json", "{\"v\":2,\"by\":\"others\"}");
        assertThat(text(patch("{\"seen\":1}", Precondition.NONE))).isEqualTo("{\"v\":2,\"by\":\"others\",\"seen\":1}");
    }

    @Test
    void patch_onACondition_isJudgedByWhatIsThere() {
        harness.source.edit("p/a.json", "{\"v\":1}");
        String old = await(harness.cache.get(KEY)).etag();
        harness.source.edit("p/a.json", "{\"v\":2}");
        assertThatThrownBy(() -> patch("{\"x\":1}", Precondition.match(old))).hasMessage("precondition_failed");
        assertThat(harness.source.content("p/a.json")).isEqualTo("{\"v\":2}");

        String now = await(harness.cache.get(KEY)).etag();
        harness.source.edit("p/b.json", "{}");
        assertThat(text(patch("{\"x\":1}", Precondition.match(now)))).isEqualTo("{\"v\":2,\"x\":1}");
    }

    @Test
    void patch_whatHasBecomeTheDemandedVersionUnheard_isDone() {
        harness.source.edit("p/a.json", "{\"v\":1}");
        harness.get("p", "a.json");
        harness.source.edit("p/a.json", "{\"v\":2}");
        String now = FakeSource.etag("{\"v\":2}".getBytes(StandardCharsets.UTF_8));
        assertThat(text(patch("{\"x\":1}", Precondition.match(now)))).isEqualTo("{\"v\":2,\"x\":1}");
    }

    @Test
    void patch_absent_isNullOrAFailedCondition() {
        assertThat(patch("{}", Precondition.NONE)).isNull();
        assertThatThrownBy(() -> patch("{}", Precondition.PRESENT)).hasMessage("precondition_failed");
        harness.source.edit("p/a.json", "{}");
        assertThat(text(patch("{\"x\":1}", Precondition.PRESENT))).isEqualTo("{\"x\":1}");
    }

    @Test
    void patch_thatIsNoneOrMakesNoTokenFile_changesNothing() {
        harness.source.edit("p/a.json", "{\"v\":1}");
        for (String bad : List.of("[]", "1", "", "{", "{\"a\":1,\"a\":2}")) {
            assertThatThrownBy(() -> patch(bad, Precondition.NONE)).as(bad).hasMessage("bad_request");
        }
        harness.source.edit("p/a.json", "torn");
        assertThatThrownBy(() -> patch("{}", Precondition.NONE)).hasMessage("invalid_token_file");
        assertThat(harness.source.content("p/a.json")).isEqualTo("torn");
    }

    @Test
    void patch_manyAtOnce_loseNone() {
        harness.source.edit("p/a.json", "{}");
        List<Future<TokenFile>> patches = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            patches.add(harness.cache.patch(KEY, "{\"k" + i + "\":" + i + "}", Precondition.NONE));
        }
        patches.forEach(CacheHarness::await);
        assertThat(await(harness.cache.get(KEY)).json()).hasSize(10);
    }
}
