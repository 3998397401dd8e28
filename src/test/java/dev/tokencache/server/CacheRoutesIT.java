package dev.tokencache.server;

import static dev.tokencache.server.Api.assertFails;
import static dev.tokencache.server.Api.header;
import static dev.tokencache.server.Api.ok;
import static dev.tokencache.server.Api.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import dev.tokencache.Poll;
import dev.tokencache.auth.Scope;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The routes of projects and the cache, those open to all, and what all routes have in common. */
class CacheRoutesIT extends ManagementServer {
    private static final String READ_ONLY = "GET, HEAD, OPTIONS";

    @Test
    void projects_forACallerOfSome_showsOnlyThose() throws Exception {
        put("seen", "a.json", "{}");
        put("seen", "b.json", "nothing");
        put("unseen", "a.json", "{}");
        api.get("seen", "a.json");
        api.get("seen", "b.json");
        api.list("seen");

        JsonObject all = ok(api.get("projects/list"));
        JsonObject some =
                ok(server.api(List.of(Scope.TOKENS_LIST), "seen", "nowhere").get("projects/list"));

        assertThat(all.fieldNames()).containsExactlyInAnyOrder("success", "projects");
        assertThat(names(all)).contains("seen", "unseen").isSorted();
        assertThat(some.getJsonArray("projects"))
                .isEqualTo(new JsonArray()
                        .add(new JsonObject()
                                .put("name", "seen")
                                .put("tokens", 2)
                                .put("cachedTokens", 1)
                                .put("invalidFiles", 1)
                                .put("expiredTokens", 0)
                                .put("expiringTokens", 0)));
    }

    private static List<String> names(JsonObject reply) {
        return reply.getJsonArray("projects").stream()
                .map(project -> ((JsonObject) project).getString("name"))
                .toList();
    }

    @Test
    void stats_afterAScan_haveExactFields() throws Exception {
        Poll.until(Duration.ofSeconds(20), () -> ok(api.get("cache/stats")), CacheRoutesIT::isCountedWatched);
        api.get("counted", "a.json");
        api.get("counted", "b.json");

        JsonObject stats = ok(api.get("cache/stats"));

        assertThat(stats.fieldNames()).containsExactlyInAnyOrder("success", "stats", "cache");
        JsonObject project = stats.getJsonObject("stats").getJsonObject("counted");
        assertThat(project.fieldNames())
                .containsExactlyInAnyOrder(
                        "cachedTokens",
                        "fileListSize",
                        "lastScan",
                        "scanTime",
                        "hints",
                        "isWatching",
                        "ignoredFiles",
                        "invalidFiles",
                        "expiredTokens",
                        "expiringTokens",
                        "scanErrors");
        assertThat(project.getInteger("cachedTokens")).isEqualTo(1);
        assertThat(project.getInteger("fileListSize")).isEqualTo(2);
        assertThat(project.getInteger("ignoredFiles")).isEqualTo(1);
        assertThat(project.getInteger("invalidFiles")).isEqualTo(1);
        assertThat(project.getDouble("scanTime")).isPositive();
        assertThat(project.getBoolean("hints")).isFalse();
        assertThat(Instant.ofEpochMilli(project.getLong("lastScan")))
                .isBetween(Instant.now().minusSeconds(60), Instant.now());
        JsonObject cache = stats.getJsonObject("cache");
        assertThat(cache.fieldNames())
                .contains("cachedTokens", "bytes", "maxBytes", "hits", "misses", "evictions", "loadsInFlight", "watch");
        assertThat(cache.getJsonObject("watch").fieldNames())
                .containsExactlyInAnyOrder("isWatching", "scanned", "interval", "scanTime", "errors", "root");
    }

    private static boolean isCountedWatched(JsonObject stats) {
        JsonObject counted = stats.getJsonObject("stats").getJsonObject("counted", new JsonObject());
        return counted.getBoolean("isWatching", false);
    }

    @Test
    void stats_forACallerOfSome_showOnlyThose() throws Exception {
        put("mine", "a.json", "{}");
        put("yours", "a.json", "{}");
        api.get("mine", "a.json");
        api.get("yours", "a.json");

        JsonObject stats = ok(server.api(List.of(Scope.STATS_READ), "mine").get("cache/stats"));

        assertThat(stats.getJsonObject("stats").fieldNames()).containsExactly("mine");
    }

    @Test
    void invalidate_oneThenAll_countsWhatItDrops() throws Exception {
        for (String name : List.of("a", "b", "c")) {
            put("dropped", name + ".json", "{}");
            api.get("dropped", name + ".json");
        }

        assertThat(text(api.post("cache/invalidate", key("dropped", "b.json"))))
                .isEqualTo("{\"success\":true,\"invalidated\":1}");
        assertThat(header(api.get("dropped", "a.json"), "X-Cache")).isEqualTo("HIT");
        assertThat(header(api.get("dropped", "b.json"), "X-Cache")).isEqualTo("MISS");
        assertThat(ok(api.post("cache/invalidate", new JsonObject().put("project", "dropped")))
                        .getInteger("invalidated"))
                .isEqualTo(3);
        assertThat(header(api.get("dropped", "a.json"), "X-Cache")).isEqualTo("MISS");
        assertThat(ok(api.post("cache/invalidate", key("dropped", "nothing.json")))
                        .getInteger("invalidated"))
                .isZero();
    }

