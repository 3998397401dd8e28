package dev.tokencache.auth;

import static dev.tokencache.auth.GateFixture.CLAIMS;
import static dev.tokencache.auth.GateFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.auth.GateFixture.MovableClock;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.JksOptions;
import java.io.FileInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class JwksTlsTest {
    private static final String WORD = "changeit";
    private static final String SET =
            "{\"keys\":[{\"kid\":\"k\"," + TestKeys.jwkMembers(TestKeys.P256.getPublic()) + "}]}";

    @TempDir
    Path dir;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stop() {
        await(vertx.close());
    }

    /** A server with a certificate of its own making for these names; where the certificate lies. */
    private Path certificate(String name, String names) throws Exception {
        Path store = dir.resolve(name + ".jks");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "k",
                        "-keyalg",
                        "EC",
                        "-storetype",
                        "JKS",
                        "-dname",
                        "CN=test",
                        "-ext",
                        "san=" + names,
                        "-storepass",
                        WORD,
                        "-keypass",
                        WORD,
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("keytool.txt").toFile())
                .start();
        try {
            assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            keytool.destroyForcibly();
        }
        KeyStore keys = KeyStore.getInstance("JKS");
        try (InputStream in = new FileInputStream(store.toFile())) {
            keys.load(in, WORD.toCharArray());
        }
        return Files.writeString(
                dir.resolve(name + ".pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(keys.getCertificate("k").getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
    }

    private KeyServer server(String name) throws Exception {
        Buffer store = Buffer.buffer(Files.readAllBytes(dir.resolve(name + ".jks")));
        return KeyServer.start(
                        vertx,
                        new HttpServerOptions()
                                .setSsl(true)
                                .setKeyCertOptions(
                                        new JksOptions().setValue(store).setPassword(WORD)))
                .publishes(SET);
    }

    private JwtGate gate(KeyServer keys, Path caFile) {
        return GateFixture.gate(
                vertx, new AuthOptions().setJwksUrl(keys.url()).setJwksCaFile(caFile), new MovableClock());
    }

    @Test
    void fetch_overTls_onlyFromWhomTheCertificatesVerify() throws Exception {
        Path right = certificate("right", "ip:127.0.0.1");
        Path other = certificate("other", "ip:127.0.0.1");
        Path wrongName = certificate("wrong-name", "dns:elsewhere.example");
        KeyServer keys = server("right");

        String token =
                TestKeys.token("{\"alg\":\"ES256\",\"kid\":\"k\"}", CLAIMS, TestKeys.signer("ES256", TestKeys.P256));
        assertThat(GateFixture.accepted(gate(keys, right), token).subject()).isEqualTo("alice");
        String refused = "jwks url: its certificate is not trusted, or TLS failed";
        assertThatThrownBy(() -> gate(keys, null))
                .isInstanceOf(KeyException.class)
                .hasMessage(refused);
        assertThatThrownBy(() -> gate(keys, other)).hasMessage(refused);
        assertThatThrownBy(() -> gate(server("wrong-name"), wrongName)).hasMessage(refused);
        assertThatThrownBy(() -> gate(keys, dir.resolve("none.pem"))).hasMessage("jwks caFile: the file is missing");
        assertThatThrownBy(() -> gate(keys, TestKeys.write(dir.resolve("bad.pem"), "no certificate")))
                .isInstanceOf(KeyException.class);
        assertThat(keys.requests()).isEqualTo(1);
    }
}
