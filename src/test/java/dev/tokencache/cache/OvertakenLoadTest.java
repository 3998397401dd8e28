package dev.tokencache.cache;

import static dev.tokencache.cache.CacheHarness.await;
import static dev.tokencache.cache.CacheHarness.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import dev.tokencache.TokenNames;
import io.vertx.core.Future;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Loads that began before an invalidation and look at the disk after the load that began behind it: once their readers have
 * the newer version, nobody gets the older one any more. The watcher has not yet told of the edit.
 */
class OvertakenLoadTest {
    private static final TokenKey KEY = new TokenKey("p", "a.json");
    private static final String OLD = "{\"v\":1}";
    private static final String NEW = "{\"v\":2}";

    private final CacheHarness harness = new CacheHarness();

    @BeforeEach
    void fill() {
        harness.source.edit("p/a.json", OLD);
    }

    @AfterEach
    void close() {
        harness.close();
    }

    private Future<TokenFile> forgottenGet() {
        harness.source.holdUnlooked();
        Future<TokenFile> first = harness.cache.get(KEY);
        harness.settle();
        await(harness.cache.invalidate(KEY));
        harness.source.stopHolding();
        return first;
    }

    @Test
    void get_afterAForgottenLoadServedANewerVersionThanTheStored_isTheNewer() {
        Future<TokenFile> first = forgottenGet();
        assertThat(harness.get("p", "a.json")).isEqualTo(OLD);
        harness.source.edit("p/a.json", NEW);
        harness.source.release();
        assertThat(text(first)).isEqualTo(NEW);

        assertThat(harness.get("p", "a.json")).isEqualTo(NEW);
    }

    @Test
    void get_afterAForgottenLoadServedAbsence_isAbsent() {
        Future<TokenFile> first = forgottenGet();
        assertThat(harness.get("p", "a.json")).isEqualTo(OLD);
        harness.source.remove("p/a.json");
        harness.source.release();
        assertThat(text(first)).isNull();

        assertThat(harness.get("p", "a.json")).isNull();
    }

    @Test
    void get_afterAForgottenLoadServedWhatIsRememberedAsAbsent_isThere() {
        Future<TokenFile> first = forgottenGet();
        harness.source.remove("p/a.json");
        assertThat(harness.get("p", "a.json")).isNull();
        harness.source.edit("p/a.json", NEW);
        harness.source.release();
        assertThat(text(first)).isEqualTo(NEW);

        assertThat(harness.get("p", "a.json")).isEqualTo(NEW);
    }

    @Test
    void get_joiningALoadThatLookedBeforeTheForgottenOne_isTheNewer() {
        Future<TokenFile> first = forgottenGet();
        harness.source.hold();
        Future<TokenFile> second = harness.cache.get(KEY);
        harness.settle();
        harness.source.edit("p/a.json", NEW);
        harness.source.release();
        assertThat(text(first)).isEqualTo(NEW);
        Future<TokenFile> third = harness.cache.get(KEY);
        harness.settle();
        harness.source.stopHolding();
        harness.source.release();

        assertThat(text(third)).isEqualTo(NEW);
        assertThat(text(second)).isEqualTo(NEW);
        assertThat(harness.get("p", "a.json")).isEqualTo(NEW);
    }

    @Test
    void get_joiningALoadThatTwoForgottenOnesPassed_isReadOnceMoreWhicheverItEquals() {
        Future<TokenFile> first = forgottenGet();
        Future<TokenFile> second = forgottenGet();
        harness.source.hold();
        Future<TokenFile> third = harness.cache.get(KEY);
        harness.settle();
        harness.source.release();
        assertThat(text(first)).isEqualTo(OLD);
        harness.source.edit("p/a.json", NEW);
        harness.source.release();
        assertThat(text(second)).isEqualTo(NEW);
        int reads = harness.source.reads();
        harness.source.stopHolding();
        harness.source.release();

        assertThat(text(third)).isEqualTo(NEW);
        assertThat(harness.source.reads()).isEqualTo(reads + 1);
    }

    @Test
    void get_whenTheForgottenLoadServedTheSame_isAHitAndNothingIsReadAgain() {
        Future<TokenFile> first = forgottenGet();
        assertThat(harness.get("p", "a.json")).isEqualTo(OLD);
        harness.source.release();
        assertThat(text(first)).isEqualTo(OLD);
        int reads = harness.source.reads();

        assertThat(harness.get("p", "a.json")).isEqualTo(OLD);

        assertThat(harness.source.reads()).isEqualTo(reads);
    }

    @Test
    void list_afterAForgottenLoadServedANewerOne_isTheNewer() {
        harness.source.holdUnlooked();
        Future<TokenNames> first = harness.cache.list("p");
        harness.settle();
        await(harness.cache.invalidateProject("p"));
        harness.source.stopHolding();
        assertThat(await(harness.cache.list("p")).names()).isEqualTo(List.of("a.json"));
        harness.source.edit("p/b.json", NEW);
        harness.source.release();
        assertThat(await(first).names()).isEqualTo(List.of("a.json", "b.json"));

        assertThat(await(harness.cache.list("p")).names()).isEqualTo(List.of("a.json", "b.json"));
    }
}
