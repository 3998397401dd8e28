package dev.tokencache.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Fingerprint;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a fingerprint alone is trusted. */
class TokenProbeTest {
    private static final Fingerprint SEEN = new Fingerprint(1, 2, 3, 4);
    private static final long LATER = 2 * TokenProbe.RACY_NANOS;

    @TempDir
    Path root;

    private long nanos;
    private final TokenProbe probe = new TokenProbe(TokenFixtures.ETAG_KEY, 100, () -> nanos);

    @Test
    void next_contentNotToBeReadWhenTheRacyTimeEnds_staysRacy() {
        FileState racy = new FileState(SEEN, new FileState.Racy("a tag", TokenProbe.RACY_NANOS));

        assertThat(probe.next(racy, SEEN, null, LATER))
                .as("a second write within the tick would never be found")
                .isEqualTo(racy);
    }

    @Test
    void next_sameContentWhenTheRacyTimeEnds_isSettled() throws Exception {
        TokenFixtures.put(root, "a.json", TokenFixtures.token("one"));
        try (ProjectDirectory project = ProjectDirectory.open(root, "demo")) {
            FileVersion version = FileVersion.read(project.entry("a.json"), 100);
            FileState racy = probe.next(null, version.fingerprint(), version, 0);
            assertThat(racy.etag()).isNotNull();

            assertThat(probe.next(racy, version.fingerprint(), version, LATER).racy())
                    .isNull();
        }
    }

    @Test
    void look_lateInALongScan_isTheOneTheRacyTimeCountsFrom() throws Exception {
        TokenFixtures.put(root, "a.json", TokenFixtures.token("one"));
        try (ProjectDirectory project = ProjectDirectory.open(root, "demo")) {
            nanos = 10 * TokenProbe.RACY_NANOS; // the scan began at 0
            FileState racy = probe.look(project, "a.json", null, Long.MIN_VALUE).state();
            nanos += TokenProbe.RACY_NANOS - 1;
            assertThat(probe.look(project, "a.json", racy, Long.MIN_VALUE).state())
                    .isEqualTo(racy);
            nanos++;
            assertThat(probe.look(project, "a.json", racy, Long.MIN_VALUE)
                            .state()
                            .racy())
                    .isNull();
        }
    }
}
