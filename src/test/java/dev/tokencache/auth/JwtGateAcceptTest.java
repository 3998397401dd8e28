package dev.tokencache.auth;

import static dev.tokencache.auth.GateFixture.CLAIMS;
import static dev.tokencache.auth.GateFixture.HEADER;
import static dev.tokencache.auth.GateFixture.NOW;
import static dev.tokencache.auth.GateFixture.SECRET;
import static dev.tokencache.auth.GateFixture.SIGNER;
import static dev.tokencache.auth.GateFixture.accepted;
import static dev.tokencache.auth.GateFixture.assertRefused;
import static dev.tokencache.auth.GateFixture.await;
import static dev.tokencache.auth.GateFixture.gate;
import static dev.tokencache.auth.GateFixture.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.auth.GateFixture.MovableClock;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JwtGateAcceptTest {
    private static Vertx vertx;

    @TempDir
    Path dir;

    private final MovableClock clock = new MovableClock();

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        await(vertx.close());
    }

    private static String header(String algorithm) {
        return "{\"alg\":\"" + algorithm + "\",\"kid\":\"k\"}";
    }

    @ParameterizedTest
    @ValueSource(strings = {"HS256", "HS384", "HS512"})
    void authenticate_sharedSecret_isAccepted(String algorithm) {
        JwtGate gate = gate(
                vertx,
                new AuthOptions()
                        .addKey(new KeyOptions()
                                .setId("k")
                                .setAlgorithm(algorithm)
                                .setSecretFile(TestKeys.writeSecret(dir.resolve("k"), SECRET))),
                clock);

        String token = TestKeys.token(header(algorithm), CLAIMS, TestKeys.hmac(algorithm, SECRET));

        assertThat(accepted(gate, token).subject()).isEqualTo("alice");
        assertRefused(
                gate,
                "Bearer " + TestKeys.token(header(algorithm), CLAIMS, TestKeys.hmac(algorithm, TestKeys.secret(12))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"})
    void authenticate_publicKey_isAcceptedAndTheWrongOneIsNot(String algorithm) {
        KeyPair pair = TestKeys.pairFor(algorithm);
        KeyPair other = TestKeys.pair(
                pair.getPublic().getAlgorithm().equals("EdDSA")
                        ? "Ed25519"
                        : pair.getPublic().getAlgorithm(),
                algorithm.equals("ES256") ? "secp256r1" : algorithm.equals("ES384") ? "secp384r1" : null);
        JwtGate gate = gate(
                vertx,
                new AuthOptions()
                        .addKey(new KeyOptions()
                                .setId("k")
                                .setAlgorithm(algorithm)
                                .setPublicKeyFile(TestKeys.write(dir.resolve("k"), TestKeys.pem(pair.getPublic())))),
                clock);

        // Signatures are random for most of these: many, since some have leading zeros.
        for (int i = 0; i < 40; i++) {
            String claims = CLAIMS.replace("id-1", "id-" + i);
            String token = TestKeys.token(header(algorithm), claims, TestKeys.signer(algorithm, pair));
            assertThat(accepted(gate, token).jti()).isEqualTo("id-" + i);
        }
        assertRefused(gate, "Bearer " + TestKeys.token(header(algorithm), CLAIMS, TestKeys.signer(algorithm, other)));
    }

    @ParameterizedTest
    @CsvSource({
        "RS256,",
        "RS256,RS256",
        "PS512,PS512",
        "ES256,",
        "ES384,",
        "ES384,ES384",
        "EdDSA,",
        "EdDSA,EdDSA",
        "EdDSA,Ed25519"
    })
    void authenticate_keyOfASet_isAccepted(String algorithm, String alg) {
        KeyPair pair = TestKeys.pairFor(algorithm);
        String jwk = "{\"kid\":\"k\",\"use\":\"sig\"," + TestKeys.jwkMembers(pair.getPublic())
                + (alg == null ? "" : ",\"alg\":\"" + alg + "\"") + "}";
        JwtGate gate = gate(
                vertx,
                new AuthOptions()
                        .setJwksFile(TestKeys.write(
                                dir.resolve("jwks"),
                                "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AAAA\"},{\"kty\":\"new\"},"
                                        + jwk + "]}")),
                clock);

        String token = TestKeys.token(header(algorithm), CLAIMS, TestKeys.signer(algorithm, pair));

        assertThat(accepted(gate, token).subject()).isEqualTo("alice");
    }

    @Test
    void authenticate_secretOfASet_isAccepted() {
        String jwks = "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"main\",\"alg\":\"HS256\",\"k\":\""
                + Base64Url.encode(SECRET) + "\"}]}";
        JwtGate gate = gate(vertx, new AuthOptions().setJwksFile(TestKeys.write(dir.resolve("jwks"), jwks)), clock);

        assertThat(accepted(gate, TestKeys.token(HEADER, CLAIMS, SIGNER)).subject())
                .isEqualTo("alice");
    }

    @Test
    void authenticate_secretOfTheEnvironment_isAccepted() {
        AuthOptions options =
                new AuthOptions().addKey(new KeyOptions().setId("main").setSecretEnv("SOME_VARIABLE"));
        JwtGate gate = await(JwtGate.create(
                vertx, options, clock, name -> name.equals("SOME_VARIABLE") ? Base64Url.encode(SECRET) : null));

        assertThat(accepted(gate, TestKeys.token(HEADER, CLAIMS, SIGNER)).subject())
                .isEqualTo("alice");
    }

    @Test
    void authenticate_noKid_triesEveryKeyOfTheAlgorithm() {
        AuthOptions options = new AuthOptions();
        for (int i = 0; i < 3; i++) {
            options.addKey(new KeyOptions()
                    .setId("k" + i)
                    .setSecretFile(TestKeys.writeSecret(dir.resolve("k" + i), TestKeys.secret(20 + i))));
        }
        JwtGate gate = gate(vertx, options, clock);

        for (int i = 0; i < 3; i++) {
            String token =
                    TestKeys.token("{\"alg\":\"HS256\"}", CLAIMS, TestKeys.hmac("HS256", TestKeys.secret(20 + i)));
            assertThat(accepted(gate, token).subject()).isEqualTo("alice");
        }
    }

    @Test
    void authenticate_valid_callerSaysWhatTheClaimsSay() {
        Caller caller = accepted(gate(vertx, options(dir), clock), TestKeys.token(HEADER, CLAIMS, SIGNER));

        assertThat(caller)
                .isEqualTo(new Caller(
                        "alice",
                        Set.of(Scope.TOKENS_READ, Scope.STATS_READ),
                        Set.of("alpha", "beta"),
                        false,
                        NOW + 600,
                        "id-1"));
        assertThat(caller.toString()).doesNotContain("alice", "alpha", "id-1");
    }

    @Test
    void authenticate_issuedByUs_isAccepted() {
        JwtGate gate = gate(vertx, options(dir).setIssuer("us").setAudience("them"), clock);
        String token = JwtIssuer.issue(
                "main",
                "HS256",
                SECRET,
                "bob",
                List.of(Scope.values()),
                List.of("*"),
                Duration.ofDays(30),
                "us",
                "them",
                clock);

        Caller caller = accepted(gate, token);

        assertThat(caller.scopes()).containsExactlyInAnyOrder(Scope.values());
        assertThat(caller.allProjects()).isTrue();
        assertThat(caller.expiresAt()).isEqualTo(NOW + 30 * 86_400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ", "bearer ", "BEARER ", "bEaReR "})
    void authenticate_schemeInAnyCase_isAccepted(String scheme) {
        JwtGate gate = gate(vertx, options(dir), clock);

        assertThat(await(gate.authenticate(scheme + TestKeys.token(HEADER, CLAIMS, SIGNER))))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"exp\":1800000001}",
                "{\"exp\":1802592000}",
                "{\"exp\":1800000600,\"nbf\":1800000030,\"iat\":1800000030}",
                "{\"exp\":1800000600,\"aud\":[\"you\",\"me\"],\"iss\":\"whoever\",\"x\":[{\"y\":[1.5,null,true]}]}",
                "{\"exp\":1800000600,\"aud\":[],\"sub\":\"\\ud83d\\ude00 Zoë\"}",
                " {\"exp\" : 1800000600 } \n",
            })
    void authenticate_edgeOfWhatIsAllowed_isAccepted(String claims) {
        JwtGate gate = gate(vertx, options(dir), clock);

        assertThat(accepted(gate, TestKeys.token(HEADER, claims, SIGNER)).scopes())
                .isEmpty();
    }
}
