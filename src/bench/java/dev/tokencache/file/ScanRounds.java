package dev.tokencache.file;

import dev.tokencache.content.EtagKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The watcher's scans of a root one after the other, without its pauses. One thread; blocking. */
public final class ScanRounds {
    private final DiskScanner disk;
    private final Map<String, ProjectScan> last = new HashMap<>();

    /** Scans of a root that were not begun. */
    public ScanRounds(Path root, EtagKey key) {
        disk = new DiskScanner(root, key, FileSourceOptions.DEFAULT_MAX_TOKEN_BYTES, System::nanoTime);
    }

    /** Looks at every file, and compares it with what the last scan saw; how many files there are. */
    public int scan() throws IOException {
        int files = 0;
        for (String project : disk.projects()) {
            ProjectScan before = last.get(project);
            ProjectScan scan = disk.scan(new ProjectScan.Request(
                    project,
                    before == null ? null : before.snapshot(),
                    Map.of(),
                    SnapshotDiff.Kind.PRESENT,
                    before == null ? Map.of() : before.temps(),
                    new ScanTime(System.nanoTime(), System.currentTimeMillis())));
            last.put(project, scan);
            files += scan.snapshot().size();
        }
        return files;
    }
}
