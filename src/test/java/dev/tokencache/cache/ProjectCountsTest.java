package dev.tokencache.cache;

import static dev.tokencache.cache.CacheHarness.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Precondition;
import dev.tokencache.TokenKey;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many tokens the list of projects gives each of them. */
class ProjectCountsTest {
    private final CacheHarness harness = new CacheHarness();

    @AfterEach
    void close() {
        harness.close();
    }

    private Integer tokens() {
        JsonObject project = await(harness.cache.projects()).getJsonObject(0);
        assertThat(project.getString("name")).isEqualTo("p");
        return project.getInteger("tokens");
    }

    private void put(String filename) {
        await(harness.cache.put(new TokenKey("p", filename), "{}", Precondition.NONE));
    }

    private void delete(String filename) {
        await(harness.cache.delete(new TokenKey("p", filename), Precondition.NONE));
    }

    @Test
    void tokens_afterAWrite_countItBeforeTheNextScan() {
        harness.source.edit("p/a.json", "{}");
        harness.scan();
        assertThat(tokens()).isEqualTo(1);
        put("b.json");
        assertThat(tokens()).isEqualTo(2);
        put("b.json");
        assertThat(tokens()).isEqualTo(2);
        delete("a.json");
        assertThat(tokens()).isEqualTo(1);
        put("a.json");
        harness.scan();
        assertThat(tokens()).isEqualTo(2);
    }

    @Test
    void tokens_ofAProjectThatCantBeRead_areUnknownAndNotNone() {
        harness.source.edit("p/a.json", "{}");
        JsonObject unreadable = new JsonObject().put("p", new JsonObject().put("error", "storage_unreadable"));
        await(harness.cache.observe(new JsonObject().put("projects", unreadable)));
        assertThat(tokens()).isNull();
        harness.scan();
        assertThat(tokens()).isEqualTo(1);
        await(harness.cache.observe(new JsonObject().put("projects", unreadable)));
        assertThat(tokens()).isNull();
    }
}
