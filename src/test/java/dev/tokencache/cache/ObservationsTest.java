package dev.tokencache.cache;

import static dev.tokencache.cache.CacheHarness.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.CacheStatus;
import dev.tokencache.Failure;
import dev.tokencache.Precondition;
import dev.tokencache.TokenChange;
import dev.tokencache.TokenKey;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the cache does with what a watcher tells. */
class ObservationsTest {
    private final CacheHarness harness = new CacheHarness();

    @AfterEach
    void close() {
        harness.close();
    }

    @Test
    void observe_ofOnesOwnWrite_keepsTheValueAndPublishesOnce() {
        TokenKey key = new TokenKey("p", "a.json");
        await(harness.cache.put(key, "{\"v\":1}", Precondition.NONE));
        harness.get("p", "a.json");
        harness.scan();
        assertThat(await(harness.cache.get(key)).status()).isEqualTo(CacheStatus.HIT);
        await(harness.cache.put(key, "{\"v\":2}", Precondition.NONE));
        harness.scan();
        await(harness.cache.delete(key, Precondition.NONE));
        harness.scan();
        harness.settle();
        assertThat(harness.changes)
                .extracting(TokenChange::kind)
                .containsExactly(TokenChange.Kind.ADDED, TokenChange.Kind.CHANGED, TokenChange.Kind.REMOVED);
    }

    @Test
    void observe_ofAnEditOfTheSameFingerprint_dropsTheValue() {
        String fingerprint = harness.source.edit("p/a.json", "{\"v\":1}").toString();
        harness.get("p", "a.json");
        JsonObject change = new JsonObject()
                .put("key", "p/a.json")
                .put("kind", "changed")
                .put("fingerprint", fingerprint)
                .put("etag", "another content");
        await(harness.cache.observe(new JsonObject().put("changes", new JsonArray().add(change))));
        assertThat(await(harness.cache.get("p", "a.json")).status()).isEqualTo(CacheStatus.MISS);
    }

    @Test
    void observe_baseline_publishesNothingAndKeepsWhatIsRight() {
        String fingerprint = harness.source.edit("p/a.json", "{\"v\":1}").toString();
        harness.get("p", "a.json");
        harness.source.edit("p/b.json", "{}");
        JsonArray baseline = new JsonArray()
                .add(new JsonObject()
                        .put("key", "p/a.json")
                        .put("kind", "present")
                        .put("fingerprint", fingerprint))
                .add(new JsonObject()
                        .put("key", "p/b.json")
                        .put("kind", "present")
                        .put(
                                "fingerprint",
                                harness.source.picture().get("p/b.json").toString()));
        await(harness.cache.observe(new JsonObject().put("changes", baseline)));
        harness.settle();
        assertThat(harness.changes).isEmpty();
        assertThat(await(harness.cache.get("p", "a.json")).status()).isEqualTo(CacheStatus.HIT);
    }

    @Test
    void observe_projectInError_stopsServingItsValues() {
        harness.source.edit("p/a.json", "{}");
        harness.get("p", "a.json");
        harness.source.breakWith(Failure.STORAGE_UNREADABLE);
        JsonObject projects = new JsonObject().put("p", new JsonObject().put("error", "storage_unreadable"));
        await(harness.cache.observe(new JsonObject().put("projects", projects)));
        assertThatThrownBy(() -> harness.get("p", "a.json")).hasMessage("storage_unreadable");
        harness.source.breakWith(null);
        assertThat(harness.get("p", "a.json")).isEqualTo("{}");
        harness.settle();
        assertThat(harness.changes).as("unreadable is not removed").isEmpty();
    }

    @Test
    void observe_rootInError_stopsServingEverything() {
        harness.source.edit("p/a.json", "{}");
        harness.get("p", "a.json");
        harness.source.breakWith(Failure.STORAGE_UNREADABLE);
        await(harness.cache.observe(new JsonObject().put("root", "storage_unreadable")));
        assertThatThrownBy(() -> harness.get("p", "a.json")).hasMessage("storage_unreadable");
        assertThatThrownBy(() -> await(harness.cache.list("p"))).hasMessage("storage_unreadable");
    }

    @Test
    void observe_namesThatCantBeLookedAt_stopNoConfirmationOfTheOthers() {
        harness.source.edit("p/a.json", "{}");
        harness.source.edit("p/odd.json", "{\"v\":1}");
        harness.scan();
        harness.get("p", "a.json");
        harness.source.edit("p/brief.json", "{}");
        assertThat(harness.get("p", "brief.json")).isEqualTo("{}");
        harness.source.remove("p/brief.json");

        harness.tell(harness.look(Set.of("p/odd.json")));

        assertThat(harness.get("p", "brief.json")).isNull();
        assertThat(await(harness.cache.get("p", "a.json")).status()).isEqualTo(CacheStatus.HIT);
    }

