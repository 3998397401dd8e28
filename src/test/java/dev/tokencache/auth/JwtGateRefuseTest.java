package dev.tokencache.auth;

import static dev.tokencache.auth.GateFixture.HEADER;
import static dev.tokencache.auth.GateFixture.SIGNER;
import static dev.tokencache.auth.GateFixture.accepted;
import static dev.tokencache.auth.GateFixture.assertRefused;
import static dev.tokencache.auth.GateFixture.await;
import static dev.tokencache.auth.GateFixture.gate;
import static dev.tokencache.auth.GateFixture.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.auth.GateFixture.MovableClock;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class JwtGateRefuseTest {
    private static Vertx vertx;
    private static JwtGate gate;

    @TempDir
    static Path dir;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        gate = gate(vertx, hostileGround(), new MovableClock());
    }

    private static AuthOptions hostileGround() {
        AuthOptions options = options(dir)
                .setIssuer("us")
                .setAudience("me")
                .setRevokedFile(TestKeys.write(dir.resolve("revoked"), "gone-1\n\n gone-2 \r\ngone-3"));
        for (String algorithm : new String[] {"RS256", "PS256", "ES256", "ES384", "EdDSA"}) {
            Path file = TestKeys.write(
                    dir.resolve(algorithm),
                    TestKeys.pem(TestKeys.pairFor(algorithm).getPublic()));
            options.addKey(
                    new KeyOptions().setId(algorithm).setAlgorithm(algorithm).setPublicKeyFile(file));
        }
        return options;
    }

    @AfterAll
    static void stop() {
        await(vertx.close());
    }

    @Test
    void authenticate_theTokenTheHostileOnesAreMadeFrom_isAccepted() {
        assertThat(accepted(gate, HostileClaims.hs(HostileClaims.good(""))).subject())
                .isEqualTo("alice");
        assertThat(accepted(gate, HostileClaims.hs(HostileClaims.good(",\"more\":1")))
                        .subject())
                .isEqualTo("alice");
        assertThat(accepted(gate, HostileClaims.hs(HostileClaims.without("jti")))
                        .jti())
                .isNull();
        for (String algorithm : new String[] {"RS256", "PS256", "ES256", "ES384", "EdDSA"}) {
            assertThat(accepted(gate, HostileClaims.signed(algorithm, algorithm))
                            .subject())
                    .isEqualTo("alice");
        }
    }

    @TestFactory
    Iterable<DynamicTest> authenticate_hostileToken_isRefusedLikeAllOthers() {
        Map<String, String> hostile = new LinkedHashMap<>();
        HostileHeaders.algorithms(hostile);
        HostileHeaders.headers(hostile);
        HostileClaims.times(hostile);
        HostileClaims.otherClaims(hostile);
        HostileSpellings.spelling(hostile);
        HostileSpellings.signatures(hostile);
        assertThat(hostile).hasSizeGreaterThan(120);
        return hostile.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(
                        entry.getKey(), () -> assertRefused(gate, "Bearer " + entry.getValue())))
                .toList();
    }

    @TestFactory
    Iterable<DynamicTest> authenticate_otherHeader_isRefused() {
        String good = HostileClaims.hs(HostileClaims.good(""));
        return Stream.of(
                        "",
                        " ",
                        "Bearer",
                        "Bearer ",
                        "Bearer  " + good,
                        " Bearer " + good,
                        "Bearer\t" + good,
                        "Bearer" + good,
                        "Bearer: " + good,
                        "Basic " + good,
                        "Token " + good,
                        "DPoP " + good,
                        "Bearer " + good + ", Bearer " + good,
                        good)
                .map(header -> DynamicTest.dynamicTest(
                        "<" + header.replace(good, "TOKEN") + ">", () -> assertRefused(gate, header)))
                .toList();
    }

    @Test
    void authenticate_noHeader_isRefused() {
        assertRefused(gate, null);
    }

    @Test
    void authenticate_keyAddressInTheHeader_isNeverFetched() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout(300);
            String address = "http://127.0.0.1:" + server.getLocalPort() + "/keys";
            for (String member : new String[] {"jku", "x5u", "url"}) {
                String more = ",\"" + member + "\":\"" + address + "\"}";
                String forged = TestKeys.token(
                        "{\"alg\":\"RS256\",\"kid\":\"RS256\"" + more,
                        HostileClaims.good(""),
                        TestKeys.signer("RS256", TestKeys.OTHER_RSA));
                assertRefused(gate, "Bearer " + forged);
                String genuine = TestKeys.token(HEADER.replace("}", more), HostileClaims.good(""), SIGNER);
                assertThat(accepted(gate, genuine).subject()).isEqualTo("alice");
            }
            Assertions.assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void authenticate_longestToken_isAcceptedAndOneCharacterMoreIsNot() {
        String longest = padded(6 * 1024);
        String longer = padded(6 * 1024 + 1);

        assertThat(accepted(gate, longest).subject()).isEqualTo("alice");
        assertRefused(gate, "Bearer " + longer);
    }

    private static String padded(int length) {
        for (int i = 0; i < 3; i++) {
            String header = HEADER.replace("}", ",\"x\":\"" + "x".repeat(i) + "\"}");
            for (int j = 3000; j < 5000; j++) {
                String claims = HostileClaims.good(",\"x\":\"" + "x".repeat(j) + "\"");
                if ((header.length() * 4 + 2) / 3 + (claims.length() * 4 + 2) / 3 + 45 == length) {
                    return TestKeys.token(header, claims, SIGNER);
                }
            }
        }
        throw new AssertionError("no such length");
    }
}
