package dev.tokencache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Fingerprint;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import org.junit.jupiter.api.Test;

/** What a node without files remembers of what it has in memory and has given out. */
class HoldingsTest {
    private final Holdings holdings = new Holdings();

    private static TokenKey key(int i) {
        return new TokenKey("demo", "k" + i + ".json");
    }

    private static Holdings.Held held(int i, String generation, long nanos) {
        return new Holdings.Held(key(i), generation, nanos);
    }

    @Test
    void hold_underTheSameGeneration_dropsNothing() {
        assertThat(holdings.hold("a", held(1, "g", 1))).isNull();
        assertThat(holdings.hold("a", held(1, "g", 2))).isNull();
    }

    @Test
    void hold_underAnotherGeneration_dropsWhatIsInMemory() {
        holdings.hold("a", held(1, "g", 1));

        assertThat(holdings.hold("a", held(1, "h", 2))).isEqualTo(key(1));
        assertThat(holdings.isRetired("g")).isTrue();
        assertThat(holdings.isRetired("h")).isFalse();
    }

    @Test
    void hold_ofUnknownGeneration_isDroppedNext() {
        holdings.hold("a", held(1, null, 1));
        holdings.hold("b", held(2, "g", 1));

        assertThat(holdings.removeUnsure()).containsExactly(key(1));
        assertThat(holdings.removeUnsure()).isEmpty();
        assertThat(holdings.get("b")).isNotNull();
    }

    @Test
    void hold_beyondTheBound_dropsTheOldest() {
        for (int i = 0; i < Holdings.MAX_TOKENS; i++) {
            assertThat(holdings.hold("n" + i, held(i, "g", i))).isNull();
        }
        holdings.hold("n0", held(0, "g", 1));

        assertThat(holdings.hold("more", held(-1, "g", 1))).isEqualTo(key(1));
    }

    @Test
    void removeOld_leavesWhatWasLoadedSince() {
        holdings.hold("a", held(1, "g", 1));
        holdings.hold("b", held(2, "g", 5));
        holdings.hold("a", held(1, "g", 7));
        holdings.removeOld(6);

        assertThat(holdings.get("a")).isNotNull();
        assertThat(holdings.get("b")).isNull();
    }

    @Test
    void moved_isRemembered() {
        holdings.hold("a", held(1, "g", 1));

        assertThat(holdings.moved("a")).isEqualTo(key(1));
        assertThat(holdings.moved("a")).isNull();
        assertThat(holdings.isRetired("g")).isTrue();
    }

    private static TokenFile file(String etag, long nanos) {
        return TokenFile.read(
                key(1), new byte[0], etag, new Fingerprint(0, 0, 0, 0), nanos, TokenFile.NO_EXPIRY, null, false);
    }

    @Test
    void given_allowsTheVersionThatWasGivenLastAlone() {
        Given given = new Given(() -> 100);
        assertThat(given.allows("a", file("one", 1))).isTrue();

        given.note("a", "one");
        given.note("a", "two");
        assertThat(given.allows("a", file("one", 1))).isFalse();
        assertThat(given.allows("a", file("two", 1))).isTrue();
        given.note("a", null);
        assertThat(given.allows("a", file("two", 1))).isFalse();
    }

    @Test
    void given_ofForgottenTokens_allowsWhatWasReadLater() {
        Given given = new Given(() -> 100);
        for (int i = 0; i <= Given.MAX_TOKENS; i++) {
            given.note("n" + i, "tag");
        }

        assertThat(given.allows("n0", file("tag", 100))).isFalse();
        assertThat(given.allows("n0", file("tag", 101))).isTrue();
    }
}
