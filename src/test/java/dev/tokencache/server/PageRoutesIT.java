package dev.tokencache.server;

import static dev.tokencache.server.Api.assertFails;
import static dev.tokencache.server.Api.header;
import static dev.tokencache.server.Api.json;
import static dev.tokencache.server.Api.ok;
import static dev.tokencache.server.Api.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of tokens over HTTP, with and without values. */
class PageRoutesIT extends ManagementServer {
    private static final String TOKENS = "/api/v0/tokens/";

    private static List<String> names(JsonObject page) {
        return page.getJsonArray("tokens").stream()
                .map(token -> ((JsonObject) token).getString("filename"))
                .toList();
    }

    private static void putAll(String project) throws Exception {
        Instant now = Instant.now();
        put(project, "past.json", "{\"expires_at\":\"2020-01-01T00:00:00Z\",\"refresh_token\":\"made-up\"}");
        put(
                project,
                "soon.json",
                "{\"expires_at\":" + now.plus(30, ChronoUnit.MINUTES).getEpochSecond() + "}");
        put(
                project,
                "later.json",
                "{\"expires_at\":" + now.plus(30, ChronoUnit.DAYS).getEpochSecond() + "}");
        put(project, "never.json", "{ \"n\": 1.10 }");
        put(project, "bad.json", "{\n  x");
    }

