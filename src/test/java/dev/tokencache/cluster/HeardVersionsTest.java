package dev.tokencache.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.TokenChange;
import dev.tokencache.TokenChange.Kind;
import org.junit.jupiter.api.Test;

class HeardVersionsTest {
    private long now;
    private final HeardVersions versions = new HeardVersions(() -> now);

    private static TokenChange change(Kind kind, String etag) {
        return new TokenChange("demo", "a.json", kind, etag);
    }

    @Test
    void aVersion_heardOf_isTakenOnce() {
        versions.heard(change(Kind.ADDED, "e1"));

        assertThat(versions.takeIfHeard(change(Kind.CHANGED, "e1"))).isTrue();
        assertThat(versions.takeIfHeard(change(Kind.CHANGED, "e1"))).isFalse();
    }

    @Test
    void anotherVersion_isNews() {
        versions.heard(change(Kind.CHANGED, "e1"));

        assertThat(versions.takeIfHeard(change(Kind.CHANGED, "e2"))).isFalse();
        assertThat(versions.takeIfHeard(change(Kind.REMOVED, null))).isFalse();
    }

    @Test
    void aRemoval_heardOf_isNoNews() {
        versions.heard(change(Kind.REMOVED, null));

        assertThat(versions.takeIfHeard(change(Kind.REMOVED, null))).isTrue();
    }

    @Test
    void aVersion_heardOfLongAgo_isNews() {
        versions.heard(change(Kind.CHANGED, "e1"));
        now += HeardVersions.MEMORY_NANOS;

        assertThat(versions.takeIfHeard(change(Kind.CHANGED, "e1"))).isFalse();
    }

    @Test
    void moreThanFit_theOldestIsForgotten() {
        versions.heard(change(Kind.CHANGED, "e1"));
        for (int i = 0; i < HeardVersions.MAX; i++) {
            versions.heard(new TokenChange("demo", i + ".json", Kind.CHANGED, "e"));
        }

        assertThat(versions.takeIfHeard(change(Kind.CHANGED, "e1"))).isFalse();
    }
}
