package dev.tokencache.auth;

import static dev.tokencache.auth.GateFixture.await;
import static dev.tokencache.auth.GateFixture.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRefusalTest {
    private static Vertx vertx;

    @TempDir
    Path dir;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        await(vertx.close());
    }

    private void assertRefused(AuthOptions options, String message) {
        assertThatThrownBy(() -> await(JwtGate.create(vertx, options, Clock.systemUTC(), name -> "AAAA")))
                .isInstanceOf(KeyException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining(dir.toString())
                .hasNoCause();
    }

    private AuthOptions pem(String algorithm, String text) {
        return new AuthOptions()
                .addKey(new KeyOptions()
                        .setId("idp")
                        .setAlgorithm(algorithm)
                        .setPublicKeyFile(TestKeys.write(dir.resolve("idp.pem"), text)));
    }

    private AuthOptions jwks(String text) {
        return new AuthOptions().setJwksFile(TestKeys.write(dir.resolve("jwks.json"), text));
    }

    @Test
    void create_nothingConfigured_isRefused() {
        assertRefused(new AuthOptions(), "no key is configured");
    }

    @Test
    void create_uselessSecret_isRefused() {
        KeyOptions key = new KeyOptions().setId("main");
        Path file = dir.resolve("secret");
        assertRefused(
                new AuthOptions().addKey(new KeyOptions(key).setSecretFile(file)), "key main: the file is missing");
        assertRefused(new AuthOptions().addKey(new KeyOptions(key).setSecretFile(dir)), "key main: not a regular file");
        assertRefused(new AuthOptions().addKey(new KeyOptions(key).setSecretEnv("X")), "key main: shorter");
        TestKeys.writeSecret(file, new byte[32]);
        assertRefused(new AuthOptions().addKey(new KeyOptions(key).setSecretFile(file)), "key main: a sample");
        TestKeys.writeSecret(file, Arrays.copyOf(TestKeys.secret(1), 31));
        assertRefused(new AuthOptions().addKey(new KeyOptions(key).setSecretFile(file)), "key main: shorter");
        TestKeys.write(file, "{not base64}");
        assertRefused(new AuthOptions().addKey(new KeyOptions(key).setSecretFile(file)), "key main: not base64url");
    }

    @Test
    void create_absentVariable_isRefused() {
        AuthOptions options =
                new AuthOptions().addKey(new KeyOptions().setId("main").setSecretEnv("X"));

        assertThatThrownBy(() -> await(JwtGate.create(vertx, options, Clock.systemUTC(), name -> null)))
                .isInstanceOf(KeyException.class)
                .hasMessage("key main: the environment variable is missing");
    }

    @Test
    void create_keysThatDoNotFitTogether_areRefused() {
        Path secret = TestKeys.writeSecret(dir.resolve("s"), TestKeys.secret(1));
        Path pem = TestKeys.write(dir.resolve("p"), TestKeys.pem(TestKeys.RSA.getPublic()));
        KeyOptions main = new KeyOptions().setId("main");
        assertRefused(new AuthOptions().addKey(main), "takes a secret file or a variable");
        assertRefused(
                new AuthOptions()
                        .addKey(new KeyOptions(main).setSecretFile(secret).setSecretEnv("X")),
                "one of them");
        assertRefused(
                new AuthOptions()
                        .addKey(new KeyOptions(main).setSecretFile(secret).setPublicKeyFile(pem)),
                "one of them");
        assertRefused(
                new AuthOptions()
                        .addKey(new KeyOptions(main).setAlgorithm("RS256").setSecretFile(secret)),
                "takes a public key file");
        assertRefused(options(dir).addKey(new KeyOptions(main).setSecretFile(secret)), "two keys of this id");
        assertRefused(new AuthOptions().addKey(new KeyOptions().setSecretFile(secret)), "without an id");
        assertRefused(new AuthOptions().addKey(new KeyOptions().setId(" ").setSecretFile(secret)), "without an id");
        for (String algorithm : new String[] {"none", "hs256", "HS1", "RS1", "ES256K", "ES512", "", null}) {
            assertRefused(
                    new AuthOptions()
                            .addKey(new KeyOptions(main).setAlgorithm(algorithm).setSecretFile(secret)),
                    "unknown algorithm");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "RS256,ES256",
        "RS256,EdDSA",
        "PS256,ES384",
        "ES256,RS256",
        "ES256,ES384",
        "ES384,ES256",
        "ES256,EdDSA",
        "EdDSA,RS256",
        "EdDSA,ES256"
    })
    void create_publicKeyOfAnotherKind_isRefused(String algorithm, String other) {
        assertRefused(pem(algorithm, TestKeys.pem(TestKeys.pairFor(other).getPublic())), "key idp: ");
    }

    @Test
    void create_malformedPem_isRefused() throws Exception {
        String good = TestKeys.pem(TestKeys.RSA.getPublic());
        String middle = good.substring(40, 60);
        assertRefused(pem("RS256", ""), "not one PEM block");
        assertRefused(pem("RS256", good + good), "not one PEM block");
        assertRefused(pem("RS256", good.replace("BEGIN PUBLIC", "BEGIN RSA PUBLIC")), "not one PEM block");
        assertRefused(pem("RS256", good.replace(middle, "")), "key idp: ");
        assertRefused(pem("RS256", good.replace(middle, "!" + middle.substring(1))), "malformed base64");
        assertRefused(
                pem(
                        "RS256",
                        "-----BEGIN PRIVATE KEY-----\n"
                                + Base64.getMimeEncoder()
                                        .encodeToString(
                                                TestKeys.RSA.getPrivate().getEncoded())
                                + "\n-----END PRIVATE KEY-----\n"),
                "a private key");
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        assertRefused(pem("RS256", TestKeys.pem(generator.generateKeyPair().getPublic())), "RSA modulus of 1024 bits");
        assertRefused(
                pem(
                        "EdDSA",
                        TestKeys.pem(KeyPairGenerator.getInstance("Ed448")
                                .generateKeyPair()
                                .getPublic())),
                "key idp: ");
    }

    @Test
    void create_publishedKeyPair_isRefused() {
        String jwtIo = """
                -----BEGIN PUBLIC KEY-----
                MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEVs/o5+uQbTjL3chynL4wXgUg2R9
                q9UU8I5mEovUf86QZ7kOBIjJwqnzD1omageEHWwHdBO6B+dFabmdT9POxg==
                -----END PUBLIC KEY-----
                """;
        assertRefused(pem("ES256", jwtIo), "published sample");
        assertRefused(
                jwks("{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
                        + "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}"),
                "published sample");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"keys\":{}}",
                "{\"keys\":[]}",
                "{\"keys\":[1]}",
                "{\"keys\":[{}]}",
                "{\"keys\":[{\"kty\":1}]}",
                "{\"keys\":[],\"keys\":[]}",
                "{\"keys\":[{\"kty\":\"RSA\"}]}",
                "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}",
                "{\"keys\":[{\"kty\":\"new\"}]}",
                "{\"keys\":[{\"kty\":\"RSA\",\"alg\":\"RSA-OAEP\"}]}",
                "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}",
                "{\"keys\":[{\"kty\":\"oct\",\"alg\":\"HS256\",\"k\":\"AAAA\"}]}",
                "{\"keys\":[{\"kty\":\"oct\",\"alg\":\"HS256\"}]}",
                "{\"keys\":[{\"kty\":\"oct\",\"alg\":\"none\"}]}",
                "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQAB\",\"y\":\"AQAB\"}]}",
                "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-521\",\"x\":\"AQAB\",\"y\":\"AQAB\"}]}",
                "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AQAB\"}]}",
            })
    void create_keySetWithoutAUsableKey_isRefused(String text) {
        assertRefused(jwks(text), "jwks");
    }

    @Test
    void create_keySetWithAFaultyKey_isRefused() {
        String rsa = TestKeys.jwkMembers(TestKeys.RSA.getPublic());
        String ec = TestKeys.jwkMembers(TestKeys.P256.getPublic());
        String good = "{" + rsa + "},";
        assertRefused(jwks("{\"keys\":[" + good + "{" + rsa + ",\"alg\":\"HS256\"}]}"), "element 1: an alg");
        assertRefused(jwks("{\"keys\":[" + good + "{" + rsa.replace("AQAB", "AQ") + "}]}"), "element 1: ");
        assertRefused(jwks("{\"keys\":[" + good + "{" + rsa.replace("AQAB", "AQAB=") + "}]}"), "element 1: e is");
        assertRefused(jwks("{\"keys\":[" + good + "{" + ec + ",\"alg\":\"ES384\"}]}"), "element 1: an alg");
        assertRefused(jwks("{\"keys\":[" + good + "{" + ec + ",\"kid\":1}]}"), "element 1: kid");
        String x =
                TestKeys.number(((ECPublicKey) TestKeys.P256.getPublic()).getW().getAffineX(), 32);
        String offCurve = ec.replace(x, Base64Url.encode(TestKeys.secret(8)));
        assertRefused(jwks("{\"keys\":[" + good + "{" + offCurve + "}]}"), "element 1: ");
        assertRefused(jwks("{\"keys\":[{" + rsa + ",\"use\":\"enc\"}]}"), "no usable key");
        assertRefused(jwks("{\"keys\":[{" + rsa + ",\"key_ops\":[\"encrypt\"]}]}"), "no usable key");
    }

    @Test
    void create_missingRevocations_areRefused() {
        assertRefused(options(dir).setRevokedFile(dir.resolve("none")), "revoked: the file is missing");
    }

    @Test
    void create_senselessTimes_areRefused() {
        assertThatThrownBy(() -> await(JwtGate.create(vertx, options(dir).setLeeway(Duration.ofSeconds(-1)))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> await(JwtGate.create(vertx, options(dir).setMaxLifetime(Duration.ZERO))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void copy_options_sharesNothing() {
        AuthOptions original = options(dir).setIssuer("us");
        AuthOptions copy = new AuthOptions(original);

        original.getKeys().get(0).setId("changed");
        original.getKeys().clear();

        assertThat(copy.getKeys()).hasSize(1);
        assertThat(copy.getKeys().get(0).getId()).isEqualTo("main");
        assertThat(copy).usingRecursiveComparison().isEqualTo(options(dir).setIssuer("us"));
    }
}
