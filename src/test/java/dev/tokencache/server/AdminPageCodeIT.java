package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The modules of the admin page that have no view, run where they will run. */
class AdminPageCodeIT extends PageServer {
    private static final int ROUNDS = 300;
    private static final List<String> NAMES = List.of("a", "b", "__proto__", "constructor", "toString", "", "ä");
    private static final String ROUND_TRIP = "async ([from, to]) => {"
            + " const { parse } = await import('./page/json-text.js');"
            + " const { mergePatch, applyPatch, changes, same, unspeakable } = await import('./page/json-diff.js');"
            + " const [a, b] = [parse(from), parse(to)];"
            + " const patch = mergePatch(a, b), result = applyPatch(a, patch);"
            + " return { result: JSON.stringify(result), patch: JSON.stringify(patch), same: same(a, b),"
            + "   arrives: same(result, b), speakable: unspeakable(a, b) === null,"
            + "   none: Object.keys(patch).length === 0, count: changes(a, b).length }; }";

    private static Window window;

    @BeforeAll
    static void open() {
        window = Window.open(server);
    }

    @AfterAll
    static void close() {
        window.close();
    }

    @Test
    void mergePatch_betweenAnyTwoObjects_leadsFromOneToTheOther() {
        long seed = Long.getLong("page.seed", System.nanoTime());
        Random random = new Random(seed);
        int speakable = 0;
        for (int i = 0; i < ROUNDS; i++) {
            JsonObject from = object(random, 3);
            JsonObject to = random.nextInt(3) == 0 ? object(random, 3) : changed(from, random);
            Map<?, ?> result = (Map<?, ?>) window.page().evaluate(ROUND_TRIP, List.of(from.encode(), to.encode()));

            String about = "page.seed=" + seed + " " + from.encode() + " to " + to.encode() + ": " + result;
            assertThat(result.get("arrives")).as(about).isEqualTo(result.get("speakable"));
            assertThat(result.get("none")).as(about).isEqualTo(result.get("same"));
            assertThat(((Number) result.get("count")).intValue() == 0).as(about).isEqualTo(result.get("same"));
            if (Boolean.TRUE.equals(result.get("speakable"))) {
                speakable++;
                assertThat(new JsonObject((String) result.get("result")))
                        .as(about)
                        .isEqualTo(to);
            }
        }
        assertThat(speakable).isGreaterThan(ROUNDS / 3);
    }

    private static JsonObject object(Random random, int depth) {
        JsonObject object = new JsonObject();
        for (int i = random.nextInt(4); i > 0; i--) {
            object.put(NAMES.get(random.nextInt(NAMES.size())), value(random, depth - 1));
        }
        return object;
    }

    private static Object value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0 -> random.nextInt(3);
            case 1 -> "text " + random.nextInt(3);
            case 2 -> random.nextBoolean();
            case 3 -> new JsonArray().add(random.nextInt(2)).addNull();
            case 4 -> random.nextInt(4) == 0 ? null : 1;
            default -> object(random, depth);
        };
    }

    private static JsonObject changed(JsonObject from, Random random) {
        JsonObject to = from.copy();
        String name = NAMES.get(random.nextInt(NAMES.size()));
        if (random.nextBoolean()) {
            to.remove(name);
        } else {
            to.put(name, value(random, 2));
        }
        return to;
    }

    @Test
    void numbers_longerThanADouble_keepTheirDigits() {
        Map<?, ?> result = (Map<?, ?>)
                window.page().evaluate(ROUND_TRIP, List.of("{\"a\":1}", "{\"a\":12345678901234567890,\"b\":1.10}"));
        assertThat(result.get("patch")).isEqualTo("{\"a\":12345678901234567890,\"b\":1.10}");
    }

    @ParameterizedTest
    @CsvSource({
        "user@example.com.json, u•••@example.com.json",
        "user_example_com.json, u•••_example_com.json",
        "first_last_example_com_2.json, f•••_example_com_2.json",
        "_4915112345678.json, •••••678.json",
        "session-1700000000000.json, session-1700000000000.json",
        "oauth.json, oauth.json",
        "my_service_token.json, my_service_token.json"
    })
    void name_thatLooksLikeAnIdentity_isMasked(String name, String masked) {
        assertThat(window.page().evaluate("async name => (await import('./page/format.js')).maskName(name)", name))
                .isEqualTo(masked);
    }

    @ParameterizedTest
    @CsvSource({"999, 0 s", "61000, 1 min 1 s", "-7200000, 2 h", "90061000, 1 d 1 h", "31536000000, 365 d"})
    void span_isInItsTwoLargestUnits(long millis, String text) {
        assertThat(window.page().evaluate("async n => (await import('./page/format.js')).span(n)", (double) millis))
                .isEqualTo(text);
    }

    @Test
    void stream_inAnyPieces_givesTheSameEvents() {
        String text = ":\n\nid: x-1\nevent: added\ndata: " + Json.encode(Map.of("project", "p", "filename", "a.json"))
                + "\n\nid: x-2\n\n:\n\nid: x-3\nevent: reset\ndata: {}\n\n";
        for (int size = 1; size <= text.length(); size += 7) {
            Object told = window.page().evaluate("""
                    async ([text, size]) => {
                      const { EventFeed } = await import('./page/events.js');
                      const bytes = new TextEncoder().encode(text);
                      const body = new ReadableStream({ start(c) {
                        for (let i = 0; i < bytes.length; i += size) c.enqueue(bytes.slice(i, i + size));
                        c.close(); } });
                      const feed = new EventFeed({ send: async () => new Response(body) });
                      const told = [];
                      feed.addEventListener('changes', (e) => told.push(e.detail.event + ' ' + (e.detail.filename ?? '')));
                      await feed.follow(() => {});
                      return told.join() + feed.lastId; }""", List.of(text, size));
            assertThat(told).isEqualTo("added a.json,reset x-3");
        }
    }
}
