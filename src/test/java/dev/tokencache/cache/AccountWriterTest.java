package dev.tokencache.cache;

import static dev.tokencache.cache.CacheHarness.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.TokenCache;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Adding accounts: names, replacement, refusals. */
class AccountWriterTest {
    private final CacheHarness harness = new CacheHarness();

    @AfterEach
    void close() {
        harness.close();
    }

    @Test
    void add_samePasswordAccount_replacesItsFileAndAnotherTakesTheNextName() {
        JsonObject ann = new JsonObject().put("email", "ann.b@example.com").put("password", "fake-1");
        JsonObject other = new JsonObject().put("email", "ann_b@example.com").put("password", "fake-2");
        assertThat(await(harness.cache.add("p", "password", ann)).filename()).isEqualTo("ann_b_example_com.json");
        assertThat(await(harness.cache.add("p", "password", other)).filename()).isEqualTo("ann_b_example_com_2.json");
        TokenCache.AddResult again =
                await(harness.cache.add("p", "password", ann.copy().put("token", "fake-3")));
        assertThat(again.filename()).isEqualTo("ann_b_example_com.json");
        assertThat(again.replaced()).isTrue();
        harness.source.remove("p/ann_b_example_com.json");
        assertThat(await(harness.cache.add("p", "password", other)).filename())
                .as("found though the plain name is free")
                .isEqualTo("ann_b_example_com_2.json");
        JsonObject stored = new JsonObject(harness.get("p", "ann_b_example_com_2.json"));
        assertThat(stored.fieldNames()).containsExactlyInAnyOrder("email", "password", "type", "created_at");
    }

    @Test
    void add_fileRemovedSinceTheListing_takesItsNameAgain() {
        JsonObject ann = new JsonObject().put("email", "ann.b@example.com").put("password", "fake-1");
        assertThat(await(harness.cache.add("p", "password", ann)).filename()).isEqualTo("ann_b_example_com.json");
        harness.source.hold();
        int lists = harness.source.listCalls();
        Future<TokenCache.AddResult> adding = harness.cache.add("p", "password", ann);
        harness.settle();
        assertThat(harness.source.listCalls()).isEqualTo(lists + 1);
        harness.source.remove("p/ann_b_example_com.json");
        harness.source.stopHolding();
        harness.source.release();

        assertThat(await(adding).filename()).isEqualTo("ann_b_example_com.json");

        assertThat(harness.source.picture()).containsOnlyKeys("p/ann_b_example_com.json");
    }

    @Test
    void add_sessionsInTheSameMillisecond_takeTheNextFreeOne() {
        JsonObject data = new JsonObject().put("token", "fake").put("device_id", "d");
        long now = harness.clock.currentMillis();
        for (int i = 0; i < 3; i++) {
            assertThat(await(harness.cache.add("p", "session", data)).filename())
                    .isEqualTo("session-" + (now + i) + ".json");
        }
        assertThat(harness.get("p", "session-" + now + ".json")).startsWith("{\n  \"token\": \"fake\",\n");
    }

    @Test
    void add_notAnAccount_isABadRequest() {
        List<JsonObject> wrong = List.of(
                new JsonObject(),
                new JsonObject().put("token", ""),
                new JsonObject().put("token", 1),
                new JsonObject().put("token", "t").put("admin", "x"),
                new JsonObject().put("token", "t").put("email", "e"));
        for (JsonObject data : wrong) {
            assertThatThrownBy(() -> await(harness.cache.add("p", "session", data)))
                    .hasMessage("bad_request");
        }
        assertThatThrownBy(() -> await(harness.cache.add("p", "password", new JsonObject().put("password", "x"))))
                .hasMessage("bad_request");
        assertThatThrownBy(() -> await(harness.cache.add("p", "other", new JsonObject().put("token", "t"))))
                .hasMessage("bad_request");
        assertThatThrownBy(() -> await(harness.cache.add("../p", "session", new JsonObject().put("token", "t"))))
                .hasMessage("invalid_name");
        assertThat(harness.source.picture()).isEmpty();
    }
}
