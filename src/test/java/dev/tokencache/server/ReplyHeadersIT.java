package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in the head of every reply, and what browsers of which origins are told. */
@Timeout(60)
class ReplyHeadersIT {
    private static final String ORIGIN = "https://admin.example.com";
    private static final String LAST = "GET /version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    private static final String GET = Api.BASE + "tokens/get?project=demo&filename=a.json";

    @TempDir
    static Path directory;

    @TempDir
    static Path otherDirectory;

    private static ServerProcess server;
    private static ServerProcess withOrigins;

    @BeforeAll
    static void start() throws Exception {
        server = ServerProcess.start(directory);
        withOrigins = ServerProcess.start(
                otherDirectory, "http.cors.origins=[" + ORIGIN + ", \"http://localhost:8080\"]", "http.tls.hsts=1h");
    }

    @AfterAll
    static void stop() {
        try (ServerProcess first = server;
                ServerProcess second = withOrigins) {
            assertThat(first).isNotSameAs(second);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "HEAD /version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "OPTIONS /version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "DELETE /version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "TRACE /version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "CONNECT localhost:1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "GET //version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "GET /version?x=1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "GET " + GET + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "GET /version HTTP/1.1\r\nConnection: close\r\n\r\n",
                "GET /version HTTP/1.0\r\n\r\n",
                "GET /version HTTP/0.9\r\n\r\n",
                "GET /version HTTP/3.7\r\n\r\n",
                "GET /version\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "garbage\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n",
                "GET /version HTTP/1.1\r\nHost: localhost\r\nbad header: x\r\n\r\n",
                "GET /version HTTP/1.1\r\nHost: localhost\r\nX: \u0000\r\n\r\n",
                "GET /version HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\nConnection: Upgrade\r\n\r\n"
                        + LAST,
                "GET /version HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n" + LAST,
            })
    void anyRequest_garbageIncluded_isAnsweredWithTheSecurityHeaders(String request) throws Exception {
        assertSecurityHeaders(server.admin().raw(request));
        assertSecurityHeaders(withOrigins.admin().raw(request));
    }

    @Test
    void tooLongRequests_areAnsweredWithTheSecurityHeaders() throws Exception {
        assertSecurityHeaders(server.admin().rawGet("/" + "x".repeat(5_000)));
        assertSecurityHeaders(
                server.admin().raw("GET /version HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(9_000) + "\r\n\r\n"));
    }

    private static void assertSecurityHeaders(String reply) {
        String head = reply.substring(0, reply.indexOf("\r\n\r\n") + 2).toLowerCase(Locale.ROOT);
        assertThat(head)
                .containsOnlyOnce("cache-control: no-store\r\n")
                .containsOnlyOnce("x-content-type-options: nosniff\r\n")
                .doesNotContain("server:", "strict-transport-security", "access-control-allow-credentials")
                .doesNotContain("http/1.1 101");
    }

    private static HttpResponse<byte[]> ask(ServerProcess server, String method, String origin, String path)
            throws Exception {
        Api api = server.admin();
        var request = api.request(path)
                .method(method, BodyPublishers.noBody())
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "POST");
        return api.send(request);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "OPTIONS", "POST", "HEAD"})
    void origin_notConfigured_isToldNothing(String method) throws Exception {
        for (String origin : new String[] {
            "https://evil.example.com",
            "null",
            "https://admin.example.com.evil.example.com",
            "http://admin.example.com",
            "https://admin.example.com:8443",
            "https://ADMIN.example.com",
            "*"
        }) {
            assertThat(accessControl(ask(withOrigins, method, origin, "cache/stats")))
                    .isZero();
            assertThat(accessControl(ask(server, method, origin, "cache/stats")))
                    .isZero();
        }
        assertThat(accessControl(ask(server, method, ORIGIN, "cache/stats"))).isZero();
        assertThat(ask(server, method, ORIGIN, "cache/stats").headers().map()).doesNotContainKey("vary");
        assertThat(Api.header(ask(withOrigins, method, "null", "cache/stats"), "Vary"))
                .isEqualTo("origin");
    }

    private static long accessControl(HttpResponse<?> response) {
        return response.headers().map().keySet().stream()
                .filter(name -> name.startsWith("access-control"))
                .count();
    }

    @Test
    void origin_configured_mayReadRepliesAndErrors() throws Exception {
        for (String path : new String[] {"cache/stats", "/nothing", "tokens/get?project=none&filename=a.json"}) {
            HttpResponse<byte[]> response = ask(withOrigins, "GET", ORIGIN, path);
            assertThat(Api.header(response, "Access-Control-Allow-Origin")).isEqualTo(ORIGIN);
            assertThat(Api.header(response, "Access-Control-Expose-Headers"))
                    .contains("etag", "x-cache", "x-request-id");
            assertThat(Api.header(response, "Access-Control-Allow-Methods")).isNull();
        }
        assertThat(Api.header(
                        ask(withOrigins, "GET", "http://localhost:8080", "/version"), "Access-Control-Allow-Origin"))
                .isEqualTo("http://localhost:8080");
    }

    @Test
    void preflight_ofAConfiguredOrigin_isAnsweredWithoutCredentials() throws Exception {
        Api nobody = new Api(withOrigins.port(), null);

        HttpResponse<byte[]> response = nobody.send(nobody.request("tokens/add")
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", ORIGIN)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization,content-type"));

        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(Api.header(response, "Access-Control-Allow-Origin")).isEqualTo(ORIGIN);
        assertThat(Api.header(response, "Access-Control-Allow-Methods")).contains("POST");
        assertThat(Api.header(response, "Access-Control-Allow-Headers")).contains("authorization", "content-type");
        assertThat(Api.header(response, "Access-Control-Max-Age")).isEqualTo("600");
        assertThat(Api.header(response, "Access-Control-Allow-Credentials")).isNull();
        assertThat(Api.header(response, "Allow")).isEqualTo("POST, OPTIONS");
    }

    @Test
    void sameOriginPost_ofAnOriginNobodyConfigured_isServed() throws Exception {
        Api api = withOrigins.admin();
        HttpResponse<byte[]> response = api.send(api.request("cache/invalidate")
                .header("Origin", "http://127.0.0.1:" + withOrigins.port())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(
                        new JsonObject().put("project", "demo").encode())));

        assertThat(response.statusCode()).isEqualTo(200);
    }
}
