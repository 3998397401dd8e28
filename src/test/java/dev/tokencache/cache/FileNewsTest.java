package dev.tokencache.cache;

import static dev.tokencache.cache.CacheHarness.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.CacheStatus;
import dev.tokencache.Fingerprint;
import dev.tokencache.Precondition;
import dev.tokencache.TokenChange;
import dev.tokencache.TokenChange.Kind;
import dev.tokencache.TokenKey;
import dev.tokencache.WriteResult;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which changes are published when a load, a write and the watcher meet: each once, and none is lost. */
class FileNewsTest {
    private static final TokenKey A = new TokenKey("p", "a.json");

    private final CacheHarness harness = new CacheHarness();

    @AfterEach
    void close() {
        harness.close();
    }

    private void assertPublished(Kind... kinds) {
        harness.settle();
        assertThat(harness.changes).extracting(TokenChange::kind).isEqualTo(Arrays.asList(kinds));
    }

    @Test
    void added_inANewProjectAfterAReaderLoadedIt_isPublished() {
        harness.source.edit("p/a.json", "{}");
        harness.get("p", "a.json");
        harness.scan();
        assertPublished(Kind.ADDED);
    }

    @Test
    void added_inAProjectThatVanishedAndCameBack_isPublishedAgain() {
        harness.source.edit("p/a.json", "{}");
        harness.scan();
        harness.source.moveAway("p");
        harness.scan();
        harness.source.moveBack("p");
        assertThat(harness.get("p", "a.json")).isEqualTo("{}");
        harness.scan();
        assertPublished(Kind.ADDED, Kind.REMOVED, Kind.ADDED);
    }

    @Test
    void write_loadedByAReaderBeforeItsReply_isPublished() {
        harness.source.holdWrites();
        Future<WriteResult> write = harness.cache.put(A, "{\"v\":1}", Precondition.NONE);
        harness.settle();
        assertThat(harness.get("p", "a.json")).isEqualTo("{\"v\":1}");
        harness.source.release();
        await(write);
        harness.scan();
        assertPublished(Kind.ADDED);
    }

    @Test
    void directory_movedAwayAndBackBetweenTwoScans_keepsItsFilesAndTheirValues() {
        harness.source.edit("p/a.json", "{}");
        harness.source.edit("p/b.json", "{}");
        harness.get("p", "a.json");
        harness.scan();
        harness.source.moveAway("p");
        assertThat(harness.get("p", "b.json")).isNull();
        harness.source.moveBack("p");
        harness.scan();
        assertPublished(Kind.ADDED, Kind.ADDED, Kind.REMOVED, Kind.ADDED);
        harness.get("p", "b.json");
        harness.scan();
        harness.scan();
        assertThat(await(harness.cache.get("p", "b.json")).status()).isEqualTo(CacheStatus.HIT);
        assertPublished(Kind.ADDED, Kind.ADDED, Kind.REMOVED, Kind.ADDED);
        assertThat(harness.cacheStats().getInteger("knownFiles")).isEqualTo(2);
    }

    @Test
    void link_thatPointedElsewhereBetweenTwoScans_isNoRemoval() {
        Fingerprint first = harness.source.edit("p/a.json", "{\"v\":1}");
        harness.scan();
        harness.source.edit("p/a.json", "{\"v\":2}");
        assertThat(harness.get("p", "a.json")).isEqualTo("{\"v\":2}");
        harness.source.restore("p/a.json", "{\"v\":1}", first);
        harness.scan();
        assertThat(harness.get("p", "a.json")).isEqualTo("{\"v\":1}");
        harness.scan();
        harness.scan();
        assertThat(await(harness.cache.get("p", "a.json")).status()).isEqualTo(CacheStatus.HIT);
        assertPublished(Kind.ADDED, Kind.CHANGED, Kind.CHANGED);
    }

    @Test
    void observation_olderThanAWrite_dropsNothingForGood() {
        harness.source.edit("p/a.json", "{\"v\":1}");
        CacheHarness.Look old = harness.look();
        await(harness.cache.put(A, "{\"v\":2}", Precondition.NONE));
        assertThat(harness.get("p", "a.json")).isEqualTo("{\"v\":2}");
        harness.tell(old);
        assertThat(harness.get("p", "a.json")).isEqualTo("{\"v\":2}");
        harness.scan();
        harness.scan();
        assertThat(await(harness.cache.get(A)).status()).isEqualTo(CacheStatus.HIT);
        assertThat(await(harness.cache.list("p")).names()).containsExactly("a.json");
    }

    @Test
    void list_beingReadWhileAFileAppearsAndIsLoaded_isReadAgainOnceTheWatcherSawTheFile() {
        harness.source.edit("p/a.json", "{}");
        harness.scan();
        harness.source.hold();
        Future<?> list = harness.cache.list("p");
        harness.settle();
        harness.source.edit("p/b.json", "{}");
        harness.source.stopHolding();
        harness.get("p", "b.json");
        CacheHarness.Look look = harness.look();
        look.message().getJsonObject("projects").getJsonObject("p").remove("startedNanos");
        harness.tell(look);
        harness.source.release();
        await(list);
        assertThat(await(harness.cache.list("p")).names()).containsExactly("a.json", "b.json");
    }

    @Test
    void project_thatComesAndGoesBetweenTwoLooks_isDroppedWhenALookWasDue() {
        harness.scan();
        await(harness.cache.put(A, "{}", Precondition.NONE));
        assertThat(harness.get("p", "a.json")).isEqualTo("{}");
        assertThat(await(harness.cache.list("p")).count()).isEqualTo(1);
        harness.source.remove("p/a.json");
        harness.source.moveAway("p");
        harness.scan();
        harness.clock.advance(Duration.ofSeconds(1));
        harness.scan();
        assertThat(harness.get("p", "a.json")).isNull();
        assertThat(await(harness.cache.list("p")).count()).isZero();
        assertThat(harness.cacheStats().getInteger("knownFiles")).isZero();
        assertPublished(Kind.ADDED, Kind.REMOVED);
    }

    @Test
    void project_unheardOfWithoutAWatcher_isKept() {
        harness.source.edit("p/a.json", "{}");
        harness.get("p", "a.json");
        harness.clock.advance(Duration.ofMinutes(1));
        harness.settle();
        assertThat(await(harness.cache.get(A)).status()).isEqualTo(CacheStatus.HIT);
    }
}
