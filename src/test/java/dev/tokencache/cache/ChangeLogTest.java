package dev.tokencache.cache;

import static dev.tokencache.cache.CacheHarness.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.EventId;
import dev.tokencache.Operation;
import dev.tokencache.Precondition;
import dev.tokencache.TokenEvents;
import dev.tokencache.TokenKey;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code .events} answers. */
class ChangeLogTest {
    private CacheHarness harness;

    @AfterEach
    void close() {
        harness.close();
    }

    private EventId start(int history) {
        harness = new CacheHarness(options -> options.setHistory(history));
        return ask(null, null).last();
    }

    private TokenEvents ask(EventId since, String project) {
        return await(harness.cache.events(since, project));
    }

    private JsonObject ask(JsonObject request) {
        return await(harness.vertx
                        .eventBus()
                        .<JsonObject>request(Operation.EVENTS.address(Operation.DEFAULT_BASE_ADDRESS), request))
                .body();
    }

    private void put(String key) {
        await(harness.cache.put(TokenKey.parse(key), "{\"v\":" + System.nanoTime() + "}", Precondition.NONE));
    }

    private static List<Long> numbers(TokenEvents piece) {
        return piece.events().stream().map(event -> event.id().number()).toList();
    }

    @Test
    void events_withoutAPlace_areNoneAndTellIt() {
        EventId start = start(10);
        assertThat(start.number()).isZero();
        put("p/a.json");
        TokenEvents now = ask(null, null);
        assertThat(now.events()).isEmpty();
        assertThat(now.reset()).isFalse();
        assertThat(now.last()).isEqualTo(start.at(1));
    }

    @Test
    void events_sinceAPlace_areWhatCameAfterIt() {
        EventId start = start(10);
        put("p/a.json");
        put("p/a.json");
        await(harness.cache.delete(new TokenKey("p", "a.json"), Precondition.NONE));
        TokenEvents piece = ask(start.at(1), null);
        assertThat(piece.events())
                .extracting(event -> event.id().number() + " " + event.change().kind())
                .containsExactly("2 CHANGED", "3 REMOVED");
        assertThat(piece.events().get(0).change().etag()).isNotNull();
        assertThat(piece.last()).isEqualTo(start.at(3));
        assertThat(ask(start.at(3), null).events()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 7})
    void events_olderThanTheHistory_areAReset(int history) {
        EventId start = start(history);
        for (int i = 0; i < 20; i++) {
            put("p/a.json");
        }
        for (int since = 0; since <= 20; since++) {
            TokenEvents piece = ask(start.at(since), null);
            assertThat(piece.reset()).as("since %d", since).isEqualTo(since < 20 - history);
            assertThat(piece.last()).isEqualTo(start.at(20));
            if (!piece.reset()) {
                assertThat(numbers(piece))
                        .isEqualTo(java.util.stream.LongStream.rangeClosed(since + 1, 20)
                                .boxed()
                                .toList());
            }
        }
    }

    @Test
    void events_ofAnotherStartOrTheFuture_areAReset() {
        EventId start = start(10);
        assertThat(ask(start.at(1), null).reset()).isTrue();
        assertThat(ask(new EventId("another", 0), null).reset()).isTrue();
        assertThat(ask(start, null).reset()).isFalse();
    }

    @Test
    void events_ofAProject_goOnBehindThoseOfOthers() {
        EventId start = start(10);
        put("p/a.json");
        put("q/b.json");
        put("p/c.json");
        TokenEvents piece = ask(start, "q");
        assertThat(numbers(piece)).containsExactly(2L);
        assertThat(piece.last()).isEqualTo(start.at(3));
        assertThat(ask(start, "r").last()).isEqualTo(start.at(3));
    }

    @Test
    void events_moreThanFit_comeInPieces() {
        EventId start = start(20_000);
        JsonArray changes = new JsonArray();
        for (int i = 1; i <= 12_000; i++) {
            changes.add(new JsonObject()
                    .put("key", i == 11_000 ? "q/b.json" : "p/a.json")
                    .put("kind", "changed")
                    .put("fingerprint", new dev.tokencache.Fingerprint(i, i, i, i).toString()));
        }
        await(harness.cache.observe(new JsonObject().put("changes", changes)));
        EventId place = start;
        for (int piece = 1; piece <= 12; piece++) {
            TokenEvents events = ask(place, null);
            assertThat(events.events()).hasSize(1_000);
            assertThat(events.more()).isEqualTo(piece < 12);
            assertThat(events.last()).isEqualTo(start.at(1_000L * piece));
            place = events.last();
        }
        TokenEvents looked = ask(start, "q");
        assertThat(looked.events()).as("one request does not look at all").isEmpty();
        assertThat(looked.more()).isTrue();
        assertThat(numbers(ask(looked.last(), "q"))).containsExactly(11_000L);
        JsonObject small = ask(new JsonObject().put("since", start.toString()).put("limit", 2));
        assertThat(small.getJsonArray("events")).hasSize(2);
        assertThat(small.getString("last")).isEqualTo(start.at(2).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"since\":5}",
                "{\"since\":\"\"}",
                "{\"since\":\"x\"}",
                "{\"since\":\"a-b-1\"}",
                "{\"since\":\"a--1\"}",
                "{\"since\":\"a-01\"}",
                "{\"since\":\"a-99999999999999999999\"}",
                "{\"project\":7}",
                "{\"limit\":0}",
                "{\"limit\":1001}",
                "{\"limit\":\"5\"}",
                "{\"limit\":1.5}"
            })
    void request_malformed_isRefused(String request) {
        start(10);
        assertThatThrownBy(() -> ask(new JsonObject(request))).hasMessage("bad_request");
    }

    @Test
    void history_outOfRange_isRefused() {
        start(10);
        assertThatThrownBy(() -> new CacheOptions().setHistory(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CacheOptions().setHistory(1_000_001)).isInstanceOf(IllegalArgumentException.class);
    }
}
