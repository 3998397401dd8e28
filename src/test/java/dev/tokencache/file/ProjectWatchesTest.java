package dev.tokencache.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import dev.tokencache.Fingerprint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProjectWatchesTest {
    private static final ScanTime TIME = new ScanTime(1, 1);

    private final List<String> again = new ArrayList<>();
    private final ProjectWatches watches = new ProjectWatches((project, names) -> again.addAll(names));
    private ProjectWatch watch;

    @BeforeEach
    void prepare() {
        watches.listed(List.of("p"));
        watch = watches.get("p");
    }

    private static FileState state(int version) {
        return new FileState(new Fingerprint(version, 1, 1, 1), null);
    }

    private ScanCalls.Scanned scanned(Map<String, Integer> files) {
        ProjectScan.Request request = watch.begin(TIME);
        return end(request, watch.revision(), files);
    }

    private ScanCalls.Scanned end(ProjectScan.Request request, long beganAt, Map<String, Integer> files) {
        ProjectSnapshot.Builder builder = new ProjectSnapshot.Builder(0);
        new TreeMap<>(files).forEach((name, version) -> builder.add(name, state(version)));
        ProjectSnapshot snapshot = builder.build();
        SnapshotDiff changes = request.picture() == null
                ? SnapshotDiff.first(snapshot, request.first())
                : SnapshotDiff.between(request.picture(), snapshot);
        ProjectScan scan = new ProjectScan(snapshot, changes, 0, 0, List.of(), false, Map.of());
        watch.scanned(scan, 1);
        return new ScanCalls.Scanned(watch, beganAt, scan, null, 0);
    }

    private ScanCalls.Scanned gone(ProjectScan.Request request, long beganAt) {
        ProjectScan scan = ProjectScan.gone(request.picture());
        watch.scanned(scan, 1);
        return new ScanCalls.Scanned(watch, beganAt, scan, null, 0);
    }

    private static List<String> accept(Report report) {
        report.accepted().run();
        return report.changes().stream()
                .map(change -> change.filename() + "=" + change.kind().machineName())
                .toList();
    }

    @Test
    void report_acknowledged_isThePictureOtherwiseNot() {
        Report unheard = watches.report(scanned(Map.of("a", 1)));
        assertThat(unheard.changes()).hasSize(1);
        assertThat(watch.hasPicture()).isFalse();

        assertThat(accept(watches.report(scanned(Map.of("a", 1))))).containsExactly("a=present");
        assertThat(accept(watches.report(scanned(Map.of("a", 2))))).containsExactly("a=changed");
        assertThat(watch.state("a")).isEqualTo(state(2));
    }

    @Test
    void report_hintAcknowledgedDuringTheScan_winsAndIsLookedAtAgain() {
        accept(watches.report(scanned(Map.of("a", 1, "b", 1, "c", 1))));
        ProjectScan.Request request = watch.begin(TIME);
        long beganAt = watch.revision();
        watch.accept("a", state(3));
        watch.accept("b", null);

        Report report = watches.report(end(request, beganAt, Map.of("a", 2, "b", 1, "c", 2)));

        assertThat(accept(report)).containsExactly("c=changed");
        assertThat(again).containsExactlyInAnyOrder("a", "b");
        assertThat(watch.state("a")).isEqualTo(state(3));
        assertThat(watch.state("b")).isNull();
        assertThat(watch.state("c")).isEqualTo(state(2));
    }

    @Test
    void report_hintSawAFileVanishDuringTheScan_isNotUndoneByTheScan() {
        accept(watches.report(scanned(Map.of("a", 1))));
        ProjectScan.Request request = watch.begin(TIME);
        long beganAt = watch.revision();
        HintLook look = new HintLook(watch, new TreeMap<>(Collections.singletonMap("b", null)));
        look.run(new SeeingScanner(Map.of("b", TokenProbe.Sight.ABSENT)));
        assertThat(accept(look.report()))
                .as("told though never in the picture: a reader may have met it")
                .containsExactly("b=removed");

        Report report = watches.report(end(request, beganAt, Map.of("a", 1, "b", 1)));

        assertThat(accept(report))
                .as("b came and went before the hint was followed")
                .isEmpty();
        assertThat(again).containsExactly("b");
        assertThat(watch.state("b")).isNull();
    }

    @Test
    void report_hintAcknowledgedBeforeTheScan_isPartOfItsPicture() {
        accept(watches.report(scanned(Map.of("a", 1))));
        watch.accept("a", state(2));
        watch.accept("b", state(1));

        assertThat(accept(watches.report(scanned(Map.of("a", 2, "b", 1))))).isEmpty();
        assertThat(accept(watches.report(scanned(Map.of("a", 2))))).containsExactly("b=removed");
        assertThat(again).isEmpty();
    }

    @Test
    void report_goneProject_isForgottenWhenAcknowledged() {
        accept(watches.report(scanned(Map.of("a", 1))));

        Report report = watches.report(gone(watch.begin(TIME), watch.revision()));

        assertThat(report.status().getBoolean("gone")).isTrue();
        assertThat(watches.get("p")).isSameAs(watch);
        assertThat(accept(report)).containsExactly("a=removed");
        assertThat(watches.get("p")).isNull();
    }

    @Test
    void report_goneProjectNobodyHeardOf_isNotReported() {
        assertThat(watches.report(gone(watch.begin(TIME), watch.revision()))).isNull();
        assertThat(watches.get("p")).isNull();
    }

    @Test
    void report_goneProjectThatHintsFoundAgain_waitsForTheNextScan() {
        accept(watches.report(scanned(Map.of("a", 1))));
        ProjectScan.Request request = watch.begin(TIME);
        long beganAt = watch.revision();
        watch.accept("a", state(2));

        assertThat(watches.report(gone(request, beganAt))).isNull();
        assertThat(watches.get("p")).isSameAs(watch);
    }

    @Test
    void reports_projectsNeverLookedAt_areLeftOut() {
        watches.listed(List.of("q", "r"));
        watches.get("q").failed(Failure.STORAGE_UNREADABLE);

        assertThat(watches.reports(List.of())).extracting(Report::project).containsExactly("q");
    }

    /** A disk that shows what it is told to. */
    private static final class SeeingScanner extends DiskScanner {
        private final Map<String, TokenProbe.Sight> sights;

        SeeingScanner(Map<String, TokenProbe.Sight> sights) {
            super(Path.of("none"), TokenFixtures.ETAG_KEY, 1, System::nanoTime);
            this.sights = sights;
        }

        @Override
        Map<String, TokenProbe.Sight> look(String project, Map<String, FileState> before) {
            return sights;
        }
    }
}
