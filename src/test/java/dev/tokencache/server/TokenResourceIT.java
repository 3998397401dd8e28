package dev.tokencache.server;

import static dev.tokencache.server.Api.assertFails;
import static dev.tokencache.server.Api.header;
import static dev.tokencache.server.Api.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A token as a resource: its bytes, its entity tag, and what is done on conditions. */
class TokenResourceIT extends ManagementServer {
    private static final String JSON = "application/json";
    private static final String MERGE_PATCH = "application/merge-patch+json";
    private static final String CONTENT =
            "{ \"token\" : \"made-up\",\n\t\"n\": 1.10, \"big\": 12345678901234567890 }\n";

    private static String path(String project, String filename) {
        return "/api/v0/tokens/" + project + "/" + filename;
    }

    /** @param headers name, value, name, value */
    static HttpResponse<byte[]> send(String method, String path, String body, String... headers) throws Exception {
        var request = api.request(path)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        return api.send(headers.length == 0 ? request : request.headers(headers));
    }

    private static HttpResponse<byte[]> write(String path, String content, String... headers) throws Exception {
        String[] all = List.of(headers).toArray(new String[headers.length + 2]);
        all[headers.length] = "Content-Type";
        all[headers.length + 1] = JSON;
        return send("PUT", path, content, all);
    }

    private static HttpResponse<byte[]> patch(String path, String patch, String... headers) throws Exception {
        String[] all = List.of(headers).toArray(new String[headers.length + 2]);
        all[headers.length] = "Content-Type";
        all[headers.length + 1] = MERGE_PATCH;
        return send("PATCH", path, patch, all);
    }

    private static void assertEmpty(HttpResponse<byte[]> response, int status) {
        assertThat(response.statusCode()).as(text(response)).isEqualTo(status);
        assertThat(response.body()).isEmpty();
        assertThat(header(response, "Cache-Control")).isEqualTo("no-store");
        assertThat(header(response, "X-Content-Type-Options")).isEqualTo("nosniff");
    }

