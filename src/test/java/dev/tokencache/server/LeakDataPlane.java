package dev.tokencache.server;

import static dev.tokencache.server.Api.header;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.function.Consumer;

/** Drives secrets through the routes of tokens as resources, of pages and of batches: what works and what fails. */
final class LeakDataPlane {
    private static final String TOKENS = "/api/v0/tokens/";
    private static final String JSON = "application/json";
    private static final String PATCH = "application/merge-patch+json";
    private static final String LINES = "application/x-ndjson";

    private final Api api;
    private final String value;
    private final String name;

    /**
     * A run.
     *
     * @param value what must show up nowhere
     * @param name of a file, valid, and just as secret outside of replies that are about it
     */
    LeakDataPlane(Api api, String value, String name) {
        this.api = api;
        this.value = value;
        this.name = name;
    }

    private HttpResponse<byte[]> send(String method, String path, String type, String body, String... headers)
            throws Exception {
        var request = api.request(TOKENS + path)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (type != null) {
            request.header("Content-Type", type);
        }
        return api.send(headers.length == 0 ? request : request.headers(headers));
    }

    private HttpResponse<byte[]> importing(String lines) throws Exception {
        return api.post("tokens/import?project=plane", LINES, BodyPublishers.ofString(lines));
    }

    /** Everything once that succeeds. */
    void everyRoute() throws Exception {
        String path = "plane/" + name;
        String content = "{\"token\":\"" + value + "\"}";
        succeeds(send("PUT", path, JSON, content));
        HttpResponse<byte[]> read = send("GET", path, null, null);
        succeeds(read);
        assertThat(send("GET", path, null, null, "If-None-Match", header(read, "ETag"))
                        .statusCode())
                .isEqualTo(304);
        succeeds(send("PATCH", path, PATCH, "{\"token\":\"" + value + "2\"}"));
        succeeds(importing("{\"filename\":\"" + name + "\",\"data\":" + content + "}\n{\"filename\":\"" + value
                + "/\",\"data\":1}\n" + value + "\n{\"filename\":\"a.json\",\"data\":\"" + value + "\"}"));
        succeeds(api.get("tokens/export?project=plane"));
        succeeds(send("GET", "plane", null, null));
        succeeds(api.get("tokens/all?project=plane&prefix=" + name.substring(0, 6)));
        succeeds(send("DELETE", path, null, null));
    }

    private static void succeeds(HttpResponse<byte[]> response) {
        assertThat(response.statusCode()).isBetween(200, 299);
    }

    /** Everything that fails, each with secrets wherever a request can hold them. */
    void everyFailure(Consumer<HttpResponse<byte[]>> failures) throws Exception {
        String path = "plane/no." + name;
        for (String body : List.of(value, "{\"" + value, "[\"" + value + "\"]", "{\"a\":\"" + value + "\"}{}")) {
            failures.accept(send("PUT", path, JSON, body));
            failures.accept(send("PATCH", path, PATCH, body));
            failures.accept(send("PUT", path, "text/" + value, body));
        }
        failures.accept(send("GET", path, null, null));
        failures.accept(send("DELETE", path, null, null));
        failures.accept(send("DELETE", path, null, null, "If-Match", "\"" + value + "\""));
        failures.accept(send("DELETE", path, null, null, "If-Match", value));
        failures.accept(send("PUT", path, JSON, "{}", "If-None-Match", "\"" + value + "\""));
        failures.accept(send("GET", value + "@/" + name, null, null));
        failures.accept(send("GET", "plane/" + value, null, null));
        failures.accept(send("GET", "plane?cursor=" + value, null, null));
        failures.accept(send("GET", "plane?prefix=/" + value, null, null));
        failures.accept(send("GET", "plane?expiringWithin=" + value, null, null));
        failures.accept(send("GET", "plane?" + value + "=1", null, null));
        failures.accept(api.get("tokens/export?project=" + value + "/"));
        failures.accept(api.get("/api/v0/events?project=" + value + "/"));
        failures.accept(api.post("tokens/import?project=plane", JSON, BodyPublishers.ofString(value)));
    }
}
