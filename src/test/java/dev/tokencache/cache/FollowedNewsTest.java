package dev.tokencache.cache;

import static dev.tokencache.cache.CacheHarness.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.EventId;
import dev.tokencache.Fingerprint;
import dev.tokencache.TokenEvents;
import dev.tokencache.TokenNames;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever holds a place in the feed and a list read after it hears of all that is different later. */
class FollowedNewsTest {
    private final CacheHarness harness = new CacheHarness();

    @AfterEach
    void close() {
        harness.close();
    }

    private EventId place() {
        return await(harness.cache.events(null, null)).last();
    }

    /** What was told since a place: "reset", or kinds and names. */
    private List<String> since(EventId place) {
        TokenEvents piece = await(harness.cache.events(place, null));
        return piece.reset()
                ? List.of("reset")
                : piece.events().stream()
                        .map(event ->
                                event.change().kind() + " " + event.change().filename())
                        .toList();
    }

    private List<String> list(String project) {
        return List.copyOf(await(harness.cache.list(project)).names());
    }

    private void scan() {
        harness.clock.advance(Duration.ofMillis(1));
        harness.scan();
    }

    private void observe(String kind, Fingerprint fingerprint) {
        JsonObject change = new JsonObject().put("key", "p/a.json").put("kind", kind);
        if (fingerprint != null) {
            change.put("fingerprint", fingerprint.toString());
        }
        await(harness.cache.observe(new JsonObject().put("changes", new JsonArray().add(change))));
    }

    @Test
    void file_addedBetweenTheFirstListAndTheFirstLook_isNotPassedOver() {
        EventId place = place();
        assertThat(list("p")).isEmpty();
        Fingerprint fingerprint = harness.source.edit("p/a.json", "{}");
        harness.get("p", "a.json");
        observe("present", fingerprint);
        assertThat(since(place)).as("nobody can say yet").isEmpty();
        scan();
        assertThat(since(place)).containsExactly("reset");
    }

    @Test
    void firstLook_whenNobodyFollows_isNoReset() {
        harness.source.edit("p/a.json", "{}");
        scan();
        EventId place = place();
        scan();
        harness.source.edit("q/b.json", "{}");
        assertThat(harness.get("q", "b.json")).isEqualTo("{}");
        assertThat(since(place)).containsExactly("ADDED b.json");
    }

    @Test
    void file_listedAndGoneBeforeAnyLook_isRemoved() {
        harness.source.edit("p/a.json", "{}");
        scan();
        EventId place = place();
        harness.source.edit("p/brief.json", "{}");
        assertThat(list("p")).contains("brief.json");
        harness.source.remove("p/brief.json");
        scan();
        assertThat(since(place)).containsExactly("REMOVED brief.json");
        scan();
        assertThat(since(place)).hasSize(1);
    }

    @Test
    void project_listedAndGoneBeforeAnyLook_isRemoved() {
        scan();
        EventId place = place();
        harness.source.edit("new/brief.json", "{}");
        assertThat(list("new")).containsExactly("brief.json");
        harness.source.remove("new/brief.json");
        harness.source.moveAway("new");
        scan();
        scan();
        assertThat(since(place)).containsExactly("REMOVED brief.json");
    }

    @Test
    void directory_awayWhileItWasListed_isToldOfAsItIs() {
        harness.source.edit("p/a.json", "{}");
        scan();
        EventId place = place();
        harness.source.moveAway("p");
        assertThat(list("p")).isEmpty();
        harness.source.moveBack("p");
        scan();
        assertThat(since(place)).containsExactly("CHANGED a.json");
    }

    @Test
    void read_ofAnInvalidatedLoad_isCorrectedWhenItsFileIsGone() {
        harness.source.edit("p/a.json", "{}");
        scan();
        EventId place = place();
        harness.source.edit("p/brief.json", "{}");
        harness.source.hold();
        Future<?> read = harness.cache.get("p", "brief.json");
        harness.settle();
        await(harness.cache.clear());
        harness.source.stopHolding();
        harness.source.release();
        assertThat(await(read)).isNotNull();
        harness.source.remove("p/brief.json");
        scan();
        assertThat(since(place)).containsExactly("REMOVED brief.json");
    }

    @Test
    void absence_ofAnInvalidatedLoad_isCorrectedWhenTheDirectoryIsBack() {
        harness.source.edit("p/a.json", "{}");
        scan();
        EventId place = place();
        harness.source.moveAway("p");
        harness.source.hold();
        Future<?> read = harness.cache.get("p", "a.json");
        harness.settle();
        await(harness.cache.clear());
        harness.source.stopHolding();
        harness.source.release();
        assertThat(await(read)).isNull();
        harness.source.moveBack("p");
        scan();
        assertThat(since(place)).containsExactly("CHANGED a.json");
    }

    @Test
    void file_thatTurnsInvalidUnderTheSameFingerprint_isChanged() {
        Fingerprint fingerprint = harness.source.edit("p/a.json", "{}");
        scan();
        harness.get("p", "a.json");
        EventId place = place();
        harness.source.restore("p/a.json", "torn", fingerprint);
        await(harness.cache.clear());
        Failures.expect(() -> harness.get("p", "a.json"));
        assertThat(since(place)).containsExactly("CHANGED a.json");
        harness.source.restore("p/a.json", "{}", fingerprint);
        await(harness.cache.clear());
        harness.get("p", "a.json");
        assertThat(since(place)).containsExactly("CHANGED a.json", "CHANGED a.json");
    }

    @Test
    void lists_thatDifferInTooMuchToKeep_areAReset() {
        harness.source.edit("p/a.json", "{}");
        scan();
        EventId place = place();
        for (int i = 0; i <= Doubts.MAX; i++) {
            harness.source.edit("q/" + i + ".json", "{}");
        }
        Future<TokenNames> list = harness.cache.list("q");
        assertThat(await(list).count()).isEqualTo(Doubts.MAX + 1);
        harness.settle(); // the slices behind it
        harness.settle();
        harness.settle();
        harness.settle();
        for (int i = 0; i <= Doubts.MAX; i++) {
            harness.source.remove("q/" + i + ".json");
        }
        scan();
        scan();
        assertThat(since(place)).containsExactly("reset");
    }

    private static final class Failures {
        static void expect(Runnable action) {
            try {
                action.run();
            } catch (dev.tokencache.TokenCacheException e) {
                return;
            }
            throw new AssertionError("no failure");
        }
    }
}
