package dev.tokencache.server;

import static dev.tokencache.server.Api.assertFails;
import static dev.tokencache.server.Api.ok;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.sun.net.httpserver.HttpServer;
import dev.tokencache.Failure;
import dev.tokencache.Poll;
import dev.tokencache.auth.SigningKeyFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Keys exchanged and tokens revoked while requests run: none fails that should not, and what is revoked is out. */
@Timeout(180)
class KeyRotationIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @BeforeEach
    void files() throws IOException {
        Files.createDirectories(directory.resolve("accounts/demo"));
        Files.writeString(directory.resolve("accounts/demo/a.json"), "{\"token\":\"made-up\"}");
    }

    private static String token(String algorithm, JWSSigner signer, String kid, String jti) throws Exception {
        Map<String, String> claims = Forge.claims();
        claims.put("jti", "\"" + jti + "\"");
        return Forge.token(algorithm, signer, header -> header.keyID(kid), Forge.json(claims));
    }

    private static String hs(byte[] secret, String kid, String jti) throws Exception {
        return token("HS256", new MACSigner(secret), kid, jti);
    }

    /** As one replaces a secret: whole, with one rename. */
    private void replace(String file, String text) throws IOException {
        Path next = Files.writeString(directory.resolve(file + ".next"), text);
        Files.move(next, directory.resolve(file), StandardCopyOption.ATOMIC_MOVE);
    }

    private void replaceKey(String file, byte[] secret) throws IOException {
        replace(file, Base64URL.encode(secret) + "\n");
    }

    private static void await(Api api, int status) throws Exception {
        Poll.until(SOON, () -> api.get("demo", "a.json").statusCode(), answer -> answer == status);
    }

    @Test
    void keyFiles_exchangedInTurns_failNoRequest() throws Exception {
        byte[] secret = Forge.random();
        replaceKey("one.key", secret);
        replaceKey("two.key", Forge.random());
        try (ServerProcess server = ServerProcess.start(
                        directory,
                        "auth.keys=[{id: one, algorithm: HS256, secretFile: one.key},"
                                + " {id: two, algorithm: HS256, secretFile: two.key}]",
                        "auth.maxFailuresPerMinute=1000000");
                Readers readers = Readers.start(new Api(server.port(), hs(secret, "one", "0")))) {
            for (int i = 1; i <= 4; i++) {
                String kid = i % 2 == 0 ? "one" : "two";
                byte[] next = Forge.random();
                replaceKey(kid + ".key", next);
                Api api = new Api(server.port(), hs(next, kid, String.valueOf(i)));
                await(api, 200);
                Api old = readers.use(api);
                readers.awaitMore(200);
                String otherKid = i % 2 == 0 ? "two" : "one";
                replaceKey(otherKid + ".key", Forge.random());
                await(old, 401);
                readers.awaitMore(200);
            }
            assertThat(server.stderr()).doesNotContain("ERROR", "auth_source_broken");
        }
    }

    @Test
    void tokens_revokedByIdOrTime_areOutAndOthersGoOn() throws Exception {
        byte[] secret = Forge.random();
        replaceKey("one.key", secret);
        replace("revoked.txt", "");
        Files.createDirectories(directory.resolve("conf"));
        replace(
                "conf/token-cache.yaml",
                "auth:\n  revokedFile: revoked.txt\n  keys:\n    - {id: one, algorithm: HS256, secretFile: one.key}\n");
        try (ServerProcess server = ServerProcess.start(directory, "auth.maxFailuresPerMinute=1000000");
                Readers readers = Readers.start(new Api(server.port(), hs(secret, "one", "good")))) {
            Api leaked = new Api(server.port(), hs(secret, "one", "leaked"));
            ok(leaked.get("demo", "a.json"));
            replace("revoked.txt", "leaked\n");
            await(leaked, 401);
            readers.awaitMore(200);

            Map<String, String> claims = Forge.claims();
            claims.put("iat", String.valueOf(Instant.now().getEpochSecond() - 600));
            Api early = new Api(
                    server.port(),
                    Forge.token("HS256", new MACSigner(secret), header -> header.keyID("one"), Forge.json(claims)));
            ok(early.get("demo", "a.json"));
            String conf = Files.readString(directory.resolve("conf/token-cache.yaml"));
            replace(
                    "conf/token-cache.yaml",
                    conf + "  notBefore: " + Instant.now().minusSeconds(300) + "\n");
            await(early, 401);
            readers.awaitMore(200);
            replace("conf/token-cache.yaml", conf + "  notBefore: tomorrow\n");
            Poll.until(SOON, server::stderr, log -> log.contains("configuration_broken kept=old"));
            assertFails(early.get("demo", "a.json"), Failure.UNAUTHORIZED);
            replace("conf/token-cache.yaml", conf);
            await(early, 200);
            assertFails(leaked.get("demo", "a.json"), Failure.UNAUTHORIZED);
        }
    }

    @Test
    void notBefore_setToNow_givesTheOperatorATokenOfLater() throws Exception {
        Files.createDirectories(directory.resolve("conf"));
        try (ServerProcess server = ServerProcess.start(directory, "auth.maxFailuresPerMinute=1000000")) {
            Path file = directory.resolve("state/admin.jwt");
            String old = Files.readString(file).trim();
            replace(
                    "conf/token-cache.yaml",
                    "auth:\n  notBefore: " + Instant.now().plusSeconds(1) + "\n");
            await(new Api(server.port(), old), 401);

            Poll.until(
                    SOON,
                    () -> new Api(server.port(), Files.readString(file).strip())
                            .get("demo", "a.json")
                            .statusCode(),
                    status -> status == 200);
        }
    }

    @Test
    void generatedKey_exchanged_givesTheOperatorATokenOfTheNewOne() throws Exception {
        try (ServerProcess server = ServerProcess.start(directory)) {
            Path admin = server.stateDir().resolve("admin.jwt");
            Api old = new Api(server.port(), Files.readString(admin).strip());
            ok(old.get("demo", "a.json"));
            SigningKeyFile.generate(directory.resolve("new.key"));
            Files.move(
                    directory.resolve("new.key"),
                    server.stateDir().resolve("signing.key"),
                    StandardCopyOption.ATOMIC_MOVE);

            await(old, 401);
            awaitOperator(server);
        }
    }

    /** Until the operator's token, as its file has it then, is accepted. */
    private static void awaitOperator(ServerProcess server) throws Exception {
        Path admin = server.stateDir().resolve("admin.jwt");
        Poll.until(
                SOON,
                () -> new Api(server.port(), Files.readString(admin).strip())
                        .get("demo", "a.json")
                        .statusCode(),
                status -> status == 200);
    }

    @Test
    void notBefore_thatRefusesTheOperatorsToken_givesHimAnother() throws Exception {
        Files.createDirectories(directory.resolve("conf"));
        try (ServerProcess server = ServerProcess.start(directory)) {
            Path admin = server.stateDir().resolve("admin.jwt");
            Api old = new Api(server.port(), Files.readString(admin).strip());
            ok(old.get("demo", "a.json"));
            Instant next = Instant.now().plusSeconds(1);
            Poll.until(SOON, Instant::now, now -> now.isAfter(next));
            replace("conf/token-cache.yaml", "auth:\n  notBefore: " + next + "\n");

            await(old, 401);
            awaitOperator(server);
        }
    }

    @Test
    void keySetAtAUrl_rotatedByItsIssuer_failsNoRequest() throws Exception {
        ECKey first = new ECKeyGenerator(Curve.P_256).keyID("first").generate();
        ECKey second = new ECKeyGenerator(Curve.P_256).keyID("second").generate();
        HttpServer issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        AtomicReference<String> published = new AtomicReference<>(Forge.jwks(first));
        AtomicInteger status = new AtomicInteger(200);
        issuer.createContext("/", exchange -> {
            byte[] body = published.get().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status.get(), body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        issuer.start();
        String url = "auth.jwks.url=http://127.0.0.1:" + issuer.getAddress().getPort() + "/keys";
        try (ServerProcess server = ServerProcess.start(
                        directory, url, "auth.jwks.refresh=1s", "auth.maxFailuresPerMinute=1000000");
                Readers readers =
                        Readers.start(new Api(server.port(), token("ES256", new ECDSASigner(first), "first", "a")))) {
            published.set(Forge.jwks(first, second));
            Api next = new Api(server.port(), token("ES256", new ECDSASigner(second), "second", "b"));
            await(next, 200);
            Api firstCaller = readers.use(next);
            readers.awaitMore(100);
            published.set(Forge.jwks(second));
            await(firstCaller, 401);
            published.set("{\"keys\":[]}");
            Poll.until(SOON, server::stderr, log -> log.contains("jwks url: holds no usable key"));
            status.set(404);
            Poll.until(SOON, server::stderr, log -> log.contains("jwks url: answered 404"));
            readers.awaitMore(100);
            assertThat(ServerProcess.run(directory, "check", "--set", url).stdout())
                    .contains("keys: jwks url: answered 404");
        } finally {
            issuer.stop(0);
        }
        assertThat(ServerProcess.run(directory, "--set", "auth.jwks.url=http://192.0.2.1/keys")
                        .stderr())
                .contains("auth.jwks.url: must be an https URL");
        assertThat(ServerProcess.run(directory, "check", "--set", url).stdout()).contains("keys: jwks url: no answer");
    }
}
