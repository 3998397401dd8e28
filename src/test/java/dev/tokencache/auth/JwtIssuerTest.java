package dev.tokencache.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JwtIssuerTest {
    private static final byte[] SECRET = TestKeys.secret(1);
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_800_000_000L), ZoneOffset.UTC);

    private static JsonObject part(String token, int index) {
        return new JsonObject(Buffer.buffer(Base64.getUrlDecoder().decode(token.split("\\.", -1)[index])));
    }

    @Test
    void issue_everythingGiven_headerAndClaimsSayIt() {
        String token = JwtIssuer.issue(
                "main",
                "HS256",
                SECRET,
                "alice \"quoted\"",
                List.of(Scope.TOKENS_READ, Scope.STATS_READ),
                List.of("alpha", "beta"),
                Duration.ofHours(1),
                "me",
                "you",
                CLOCK);

        JsonObject claims = part(token, 1);
        assertThat(part(token, 0))
                .isEqualTo(new JsonObject().put("kid", "main").put("typ", "JWT").put("alg", "HS256"));
        assertThat((String) claims.remove("jti")).hasSize(22);
        assertThat(claims)
                .isEqualTo(new JsonObject()
                        .put("sub", "alice \"quoted\"")
                        .put("iss", "me")
                        .put("aud", "you")
                        .put("iat", 1_800_000_000L)
                        .put("exp", 1_800_003_600L)
                        .put("scope", "tokens:read stats:read")
                        .put("projects", new JsonArray().add("alpha").add("beta")));
    }

    @Test
    void issue_minimum_leavesOutWhatIsNull() {
        String token = JwtIssuer.issue(
                null, "HS256", SECRET, "s", List.of(), List.of("a", "*"), Duration.ofSeconds(1), null, null, CLOCK);

        assertThat(part(token, 0).containsKey("kid")).isFalse();
        assertThat(part(token, 1).fieldNames()).doesNotContain("iss", "aud");
        assertThat(part(token, 1).getJsonArray("projects")).isEqualTo(new JsonArray().add("*"));
        assertThat(part(token, 1).getString("scope")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"HS256,HmacSHA256", "HS384,HmacSHA384", "HS512,HmacSHA512"})
    void issue_eachAlgorithm_signatureIsTheMac(String algorithm, String macName) throws Exception {
        String token = JwtIssuer.issue(
                null, algorithm, SECRET, "s", List.of(), List.of(), Duration.ofSeconds(1), null, null, CLOCK);

        Mac mac = Mac.getInstance(macName);
        mac.init(new SecretKeySpec(SECRET, macName));
        int dot = token.lastIndexOf('.');
        assertThat(Base64.getUrlDecoder().decode(token.substring(dot + 1)))
                .isEqualTo(mac.doFinal(token.substring(0, dot).getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void issue_wrongAlgorithmShortSecretOrNoTime_isRefused() {
        assertThatThrownBy(() -> issue("none", SECRET, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> issue("RS256", SECRET, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> issue("HS256", Arrays.copyOf(SECRET, 31), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> issue("HS256", SECRET, Duration.ofMillis(999)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static String issue(String algorithm, byte[] secret, Duration ttl) {
        return JwtIssuer.issue(null, algorithm, secret, "s", List.of(), List.of(), ttl, null, null, CLOCK);
    }
}