    @Test
    void observe_namesThatCantBeLookedAt_areNotServedFromMemoryAndNotCalledRemoved() {
        harness.source.edit("p/a.json", "{}");
        harness.source.edit("p/odd.json", "{\"v\":1}");
        harness.scan();
        harness.get("p", "odd.json");
        await(harness.cache.list("p"));
        harness.source.edit("p/odd.json", "{\"v\":2}");

        harness.tell(harness.look(Set.of("p/odd.json")));

        assertThat(harness.get("p", "odd.json")).isEqualTo("{\"v\":2}");
        assertThat(await(harness.cache.list("p")).status()).isEqualTo(CacheStatus.MISS);
        harness.tell(harness.look(Set.of("p/odd.json")));
        harness.settle();
        assertThat(harness.changes)
                .filteredOn(change -> change.filename().equals("odd.json"))
                .extracting(TokenChange::kind)
                .containsExactly(TokenChange.Kind.ADDED, TokenChange.Kind.CHANGED);
    }

    @Test
    void observe_beforeTheWatcherGotToAProject_doesNotCallItRemoved() {
        harness.source.edit("p/a.json", "{}");
        harness.source.edit("q/b.json", "{}");
        harness.get("q", "b.json");
        JsonObject hint = new JsonObject()
                .put("watcher", "slow in its first round")
                .put("interval", 1_000)
                .put("projects", new JsonObject().put("p", new JsonObject().put("files", 1)));
        await(harness.cache.observe(hint));
        harness.clock.advance(Duration.ofMillis(1_500));
        await(harness.cache.observe(hint));
        harness.settle();
        assertThat(harness.changes).isEmpty();
        assertThat(await(harness.cache.get("q", "b.json")).status()).isEqualTo(CacheStatus.HIT);
    }

    @Test
    void observe_wholeRootLookedAtBeforeAProjectWasMade_doesNotCallItRemoved() {
        harness.source.edit("p/a.json", "{}");
        harness.get("p", "a.json");
        harness.settle();
        await(harness.cache.observe(new JsonObject()));
        harness.clock.advance(Duration.ofMillis(1));
        JsonObject round = new JsonObject().put("listedNanos", harness.clock.nanoTime());
        harness.clock.advance(Duration.ofMillis(1));
        await(harness.cache.put(new TokenKey("p", "a.json"), "{\"v\":2}", Precondition.NONE));
        await(harness.cache.observe(round));
        harness.settle();
        assertThat(harness.changes).extracting(TokenChange::kind).containsExactly(TokenChange.Kind.CHANGED);
    }

    @Test
    void observe_ofARootThatCouldNotBeListed_doesNotCallItsFilesRemoved() {
        harness.source.edit("p/a.json", "{}");
        harness.get("p", "a.json");
        JsonObject blind = new JsonObject().put("interval", 1_000).put("root", "storage_unreadable");
        await(harness.cache.observe(blind));
        harness.clock.advance(Duration.ofMillis(1_500));
        await(harness.cache.observe(blind));
        harness.settle();
        assertThat(harness.changes).isEmpty();
    }

    private boolean isScanned() {
        return await(harness.cache.stats())
                .getJsonObject("cache")
                .getJsonObject("watch")
                .getBoolean("scanned");
    }

    private JsonObject message(String watcher, int file, int files) {
        String fingerprint = harness.source.edit("p/f" + file + ".json", "{}").toString();
        JsonObject change = new JsonObject()
                .put("key", "p/f" + file + ".json")
                .put("kind", "present")
                .put("fingerprint", fingerprint);
        return new JsonObject()
                .put("watcher", watcher)
                .put("interval", 1_000)
                .put("changes", new JsonArray().add(change))
                .put("projects", new JsonObject().put("p", new JsonObject().put("files", files)));
    }

    @Test
    void observe_piecewise_isScannedWithTheLastPiece() {
        assertThat(isScanned()).isFalse();
        JsonObject hint = message("w", 0, 2);
        hint.remove("projects");
        await(harness.cache.observe(hint));
        assertThat(isScanned()).isFalse();
        await(harness.cache.observe(message("w", 1, 2).put("listedNanos", harness.clock.nanoTime())));
        assertThat(isScanned()).isTrue();
        await(harness.cache.observe(message("w", 2, 4)));
        assertThat(isScanned()).isTrue();

        await(harness.cache.observe(message("another", 0, 3)));
        assertThat(isScanned())
                .as("nothing of what the first watcher said holds")
                .isFalse();
        await(harness.cache.observe(message("another", 1, 3).put("listedNanos", harness.clock.nanoTime())));
        assertThat(isScanned()).isTrue();
    }

    @Test
    void observe_ofDifferencesToWhatAnotherCacheKnew_isNotScannedYet() {
        await(harness.cache.observe(message("w", 0, 5).put("listedNanos", harness.clock.nanoTime())));
        assertThat(isScanned()).isFalse();
        for (int i = 1; i < 5; i++) {
            await(harness.cache.observe(message("w", i, 5)));
        }
        await(harness.cache.observe(new JsonObject().put("listedNanos", harness.clock.nanoTime())));
        assertThat(isScanned()).isTrue();
    }

    @Test
    void observe_ofAProjectThatCantBeRead_isScannedWithoutIt() {
        JsonObject blind = new JsonObject().put("error", "storage_unreadable").put("errors", 1);
        JsonObject round = message("w", 0, 1).put("listedNanos", harness.clock.nanoTime());
        round.getJsonObject("projects").put("q", blind);
        await(harness.cache.observe(round));
        assertThat(isScanned()).isTrue();
    }
}
