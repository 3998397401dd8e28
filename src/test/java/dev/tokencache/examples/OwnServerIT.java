package dev.tokencache.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.RunningTime;
import dev.tokencache.auth.JwtIssuer;
import dev.tokencache.auth.Scope;
import dev.tokencache.auth.SigningKeyFile;
import dev.tokencache.content.EtagKey;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The example with a server of its own: its routes and the cache's, side by side. */
@Timeout(60)
class OwnServerIT {
    private static final EtagKey KEY = EtagKey.of("a fixture, not a key".getBytes(StandardCharsets.UTF_8));
    private static final String TOKEN = "/tokens/api/v0/tokens/demo/a.json";
    private static final String VALUE = "{\"token\":\"not-a-real-token\"}";

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Path keyFile;
    private OwnServer server;
    private String deployment;
    private String jwt;

    @BeforeEach
    void deploy() throws Exception {
        Path root = directory.resolve("root");
        Files.createDirectories(root.resolve("demo"));
        Files.writeString(root.resolve("demo/a.json"), VALUE);
        keyFile = directory.resolve("jwt.key");
        jwt = jwt(SigningKeyFile.generate(keyFile));
        vertx.deployVerticle(new EmbeddedCache(root, KEY)).await();
        server = new OwnServer(0, keyFile);
        deployment = vertx.deployVerticle(server).await();
    }

    @AfterEach
    void close() {
        vertx.close().await();
    }

    private static String jwt(byte[] key) {
        return JwtIssuer.issue(
                "main",
                "HS256",
                key,
                "tester",
                List.of(Scope.TOKENS_READ, Scope.TOKENS_LIST, Scope.TOKENS_WRITE),
                List.of("demo"),
                Duration.ofHours(1),
                null,
                null,
                Clock.systemUTC());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    private HttpRequest.Builder authorized(String path) {
        return request(path).header("Authorization", "Bearer " + jwt);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static String error(HttpResponse<String> response) {
        return new JsonObject(response.body()).getString("error");
    }

    @Test
    void token_belowThePrefix_isServedFromMemoryWithItsHeaders() throws Exception {
        assertThat(send(authorized(TOKEN)).body()).isEqualTo(VALUE);

        HttpResponse<String> second = send(authorized(TOKEN));
        assertThat(second.headers().firstValue("x-cache")).contains("HIT");
        assertThat(second.headers().firstValue("cache-control")).contains("no-store");
        assertThat(second.headers().firstValue("x-content-type-options")).contains("nosniff");
        assertThat(second.headers().firstValue("etag")).isPresent();
        HttpResponse<String> query =
                send(authorized("/tokens/api/v0/management/tokens/get?project=demo&filename=a.json"));
        assertThat(new JsonObject(query.body()).getJsonObject("data").encode()).isEqualTo(VALUE);
        assertThat(query.headers().firstValue("x-cache")).contains("HIT");
    }

    @Test
    void write_belowThePrefix_isReadBack() throws Exception {
        String path = "/tokens/api/v0/tokens/demo/b.json";
        String written = "{\"token\":\"not-a-real-token-either\"}";

        HttpResponse<String> put = send(authorized(path)
                .header("Content-Type", "application/json")
                .expectContinue(true)
                .PUT(BodyPublishers.ofString(written)));

        assertThat(put.statusCode()).isEqualTo(201);
        assertThat(send(authorized(path)).body()).isEqualTo(written);
    }

    @Test
    void ownRoute_besideIt_isTheApplications() throws Exception {
        HttpResponse<String> echo = send(request("/echo").POST(BodyPublishers.ofString("a body")));

        assertThat(echo.body()).isEqualTo("a body");
        assertThat(echo.headers().firstValue("cache-control")).isEmpty();
        assertThat(send(request("/api/v0/tokens/demo/a.json")).statusCode()).isEqualTo(404);
    }

    @Test
    void withoutAGoodToken_nothingIsServed() throws Exception {
        for (HttpRequest.Builder each : List.of(
                request(TOKEN),
                request(TOKEN).header("Authorization", "Bearer " + jwt + "x"),
                request(TOKEN).DELETE())) {
            HttpResponse<String> refused = send(each);
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.headers().firstValue("www-authenticate")).contains("Bearer");
            assertThat(error(refused)).isEqualTo("unauthorized");
        }
        HttpResponse<String> foreign = send(authorized("/tokens/api/v0/tokens/other/a.json"));
        assertThat(foreign.statusCode()).isEqualTo(403);
        assertThat(error(foreign)).isEqualTo("forbidden");
    }

    @Test
    void otherSpellingsAndPaths_belowThePrefix_areNotFound() throws Exception {
        for (String path : List.of(
                "/tokens/absent",
                "/tokens",
                "/tokens" + TOKEN,
                "/tokens/api/v0/tokens/demo/a.json/",
                "/tokens//api/v0/tokens/demo/a.json",
                "/tokens/x/../api/v0/tokens/demo/a.json",
                "/x/../tokens/api/v0/tokens/demo/a.json",
                "/%74okens/api/v0/tokens/demo/a.json")) {
            HttpResponse<String> response = send(authorized(path));
            assertThat(response.statusCode()).as(path).isEqualTo(404);
            assertThat(error(response)).as(path).isEqualTo("not_found");
        }
    }

    @Test
    void adminPageAndHealth_belowThePrefix_areServed() throws Exception {
        HttpResponse<String> page = send(request("/tokens/"));

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-security-policy")).isPresent();
        assertThat(page.body()).contains("\"./page/main.js\"");
        assertThat(send(request("/tokens/page/main.js")).statusCode()).isEqualTo(200);
        assertThat(send(request("/tokens/health/live")).statusCode()).isEqualTo(200);
    }

    @Test
    void undeploy_endsTheStreamsOfEvents() throws Exception {
        HttpResponse<InputStream> stream =
                client.send(authorized("/tokens/api/v0/events").build(), BodyHandlers.ofInputStream());
        assertThat(stream.statusCode()).isEqualTo(200);
        BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8));
        String line;
        do {
            line = lines.readLine();
        } while (!line.startsWith("id:"));
        send(authorized("/tokens/api/v0/tokens/demo/c.json")
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(VALUE)));
        do {
            line = lines.readLine();
        } while (!line.startsWith("data:"));
        assertThat(line).contains("c.json");

        long start = RunningTime.nanoTime();
        vertx.undeploy(deployment).await();

        assertThat(Duration.ofNanos(RunningTime.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
        do {
            line = lines.readLine();
        } while (line != null);
    }

    @Test
    void keyFile_exchanged_newTokensAreAccepted() throws Exception {
        Files.delete(keyFile);
        String other = jwt(SigningKeyFile.generate(keyFile));
        HttpRequest.Builder request = request(TOKEN).header("Authorization", "Bearer " + other);

        long deadline = RunningTime.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (send(request).statusCode() != 200) {
            assertThat(RunningTime.nanoTime()).isLessThan(deadline);
        }
        assertThat(send(authorized(TOKEN)).statusCode()).isEqualTo(401);
    }
}