    @Test
    void preload_ofAProject_servesHitsAndNamesTheFailed() throws Exception {
        put("loaded", "a.json", "{}");
        put("loaded", "b.json", "{");
        put("loaded", "c.json", "{}");

        JsonObject loaded = ok(api.post("cache/preload", new JsonObject().put("project", "loaded")));

        assertThat(loaded.encode())
                .isEqualTo("{\"success\":true,\"loaded\":2,\"failed\":"
                        + "[{\"filename\":\"b.json\",\"reason\":\"invalid_token_file\"}]}");
        assertThat(header(api.get("loaded", "c.json"), "X-Cache")).isEqualTo("HIT");
    }

    @Test
    void preload_absentProject_loadsNone() throws Exception {
        assertThat(text(api.post("cache/preload", new JsonObject().put("project", "absent"))))
                .isEqualTo("{\"success\":true,\"loaded\":0,\"failed\":[]}");
    }

    @Test
    void clear_needsAllProjectsAndDropsEverything() throws Exception {
        put("cleared", "a.json", "{}");
        api.get("cleared", "a.json");

        assertFails(
                server.api(List.of(Scope.CACHE_ADMIN), "cleared").post("cache/clear", new JsonObject()),
                Failure.FORBIDDEN);
        assertThat(header(api.get("cleared", "a.json"), "X-Cache")).isEqualTo("HIT");
        JsonObject cleared = ok(api.post("cache/clear", null, BodyPublishers.noBody()));

        assertThat(cleared.fieldNames()).containsExactlyInAnyOrder("success", "invalidated");
        assertThat(cleared.getInteger("invalidated")).isPositive();
        assertThat(header(api.get("cleared", "a.json"), "X-Cache")).isEqualTo("MISS");
    }

    @Test
    void head_ofAGet_hasItsHeadersAndNoBody() throws Exception {
        put("headed", "a.json", "{\"token\":\"made-up\"}");
        HttpResponse<byte[]> get = api.get("headed", "a.json");

        HttpResponse<byte[]> head = api.method("HEAD", "tokens/get?project=headed&filename=a.json");
        HttpResponse<byte[]> absent = api.method("HEAD", "tokens/get?project=headed&filename=b.json");

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(header(head, "Content-Length")).isEqualTo(String.valueOf(get.body().length));
        assertThat(header(head, "Content-Type")).isEqualTo(header(get, "Content-Type"));
        assertThat(header(head, "X-Cache")).isEqualTo("HIT");
        assertThat(header(head, "Age")).isNotNull();
        assertThat(absent.statusCode()).isEqualTo(404);
        assertThat(absent.body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tokens/list | " + READ_ONLY,
                "tokens/get | " + READ_ONLY,
                "tokens/all | " + READ_ONLY,
                "tokens/add | POST, OPTIONS",
                "tokens/delete | POST, OPTIONS",
                "projects/list | " + READ_ONLY,
                "cache/stats | " + READ_ONLY,
                "cache/invalidate | POST, OPTIONS",
                "cache/preload | POST, OPTIONS",
                "cache/clear | POST, OPTIONS",
                "/health/live | " + READ_ONLY,
                "/health/ready | " + READ_ONLY,
                "/version | " + READ_ONLY,
            })
    void anyRoute_saysWhatItAllows(String path, String allowed) throws Exception {
        Api nobody = new Api(server.port(), null);

        HttpResponse<byte[]> options = nobody.method("OPTIONS", path);

        assertThat(options.statusCode()).isEqualTo(204);
        assertThat(header(options, "Allow")).isEqualTo(allowed);
        assertThat(options.body()).isEmpty();
        for (String method : List.of("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "MADEUP")) {
            if (!List.of(allowed.split(", ")).contains(method)) {
                HttpResponse<byte[]> wrong = nobody.method(method, path);
                assertFails(wrong, Failure.METHOD_NOT_ALLOWED);
                assertThat(header(wrong, "Allow")).isEqualTo(allowed);
            }
        }
    }

    @Test
    void healthAndVersion_needNoToken() throws Exception {
        Api nobody = new Api(server.port(), null);

        assertThat(text(nobody.get("/health/live"))).isEqualTo("{\"status\":\"up\"}");
        HttpResponse<byte[]> ready = Poll.until(
                Duration.ofSeconds(20), () -> nobody.get("/health/ready"), reply -> reply.statusCode() == 200);
        assertThat(text(ready)).isEqualTo("{\"status\":\"up\"}");
        JsonObject version = ok(nobody.get("/version"));
        assertThat(version.fieldNames()).containsExactlyInAnyOrder("name", "version");
        assertThat(version.getString("name")).isEqualTo("token-cache");
        assertThat(version.getString("version")).matches("[0-9]+\\.[0-9]+\\.[0-9]+.*");
    }
}
