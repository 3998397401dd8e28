package dev.tokencache.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The shapes in which real tools store their tokens, with visibly fake values. */
class TokenFixturesTest {
    private static final Path ROOT = Path.of("src/test/resources/fixtures/accounts");

    private static final Map<String, TokenContent> EXPECTED = Map.ofEntries(
            expires("antigravity/antigravity-user_example_com.json", "2026-01-01T00:59:59.789Z", "expires_in"),
            expires("claude/claude-user@example.com.json", "2026-01-01T08:00:00Z", "expired"),
            expires("claude/credentials.json", "2026-01-01T08:00:00Z", "claudeAiOauth.expiresAt"),
            expires("codex/auth.json", "2026-01-11T00:00:00Z", "tokens.access_token.exp"),
            Map.entry(
                    "codex/codex-jwt-only@example.com-team.json",
                    new TokenContent(millis("2026-01-11T00:00:00Z"), "access_token.exp", false)),
            expires("codex/codex-user@example.com-plus.json", "2026-01-11T00:00:00Z", "expired"),
            neverExpires("deepseek/deep_user_example_com.json"),
            neverExpires("deepseek/session-1767225600000.json"),
            expires("gemini/gemini-user@example.com-fake-project.json", "2026-01-01T00:59:59.987Z", "token.expiry"),
            expires("gemini/oauth_creds.json", "2026-01-01T00:59:59.123Z", "expiry_date"),
            neverExpires("many/tokens.json"),
            expires("qwen/oauth_creds.json", "2026-01-01T06:00:00.456Z", "expiry_date"));

    static Stream<Arguments> fixtures() throws IOException {
        Map<String, TokenContent> all = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(ROOT)) {
            for (Path path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
                String key = ROOT.relativize(path).toString();
                assertThat(EXPECTED).containsKey(key);
                all.put(key, EXPECTED.get(key));
            }
        }
        assertThat(all.keySet()).isEqualTo(new TreeMap<>(EXPECTED).keySet());
        return all.entrySet().stream().map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void check_fixture_saysWhatTheToolMeant(String key, TokenContent expected) throws Exception {
        assertThat(TokenKey.parse(key)).hasToString(key);
        assertThat(TokenContent.check(Files.readAllBytes(ROOT.resolve(key)))).isEqualTo(expected);
    }

    private static Map.Entry<String, TokenContent> expires(String key, String moment, String source) {
        return Map.entry(key, new TokenContent(millis(moment), source, true));
    }

    private static Map.Entry<String, TokenContent> neverExpires(String key) {
        return Map.entry(key, new TokenContent(TokenFile.NO_EXPIRY, null, false));
    }

    private static long millis(String moment) {
        return Instant.parse(moment).toEpochMilli();
    }
}
