package dev.tokencache.server;

import static dev.tokencache.server.Api.assertFails;
import static dev.tokencache.server.Api.header;
import static dev.tokencache.server.Api.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.Failure;
import dev.tokencache.Poll;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Good tokens of every algorithm, and bad ones of every kind, against the real server. */
@Timeout(120)
class ForgedTokensIT {
    static final List<String> ALGORITHMS = Forge.ALGORITHMS;

    @TempDir
    static Path directory;

    private static Forge forge;
    private static ServerProcess server;

    @BeforeAll
    static void start() throws Exception {
        forge = new Forge();
        Files.createDirectories(directory.resolve("accounts/demo"));
        Files.writeString(directory.resolve("accounts/demo/a.json"), "{\"token\":\"made-up\"}");
        Files.writeString(directory.resolve("jwks.json"), Forge.jwks(forge.rsa));
        server = ServerProcess.start(
                directory,
                "auth.keys=" + forge.configure(directory),
                "auth.jwks.file=jwks.json",
                "auth.issuer=us",
                "auth.audience=me",
                "auth.maxFailuresPerMinute=1000000");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Api api(String token) {
        return new Api(server.port(), token);
    }

    @ParameterizedTest
    @FieldSource("ALGORITHMS")
    void goodToken_ofEveryAlgorithm_isAccepted(String algorithm) throws Exception {
        ok(api(forge.token(algorithm)).get("demo", "a.json"));
        String json = Forge.json(Forge.claims()).replace("\"me\"", "[\"you\",\"me\"]");
        ok(api(forge.token(algorithm, header -> header, json)).get("demo", "a.json"));
    }

    @Test
    void goodToken_ofTheKeySetOrWithoutKeyId_isAccepted() throws Exception {
        String json = Forge.json(Forge.claims());
        ok(api(forge.token("RS256", header -> header.keyID("set"), json)).get("demo", "a.json"));
        ok(api(forge.token("PS512", header -> header.keyID(null), json)).get("demo", "a.json"));
    }

    @Test
    void badToken_ofEveryKind_isRefusedLikeAllOthersAndLeadsNowhere() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Map<String, String> tokens =
                    ForgedTokens.of(forge, URI.create("http://127.0.0.1:" + listening.getLocalPort() + "/keys"));
            assertThat(tokens.size()).isGreaterThan(100);
            assertThat(new HashSet<>(tokens.values()).size()).isEqualTo(tokens.size());

            for (Map.Entry<String, String> bad : tokens.entrySet()) {
                HttpResponse<byte[]> response = api(bad.getValue()).get("demo", "a.json");
                assertThat(response.statusCode()).as(bad.getKey()).isEqualTo(401);
                assertFails(response, Failure.UNAUTHORIZED);
                assertThat(header(response, "WWW-Authenticate")).isEqualTo("Bearer");
            }

            listening.setSoTimeout(300);
            assertThatThrownBy(listening::accept).isInstanceOf(SocketTimeoutException.class);
        }
        ok(api(forge.token("HS256")).get("demo", "a.json"));
        assertThat(server.stderr()).doesNotContain("eyJ", "Exception", "forger");
    }

    @Test
    void hugeToken_isRefused() throws Exception {
        String huge = forge.token("HS256", header -> header, "{\"x\":\"" + "x".repeat(9_000) + "\"}");

        assertThat(api(huge).get("demo", "a.json").statusCode()).isIn(401, 431);
    }

    @Test
    void emptiedKeySet_opensNothing(@TempDir Path other) throws Exception {
        String unsigned = Forge.part("{\"alg\":\"none\"}") + "." + Forge.part(Forge.json(Forge.claims())) + ".";
        Files.writeString(other.resolve("jwks.json"), "{\"keys\":[]}");

        ServerProcess.Ended check = ServerProcess.run(other, "check", "--set", "auth.jwks.file=jwks.json");
        ServerProcess.Ended serve = ServerProcess.run(other, "--set", "auth.jwks.file=jwks.json");

        assertThat(check.code()).isEqualTo(1);
        assertThat(check.stdout()).contains("keys: jwks: holds no usable key");
        assertThat(serve.code()).isEqualTo(1);
        assertThat(serve.stderr()).contains("token-cache: jwks: holds no usable key");
        Files.writeString(other.resolve("jwks.json"), Forge.jwks(forge.rsa));
        try (ServerProcess running = ServerProcess.start(other, "auth.jwks.file=jwks.json")) {
            Files.writeString(other.resolve("jwks.json"), "{\"keys\":[]}");
            Poll.until(Duration.ofSeconds(30), running::stderr, log -> log.contains("auth_source_broken"));

            assertFails(new Api(running.port(), unsigned).get("demo", "a.json"), Failure.UNAUTHORIZED);
            String good = forge.token("RS256", header -> header.keyID("set"), Forge.json(Forge.claims()));
            assertThat(new Api(running.port(), good).get("demo", "a.json").statusCode())
                    .isEqualTo(404);
        }
    }
}
