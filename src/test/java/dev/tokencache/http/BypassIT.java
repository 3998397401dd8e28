package dev.tokencache.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.cache.CacheOptions;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** HTTP while the cache is away: reads go to the files and say so, writes fail. */
@Timeout(60)
class BypassIT {
    @TempDir
    Path directory;

    private HttpStack stack;

    @BeforeEach
    void start() throws Exception {
        stack = new HttpStack(directory, options -> options);
        stack.put("demo/a.json", "{\"token\":\"made-up\"}");
        stack.put("demo/bad.json", "not json");
    }

    @AfterEach
    void stop() throws Exception {
        stack.close();
    }

    private String deployCache() throws Exception {
        return stack.deployCache(new CacheOptions());
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        return stack.send(method, path, body);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return stack.get(path);
    }

    private void assertServes(String path, String status, String body) throws Exception {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().firstValue("X-Cache")).contains(status);
        assertThat(response.headers().firstValue("Age").orElseThrow()).matches("[0-9]|[1-5][0-9]");
        assertThat(response.body()).isEqualTo(body);
    }

    private void assertGetAndListServe(String status) throws Exception {
        assertServes(
                "tokens/get?project=demo&filename=a.json",
                status,
                "{\"success\":true,\"project\":\"demo\",\"filename\":\"a.json\",\"data\":{\"token\":\"made-up\"}}");
        assertServes(
                "tokens/list?project=demo",
                status,
                "{\"success\":true,\"project\":\"demo\",\"count\":2,\"tokens\":[\"a.json\",\"bad.json\"]}");
    }

    private void assertUnreachable(HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(new JsonObject(response.body()).getString("error")).isEqualTo("cache_unreachable");
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void reads_cacheAwayAndBack_bypassItMeanwhile() throws Exception {
        String cache = deployCache();
        stack.deployHttp(true);
        assertGetAndListServe("MISS");
        assertGetAndListServe("HIT");

        stack.undeploy(cache);

        assertGetAndListServe("BYPASS");
        assertThat(get("tokens/get?project=demo&filename=none.json").statusCode())
                .isEqualTo(404);
        assertThat(get("tokens/get?project=demo&filename=bad.json").statusCode())
                .isEqualTo(422);
        assertThat(get("tokens/get?project=demo&filename=..json").statusCode()).isEqualTo(400);
        assertThat(get("tokens/list?project=none").body()).contains("\"count\":0");
        assertThat(get("/health/live").statusCode()).isEqualTo(200);

        deployCache();

        assertGetAndListServe("MISS");
        assertGetAndListServe("HIT");
    }

    @Test
    void writesAndAllElse_cacheAway_areUnreachableAndChangeNothing() throws Exception {
        String cache = deployCache();
        stack.deployHttp(true);
        stack.undeploy(cache);

        String session = "{\"project\":\"demo\",\"type\":\"session\",\"data\":{\"token\":\"made-up\"}}";
        assertUnreachable(send("POST", "tokens/add", session));
        assertUnreachable(send("POST", "tokens/delete", "{\"project\":\"demo\",\"filename\":\"a.json\"}"));
        for (String path : List.of("cache/invalidate", "cache/preload")) {
            assertUnreachable(send("POST", path, "{\"project\":\"demo\"}"));
        }
        assertUnreachable(send("POST", "cache/clear", ""));
        for (String path : List.of("cache/stats", "projects/list", "tokens/all?project=demo", "/health/ready")) {
            assertUnreachable(get(path));
        }

        try (var names = Files.list(directory.resolve("root/demo"))) {
            assertThat(names.map(name -> name.getFileName().toString()))
                    .containsExactlyInAnyOrder("a.json", "bad.json");
        }
    }

    @Test
    void reads_withoutASource_areUnreachable() throws Exception {
        String cache = deployCache();
        stack.deployHttp(false);
        assertGetAndListServe("MISS");

        stack.undeploy(cache);

        assertUnreachable(get("tokens/get?project=demo&filename=a.json"));
        assertUnreachable(get("tokens/list?project=demo"));
    }
}
