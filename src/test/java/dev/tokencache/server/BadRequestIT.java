package dev.tokencache.server;

import static dev.tokencache.server.Api.assertFails;
import static dev.tokencache.server.Api.errorBody;
import static dev.tokencache.server.Api.ok;
import static dev.tokencache.server.Api.strings;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tokencache.Failure;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies and requests that are not what they should be each get their one answer. */
class BadRequestIT extends BadInputServer {
    private static final String CANARY = BadInput.CANARY;
    private static final int MAX_BODY = (1 << 20) + (64 << 10);

    static Stream<Arguments> bodies() {
        String data = "\"data\":{\"token\":\"" + CANARY + "\"}";
        return Stream.of(
                        "",
                        "{",
                        "null",
                        "[]",
                        "\"" + CANARY + "\"",
                        CANARY,
                        "{}",
                        "{\"project\":\"demo\",\"type\":\"session\"}",
                        "{\"project\":\"demo\"," + data + "}",
                        "{\"type\":\"session\"," + data + "}",
                        "{\"project\":7,\"type\":\"session\"," + data + "}",
                        "{\"project\":null,\"type\":\"session\"," + data + "}",
                        "{\"project\":\"demo\",\"type\":[\"session\"]," + data + "}",
                        "{\"project\":\"demo\",\"type\":\"oauth\"," + data + "}",
                        "{\"project\":\"demo\",\"type\":\"session\",\"data\":\"" + CANARY + "\"}",
                        "{\"project\":\"demo\",\"type\":\"session\",\"data\":[]}",
                        "{\"project\":\"demo\",\"type\":\"session\",\"data\":{}}",
                        "{\"project\":\"demo\",\"type\":\"session\",\"data\":{\"token\":7}}",
                        "{\"project\":\"demo\",\"type\":\"session\",\"data\":{\"token\":null}}",
                        "{\"project\":\"demo\",\"type\":\"session\",\"data\":{\"token\":\"\"}}",
                        "{\"project\":\"demo\",\"type\":\"session\",\"data\":{\"token\":\"a\",\"x\":\"b\"}}",
                        "{\"project\":\"demo\",\"type\":\"password\"," + data + "}",
                        "{\"project\":\"demo\",\"type\":\"password\",\"data\":{\"password\":\"a\"}}",
                        "{\"project\":\"demo\",\"type\":\"password\",\"data\":{\"email\":\"a\"}}",
                        "{\"project\":\"demo\",\"type\":\"password\",\"data\":{\"password\":\"a\",\"email\":\""
                                + "x".repeat(251) + "\"}}",
                        "{\"project\":\"demo\",\"type\":\"session\",\"x\":1," + data + "}",
                        "{\"project\":\"demo\",\"project\":\"demo\",\"type\":\"session\"," + data + "}",
                        "{\"project\":\"demo\",\"type\":\"session\"," + data + "}{}",
                        "{\"project\":\"demo\",\"type\":\"session\"," + data + "}x",
                        "{\"project\":\"demo\",\"type\":\"session\"," + data + ",}",
                        "{\"project\":\"demo\",\"type\":\"session\",\"data\":" + "[".repeat(200) + "]".repeat(200)
                                + "}",
                        "{\"project\":\"demo\",\"type\":\"session\",\"data\":{\"token\":NaN}}",
                        "{\"project\":\"demo\",\"type\":\"session\",\"data\":{\"token\":\"a\nb\"}}",
                        "{\"project\":\"demo\",\"type\":\"session\",\"data\":{\"token\":\"" + CANARY,
                        "\ufeff{\"project\":\"demo\",\"type\":\"session\"," + data + "}")
                .map(body -> arguments(BodyPublishers.ofString(body)));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void add_badBody_isRefused(BodyPublisher body) throws Exception {
        assertFails(input.admin().post("tokens/add", "application/json", body), Failure.BAD_REQUEST);
    }

    @Test
    void add_bodyOfOtherCharacters_isRefused() throws Exception {
        String body = "{\"project\":\"demo\",\"type\":\"session\",\"data\":{\"token\":\"\u00e9\"}}";

        for (byte[] bytes : List.of(body.getBytes(ISO_8859_1), body.getBytes(UTF_16))) {
            assertFails(
                    input.admin().post("tokens/add", "application/json", BodyPublishers.ofByteArray(bytes)),
                    Failure.BAD_REQUEST);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../demo", "", ".", "de mo"})
    void add_badProject_isRefused(String project) throws Exception {
        JsonObject body = new JsonObject()
                .put("project", project)
                .put("type", "session")
                .put("data", new JsonObject().put("token", CANARY));

        assertFails(
                input.admin().post("tokens/add", body), project.isEmpty() ? Failure.BAD_REQUEST : Failure.INVALID_NAME);
    }

    @Test
    void post_withAQuery_isRefused() throws Exception {
        assertFails(
                input.admin().post("tokens/delete?project=demo", new JsonObject().put("filename", "good.json")),
                Failure.BAD_REQUEST);
        assertFails(input.admin().post("cache/clear?x=1", new JsonObject()), Failure.BAD_REQUEST);
        assertFails(input.admin().post("cache/clear", new JsonObject().put("x", CANARY)), Failure.BAD_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/jsonx",
                "application/merge-patch+json",
                "application/json; charset=iso-8859-1",
                "application/json, text/plain",
                "json"
            })
    void post_otherContentType_isRefused(String type) throws Exception {
        assertFails(
                input.admin().post("tokens/add", type, BodyPublishers.ofString("{\"project\":\"demo\"}")),
                Failure.UNSUPPORTED_MEDIA_TYPE);
    }

    @Test
    void post_bodyWithoutContentType_isRefused() throws Exception {
        assertFails(
                input.admin().post("cache/clear", null, BodyPublishers.ofString("{}")), Failure.UNSUPPORTED_MEDIA_TYPE);
        ok(input.admin()
                .post(
                        "cache/invalidate",
                        "Application/JSON ; Charset=\"UTF-8\"",
                        BodyPublishers.ofString("{\"project\":\"demo\"}")));
    }

    @Test
    void post_tooLarge_announcedAndChunked_isRefused() throws Exception {
        byte[] large = new byte[MAX_BODY + 1];

        assertFails(
                input.admin().post("tokens/add", "application/json", BodyPublishers.ofByteArray(large)),
                Failure.BODY_TOO_LARGE);
        assertFails(
                input.admin()
                        .post(
                                "tokens/add",
                                "application/json",
                                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large))),
                Failure.BODY_TOO_LARGE);
        assertFails(
                input.admin().post("tokens/add", "application/json", BodyPublishers.ofByteArray(new byte[MAX_BODY])),
                Failure.BAD_REQUEST);
    }

    @Test
    void requestLine_tooLong_is414() throws Exception {
        assertThat(input.admin().rawGet("/" + CANARY + "x".repeat(5_000)))
                .startsWith("HTTP/1.0 414 ")
                .endsWith(errorBody(Failure.URI_TOO_LONG));
    }

    @Test
    void head_tooLarge_is431() throws Exception {
        assertThat(input.admin()
                        .raw("GET /health/live HTTP/1.1\r\nHost: localhost\r\nX: " + CANARY + "x".repeat(9_000)
                                + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ")
                .endsWith(errorBody(Failure.HEADERS_TOO_LARGE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                CANARY + "\r\n\r\n",
                "GET /health/live\r\n\r\n",
                "GET /health/live HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
                "GET /health/live HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
                "GET /health/live HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                "GET /health/live HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n",
                "GET /health/live HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
                "GET /health/live HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n",
                "GET /health/live HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET /health/live HTTP/3.7\r\nHost: localhost\r\n\r\n",
                "GET /health/live " + CANARY + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
            })
    void request_malformed_is400AndTheEndOfTheConnection(String request) throws Exception {
        assertThat(input.admin().raw(request))
                .startsWith("HTTP/")
                .contains(" 400 ")
                .endsWith(errorBody(Failure.BAD_REQUEST));
    }

    @Test
    void body_malformedChunks_endTheConnection() throws Exception {
        String head = "POST " + Api.BASE + "tokens/add HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
                + input.admin().credentials() + "\r\n";

        assertThat(input.admin().raw(head + "zz\r\n" + CANARY + "\r\n0\r\n\r\n"))
                .matches(reply -> reply.isEmpty() || reply.startsWith("HTTP/1.1 400 "));
    }

    @Test
    void body_thatNeverComes_endsTheConnection() throws Exception {
        String head = "POST " + Api.BASE + "tokens/add HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n"
                + "Content-Type: application/json\r\n";

        assertThat(input.admin().raw(head + input.admin().credentials() + "\r\n{"))
                .startsWith("HTTP/1.1 408 ")
                .endsWith(errorBody(Failure.REQUEST_TIMEOUT));
        assertThat(input.nobody().raw(head + "\r\n{"))
                .startsWith("HTTP/1.1 401 ")
                .endsWith(errorBody(Failure.UNAUTHORIZED));
        assertThat(input.nobody().raw(head.replace("tokens/add", "nothing") + "\r\n{"))
                .startsWith("HTTP/1.1 404 ");
    }
}
