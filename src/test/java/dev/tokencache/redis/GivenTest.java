package dev.tokencache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Fingerprint;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import org.junit.jupiter.api.Test;

/** No step back: of a token that was given out, the tier's value counts only as that version. */
class GivenTest {
    private static final String NAME = "demo/a.json";

    private long now = 1_000;
    private final Given given = new Given(() -> now);

    private static TokenFile file(String etag, long readNanos) {
        return TokenFile.read(
                TokenKey.parse(NAME),
                new byte[] {'{', '}'},
                etag,
                new Fingerprint(1, 2, 3, 4),
                readNanos,
                TokenFile.NO_EXPIRY,
                null,
                false);
    }

    @Test
    void versionGivenLast_isAllowedAlone() {
        assertThat(given.allows(NAME, file("one", 1))).isTrue();
        given.note(NAME, "one");
        given.note(NAME, "two");

        assertThat(given.allows(NAME, file("two", 1))).isTrue();
        assertThat(given.allows(NAME, file("one", 1))).isFalse();
    }

    @Test
    void absence_allowsNoVersion() {
        given.note(NAME, null);

        assertThat(given.allows(NAME, file("one", 1))).isFalse();
    }

    @Test
    void tokenThatWasForgotten_isAllowedAsReadSinceThen() {
        given.note(NAME, "one");
        for (int i = 0; i < Given.MAX_TOKENS; i++) {
            given.note("demo/" + i + ".json", "other");
        }

        assertThat(given.allows(NAME, file("two", now))).isFalse();
        assertThat(given.allows(NAME, file("two", now + 1))).isTrue();
    }
}
