package dev.tokencache.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a watcher says of a project with names that can't be looked at: links to names that no file system takes, here. */
class UnseenNamesTest {
    private static final ScanTime TIME = new ScanTime(7, 0);
    private static final String NO_NAME = "x".repeat(300);

    @TempDir
    Path root;

    private final ProjectWatches watches = new ProjectWatches((project, names) -> {});
    private Disk disk;
    private ProjectWatch watch;

    @BeforeEach
    void prepare() {
        disk = new Disk(root);
        disk.write("p/a.json", "{}");
        watches.listed(List.of("p"));
        watch = watches.get("p");
    }

    /** Scans and acknowledges; what the project's status is then. */
    private JsonObject scan() throws IOException {
        ProjectScanner scanner = new ProjectScanner(root, TokenFixtures.ETAG_KEY, 1000, System::nanoTime);
        long beganAt = watch.revision();
        ProjectScan scan = scanner.scan(watch.begin(TIME));
        watch.scanned(scan, 1);
        Report report = watches.report(new ScanCalls.Scanned(watch, beganAt, scan, null, 0));
        report.accepted().run();
        return report.status();
    }

    @Test
    void scan_someNames_areNamedBesideTheMomentItBegan() throws IOException {
        disk.link("p/odd.json", NO_NAME);

        JsonObject status = scan();

        assertThat(status.getJsonArray("unseen")).isEqualTo(new JsonArray().add("odd.json"));
        assertThat(status.getLong("startedNanos")).isEqualTo(TIME.nanos());
        assertThat(status.getInteger("errors")).isEqualTo(1);
        assertThat(status.containsKey("error")).isFalse();
    }

    @Test
    void scan_nameKnownBefore_keepsItsPlaceInThePicture() throws IOException {
        disk.write("p/odd.json", "{}");
        scan();
        FileState before = watch.state("odd.json");
        disk.delete("p/odd.json");
        disk.link("p/odd.json", NO_NAME);

        JsonObject status = scan();

        assertThat(status.getJsonArray("unseen")).isEqualTo(new JsonArray().add("odd.json"));
        assertThat(watch.state("odd.json")).isEqualTo(before);
    }

    @Test
    void scan_moreNamesThanAreKept_saysNothingOfTheProject() throws IOException {
        for (int i = 0; i <= ProjectScan.MAX_UNSEEN; i++) {
            disk.link("p/odd-" + i + ".json", NO_NAME);
        }

        JsonObject status = scan();

        assertThat(status.getString("error")).isEqualTo("storage_unreadable");
        assertThat(status.getMap()).doesNotContainKeys("startedNanos", "unseen");
        assertThat(watch.status().getMap()).containsEntry("error", "storage_unreadable");
        assertThat(status.getInteger("errors")).isEqualTo(ProjectScan.MAX_UNSEEN + 1);
    }
}