    @Test
    void page_ofMetadata_hasEverythingButValues() throws Exception {
        putAll("metadata");

        JsonObject page = ok(api.get(TOKENS + "metadata"));

        assertThat(page.fieldNames()).containsExactly("success", "project", "tokens", "cursor", "unknown");
        assertThat(names(page)).containsExactly("bad.json", "later.json", "never.json", "past.json", "soon.json");
        assertThat(page.getString("cursor")).isNull();
        assertThat(page.encode()).doesNotContain("made-up");
        JsonObject past = page.getJsonArray("tokens").getJsonObject(3);
        assertThat(past.getBoolean("valid")).isTrue();
        assertThat(past.getInteger("size"))
                .isEqualTo((int) Files.size(server.root().resolve("metadata/past.json")));
        assertThat(past.getString("expiresAt")).isEqualTo("2020-01-01T00:00:00Z");
        assertThat(past.getString("expirySource")).isEqualTo("expires_at");
        assertThat(past.getBoolean("hasRefreshToken")).isTrue();
        assertThat('"' + past.getString("etag") + '"')
                .isEqualTo(header(api.get(TOKENS + "metadata/past.json"), "ETag"));
        JsonObject bad = page.getJsonArray("tokens").getJsonObject(0);
        assertThat(bad.getBoolean("valid")).isFalse();
        assertThat(bad.getString("reason")).isEqualTo("not_json");
        assertThat(bad.getJsonObject("position").getInteger("line")).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "expired=true | past.json",
                "expired=false | bad.json later.json never.json soon.json",
                "expiringWithin=1h | soon.json",
                "expiringWithin=3600s | soon.json",
                "expiringWithin=60d | later.json soon.json",
                "expiringWithin=0ms | none",
                "invalid=true | bad.json",
                "invalid=false | later.json never.json past.json soon.json",
                "prefix=n | never.json",
                "prefix= | bad.json later.json never.json past.json soon.json",
                "prefix=s&expiringWithin=1h&invalid=false&expired=false | soon.json",
                "prefix=x | none",
            })
    void page_filtered_hasThoseThatMeetIt(String query, String expected) throws Exception {
        putAll("filtered");
        List<String> names = expected == null ? List.of() : List.of(expected.split(" ", -1));

        assertThat(names(ok(api.get(TOKENS + "filtered?" + query)))).isEqualTo(names);
        assertThat(names(ok(api.get("tokens/all?project=filtered&" + query)))).isEqualTo(names);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=1001",
                "limit=",
                "limit=-1",
                "cursor=",
                "cursor=x",
                "expired=",
                "expired=yes",
                "expired=TRUE",
                "invalid=1",
                "expiringWithin=",
                "expiringWithin=1",
                "expiringWithin=-1s",
                "expiringWithin=1w",
                "expiringWithin=1.5h",
                "expiringWithin=4000d",
                "expiringWithin=999999999d",
                "prefix=..",
                "prefix=a/b",
                "prefix=%00",
                "x=1",
                "limit=1&limit=1",
            })
    void page_wrongParameter_isRefused(String query) throws Exception {
        assertFails(api.get(TOKENS + "any?" + query), Failure.BAD_REQUEST);
        assertFails(api.get("tokens/all?project=any&" + query), Failure.BAD_REQUEST);
    }

    @Test
    void pages_byCursor_meetEachNameOnce() throws Exception {
        List<String> all = new ArrayList<>();
        for (int i = 10; i < 35; i++) {
            all.add("t" + i + ".json");
            put("paged", "t" + i + ".json", "{\"n\":" + i + "}");
        }
        for (String path : List.of(TOKENS + "paged?limit=10", "tokens/all?project=paged&limit=10")) {
            List<String> met = new ArrayList<>();
            String cursor = null;
            do {
                JsonObject page = ok(api.get(path + (cursor == null ? "" : "&cursor=" + cursor)));
                met.addAll(names(page));
                cursor = page.getString("cursor");
            } while (cursor != null);
            assertThat(met).isEqualTo(all);
        }
    }

    @Test
    void pageOrList_unchanged_is304UntilSomethingChanges() throws Exception {
        putAll("unchanged");
        for (String path : List.of(
                TOKENS + "unchanged",
                TOKENS + "unchanged?limit=2",
                TOKENS + "unchanged?expired=true",
                "tokens/all?project=unchanged",
                "tokens/list?project=unchanged")) {
            HttpResponse<byte[]> first = api.get(path);
            ok(first);
            String tag = header(first, "ETag");
            assertThat(tag).startsWith("W/\"");
            HttpResponse<byte[]> second = api.send(api.request(path).header("If-None-Match", "\"x\", " + tag));
            assertThat(second.statusCode()).as(path).isEqualTo(304);
            assertThat(second.body()).isEmpty();
            assertThat(header(second, "ETag")).isEqualTo(tag);
            assertThat(api.send(api.request(path).header("If-None-Match", "W/\"x\""))
                            .statusCode())
                    .isEqualTo(200);
        }
        String page = header(api.get(TOKENS + "unchanged"), "ETag");
        String list = header(api.list("unchanged"), "ETag");
        TokenResourceIT.send(
                "PATCH", TOKENS + "unchanged/past.json", "{\"n\":1}", "Content-Type", "application/merge-patch+json");

        assertThat(api.send(api.request(TOKENS + "unchanged").header("If-None-Match", page))
                        .statusCode())
                .isEqualTo(200);
        assertThat(header(api.list("unchanged"), "ETag")).isEqualTo(list);
        api.method("DELETE", TOKENS + "unchanged/past.json");
        assertThat(header(api.list("unchanged"), "ETag")).isNotEqualTo(list);
    }

    @Test
    void head_hasTheHeadersOfGet() throws Exception {
        putAll("headed");
        HttpResponse<byte[]> get = api.get(TOKENS + "headed");

        HttpResponse<byte[]> head = api.method("HEAD", TOKENS + "headed");

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(header(head, "ETag")).isEqualTo(header(get, "ETag"));
        assertThat(json(api.get(TOKENS + "absent")).getJsonArray("tokens")).isEmpty();
        assertThat(header(api.method("OPTIONS", TOKENS + "headed"), "Allow")).isEqualTo("GET, HEAD, OPTIONS");
        assertFails(api.method("DELETE", TOKENS + "headed"), Failure.METHOD_NOT_ALLOWED);
        assertThat(text(api.get("tokens/all?project=headed&prefix=never")))
                .startsWith("{\"success\":true,\"project\":\"headed\","
                        + "\"tokens\":[{\"filename\":\"never.json\",\"data\":{ \"n\": 1.10 }}],\"cursor\":null");
    }
}