    @Test
    void get_twice_isMissThenHitWithBytesAndOneTag() throws Exception {
        put("raw", "a@b+c.json", CONTENT);

        HttpResponse<byte[]> first = api.get(path("raw", "a@b+c.json"));
        HttpResponse<byte[]> second = api.get(path("raw", "a%40b%2bc.json"));
        HttpResponse<byte[]> third = api.get(path("raw", "a@b+c.json"));

        for (HttpResponse<byte[]> response : List.of(first, second, third)) {
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(text(response)).isEqualTo(CONTENT);
            assertThat(header(response, "Content-Type")).isEqualTo("application/json; charset=utf-8");
            assertThat(header(response, "Cache-Control")).isEqualTo("no-store");
            assertThat(header(response, "X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(header(response, "ETag"))
                    .matches("\"[A-Za-z0-9_-]{22}\"")
                    .isEqualTo(header(first, "ETag"));
            assertThat(header(response, "Age")).matches("[0-9]|[1-5][0-9]");
        }
        assertThat(header(first, "X-Cache")).isEqualTo("MISS");
        assertThat(header(second, "X-Cache")).isEqualTo("HIT");
        assertThat(header(third, "X-Cache")).isEqualTo("HIT");
    }

    @Test
    void head_hasTheHeadersOfGetAndNoBody() throws Exception {
        put("head", "a.json", CONTENT);
        HttpResponse<byte[]> get = api.get(path("head", "a.json"));

        HttpResponse<byte[]> head = send("HEAD", path("head", "a.json"), null);

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(header(head, "Content-Length")).isEqualTo(String.valueOf(CONTENT.length()));
        assertThat(header(head, "ETag")).isEqualTo(header(get, "ETag"));
        assertThat(send("HEAD", path("head", "b.json"), null).statusCode()).isEqualTo(404);
    }

    @Test
    void get_ifNoneMatch_is304OnlyForTheVersionThereIs() throws Exception {
        Path file = put("known", "a.json", "{}");
        String path = path("known", "a.json");
        String tag = header(api.get(path), "ETag");

        for (String known : List.of(tag, "W/" + tag, "\"x\", " + tag, "*")) {
            for (String method : List.of("GET", "HEAD")) {
                HttpResponse<byte[]> response = send(method, path, null, "If-None-Match", known);
                assertEmpty(response, 304);
                assertThat(header(response, "ETag")).isEqualTo(tag);
                assertThat(header(response, "X-Cache")).isEqualTo("HIT");
                assertThat(header(response, "Age")).isNotNull();
                assertThat(header(response, "Content-Type")).isNull();
            }
        }
        for (String other : List.of("\"x\"", "x", tag.replace("\"", ""), "\"x\", \"y\"", tag + " x")) {
            assertThat(send("GET", path, null, "If-None-Match", other).statusCode())
                    .as(other)
                    .isEqualTo(200);
        }
        assertThat(send("GET", path, null, "If-None-Match", "\"x\"", "If-None-Match", tag)
                        .statusCode())
                .isEqualTo(304);
        write(path, "{\"n\":2}");
        assertThat(send("GET", path, null, "If-None-Match", tag).statusCode()).isEqualTo(200);
        assertThat(Files.readString(file)).isEqualTo("{\"n\":2}");
        assertFails(send("GET", path("known", "b.json"), null, "If-None-Match", "*"), Failure.NOT_FOUND);
    }

    @Test
    void put_newThenAgain_isCreatedThenReplacedByteForByte() throws Exception {
        String path = path("put", "a.json");

        HttpResponse<byte[]> created = write(path, CONTENT);
        assertEmpty(created, 201);
        assertThat(Files.readString(server.root().resolve("put/a.json"))).isEqualTo(CONTENT);
        HttpResponse<byte[]> read = api.get(path);
        assertThat(text(read)).isEqualTo(CONTENT);
        assertThat(header(read, "ETag")).isEqualTo(header(created, "ETag"));

        HttpResponse<byte[]> replaced = write(path, "{}");
        assertEmpty(replaced, 204);
        assertThat(header(replaced, "ETag")).isNotEqualTo(header(created, "ETag"));
        assertThat(text(api.get(path))).isEqualTo("{}");
    }

    @Test
    void put_conditions_holdOrChangeNothing() throws Exception {
        String path = path("conditions", "a.json");

        assertFails(write(path, "{}", "If-Match", "*"), Failure.PRECONDITION_FAILED);
        assertFails(write(path, "{}", "If-Match", "\"x\""), Failure.PRECONDITION_FAILED);
        HttpResponse<byte[]> created = write(path, "{\"n\":1}", "If-None-Match", "*");
        assertEmpty(created, 201);
        String tag = header(created, "ETag");
        assertFails(write(path, "{}", "If-None-Match", "*"), Failure.PRECONDITION_FAILED);
        assertFails(write(path, "{}", "If-Match", "\"x\""), Failure.PRECONDITION_FAILED);
        assertFails(write(path, "{}", "If-Match", "W/" + tag), Failure.PRECONDITION_FAILED);
        assertThat(text(api.get(path))).isEqualTo("{\"n\":1}");

        assertEmpty(write(path, "{\"n\":2}", "If-Match", "\"x\", " + tag), 204);
        assertEmpty(write(path, "{\"n\":3}", "If-Match", "*"), 204);
        assertFails(write(path, "{}", "If-Match", tag), Failure.PRECONDITION_FAILED);
        assertThat(text(api.get(path))).isEqualTo("{\"n\":3}");

        for (String malformed : List.of("x", "\"x", tag + tag, "")) {
            assertFails(write(path, "{}", "If-Match", malformed), Failure.BAD_REQUEST);
        }
        assertFails(write(path, "{}", "If-None-Match", tag), Failure.BAD_REQUEST);
        assertFails(write(path, "{}", "If-None-Match", "*", "If-Match", "*"), Failure.BAD_REQUEST);
        assertFails(write(path, "{}", "Content-Range", "bytes 0-1/10"), Failure.BAD_REQUEST);
        assertThat(text(api.get(path))).isEqualTo("{\"n\":3}");
    }

    @Test
    void get_ifMatch_isRefusedForAnotherVersion() throws Exception {
        put("matched", "a.json", "{}");
        String path = path("matched", "a.json");
        String tag = header(api.get(path), "ETag");

        for (String other : List.of("\"x\"", "W/" + tag)) {
            assertFails(send("GET", path, null, "If-Match", other), Failure.PRECONDITION_FAILED);
            assertThat(send("HEAD", path, null, "If-Match", other).statusCode()).isEqualTo(412);
        }
        assertThat(send("GET", path, null, "If-Match", tag).statusCode()).isEqualTo(200);
        assertThat(send("GET", path, null, "If-Match", "*").statusCode()).isEqualTo(200);
        assertFails(send("GET", path, null, "If-Match", "x"), Failure.BAD_REQUEST);
        assertFails(send("GET", path("matched", "b.json"), null, "If-Match", tag), Failure.NOT_FOUND);
        assertFails(send("GET", path, null, "If-Match", "\"x\"", "If-None-Match", tag), Failure.PRECONDITION_FAILED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "x", "[]", "\"x\"", "{} {}", "{\"a\":1,\"a\":2}", "\uFEFF{}", "{\"a\":\"\u0000\"}"})
    void put_noTokenFile_isRefusedAndNothingChanges(String content) throws Exception {
        String path = path("invalid", "a.json");
        Path file = put("invalid", "a.json", "{\"old\":1}");

        assertFails(write(path, content), Failure.INVALID_TOKEN_FILE);

        assertThat(Files.readString(file)).isEqualTo("{\"old\":1}");
        assertThat(text(api.get(path))).isEqualTo("{\"old\":1}");
    }

    @Test
    void put_tooLarge_isRefusedByFileAndByBody() throws Exception {
        String path = path("large", "a.json");
        String most = "{\"a\":\"" + "x".repeat((1 << 20) - 8) + "\"}";

        assertEmpty(write(path, most), 201);
        assertFails(write(path, most.replace("}", " }")), Failure.INVALID_TOKEN_FILE);
        assertFails(write(path, "{\"a\":\"" + "x".repeat(1_200_000) + "\"}"), Failure.BODY_TOO_LARGE);
        assertThat(text(api.get(path))).isEqualTo(most);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "PUT,text/plain",
                "PUT,none",
                "PUT,application/json; charset=latin1",
                "PUT,application/merge-patch+json",
                "PATCH,application/json",
                "PATCH,none"
            })
    void write_otherMediaType_isRefusedAndSaysWhatAPatchIs(String method, String type) throws Exception {
        put("media", "a.json", "{}");
        String[] headers = type == null ? new String[0] : new String[] {"Content-Type", type};

        HttpResponse<byte[]> response = send(method, path("media", "a.json"), "{\"x\":1}", headers);

        assertFails(response, Failure.UNSUPPORTED_MEDIA_TYPE);
        assertThat(header(response, "Accept-Patch")).isEqualTo(method.equals("PATCH") ? MERGE_PATCH : null);
        assertThat(text(api.get(path("media", "a.json")))).isEqualTo("{}");
    }

    @Test
    void patch_mergesAndKeepsTheBytesItDoesNotName() throws Exception {
        put("patch", "a.json", CONTENT);
        String path = path("patch", "a.json");

        HttpResponse<byte[]> patched = patch(path, "{\"token\":\"made-up-2\",\"n\":null}");

        String expected = "{ \"token\" : \"made-up-2\", \"big\": 12345678901234567890 }\n";
        assertThat(patched.statusCode()).isEqualTo(200);
        assertThat(text(patched)).isEqualTo(expected);
        assertThat(header(patched, "Content-Type")).isEqualTo("application/json; charset=utf-8");
        HttpResponse<byte[]> read = api.get(path);
        assertThat(text(read)).isEqualTo(expected);
        assertThat(header(read, "ETag")).isEqualTo(header(patched, "ETag"));
        assertThat(Files.readString(server.root().resolve("patch/a.json"))).isEqualTo(expected);
    }

    @Test
    void patch_conditionsAndFaults_changeNothing() throws Exception {
        put("unpatched", "a.json", "{\"n\":1}");
        put("unpatched", "bad.json", "[1]");
        String path = path("unpatched", "a.json");
        String tag = header(api.get(path), "ETag");

        assertFails(patch(path("unpatched", "b.json"), "{}"), Failure.NOT_FOUND);
        assertFails(patch(path("unpatched", "b.json"), "{}", "If-Match", "*"), Failure.PRECONDITION_FAILED);
        assertFails(patch(path, "{}", "If-Match", "\"x\""), Failure.PRECONDITION_FAILED);
        assertFails(patch(path, "{\"n\":2}", "If-None-Match", "*"), Failure.BAD_REQUEST);
        for (String malformed : List.of("", "[]", "1", "{", "{\"a\":1,\"a\":2}")) {
            assertFails(patch(path, malformed), Failure.BAD_REQUEST);
        }
        assertFails(patch(path("unpatched", "bad.json"), "{\"n\":2}"), Failure.INVALID_TOKEN_FILE);
        String large = "x".repeat(600_000);
        assertThat(patch(path, "{\"a\":\"" + large + "\"}", "If-Match", tag).statusCode())
                .isEqualTo(200);
        assertFails(patch(path, "{\"b\":\"" + large + "\"}"), Failure.INVALID_TOKEN_FILE);
        assertThat(text(api.get(path))).isEqualTo("{\"n\":1,\"a\":\"" + large + "\"}");
    }

    @Test
    void delete_conditions_holdOrChangeNothing() throws Exception {
        Path file = put("deleted", "a.json", "{}");
        String path = path("deleted", "a.json");
        String tag = header(api.get(path), "ETag");

        assertFails(send("DELETE", path, null, "If-Match", "\"x\""), Failure.PRECONDITION_FAILED);
        assertFails(send("DELETE", path, null, "If-Match", "x"), Failure.BAD_REQUEST);
        assertFails(send("DELETE", path, null, "If-None-Match", "*"), Failure.BAD_REQUEST);
        assertThat(file).exists();
        assertEmpty(send("DELETE", path, null, "If-Match", tag), 204);
        assertThat(file).doesNotExist();
        assertFails(api.get(path), Failure.NOT_FOUND);
        assertFails(send("DELETE", path, null), Failure.NOT_FOUND);
        assertFails(send("DELETE", path, null, "If-Match", "*"), Failure.PRECONDITION_FAILED);
    }

    @Test
    void write_overLinkOrDirectory_isRefused() throws Exception {
        Path target = put("held", "target.json", "{}");
        Files.createSymbolicLink(target.resolveSibling("link.json"), Path.of("target.json"));
        Files.createDirectory(target.resolveSibling("directory.json"));

        for (String name : List.of("link.json", "directory.json")) {
            assertFails(write(path("held", name), "{\"n\":1}"), Failure.NOT_REPLACEABLE);
            assertFails(send("DELETE", path("held", name), null), Failure.NOT_REPLACEABLE);
        }
        assertFails(patch(path("held", "link.json"), "{\"n\":1}"), Failure.NOT_REPLACEABLE);
        assertThat(target).hasContent("{}");
    }

    @Test
    void otherMethods_areNamed() throws Exception {
        String all = "GET, HEAD, PUT, PATCH, DELETE, OPTIONS";

        HttpResponse<byte[]> options = send("OPTIONS", path("any", "a.json"), null);
        assertEmpty(options, 204);
        assertThat(header(options, "Allow")).isEqualTo(all);
        assertThat(header(options, "Accept-Patch")).isEqualTo(MERGE_PATCH);
        HttpResponse<byte[]> post = send("POST", path("any", "a.json"), "{}");
        assertFails(post, Failure.METHOD_NOT_ALLOWED);
        assertThat(header(post, "Allow")).isEqualTo(all);
    }

    @Test
    void request_unknownParameter_isRefused() throws Exception {
        put("parameters", "a.json", "{}");

        for (String query : List.of("?x=1", "?project=parameters", "?filename=a.json")) {
            assertFails(api.get(path("parameters", "a.json" + query)), Failure.BAD_REQUEST);
            assertFails(write(path("parameters", "a.json" + query), "{\"n\":1}"), Failure.BAD_REQUEST);
            assertFails(send("DELETE", path("parameters", "a.json" + query), null), Failure.BAD_REQUEST);
        }
        assertThat(text(api.get(path("parameters", "a.json")))).isEqualTo("{}");
    }
}
