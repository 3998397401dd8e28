package dev.tokencache.file;

import dev.tokencache.content.EtagKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** All that a watcher asks of the disk, in one place, so that a test can make it slow or fail. Blocking; for any thread. */
class DiskScanner {
    private final RootScanner root;
    private final ProjectScanner projects;

    /** @param nanoTime monotonic, nanoseconds */
    DiskScanner(Path root, EtagKey key, long maxTokenBytes, LongSupplier nanoTime) {
        this.root = new RootScanner(root);
        this.projects = new ProjectScanner(root, key, maxTokenBytes, nanoTime);
    }

    /** See {@link RootScanner#projects()}. */
    List<String> projects() throws IOException {
        return root.projects();
    }

    /** See {@link ProjectScanner#scan}. */
    ProjectScan scan(ProjectScan.Request request) throws IOException {
        return projects.scan(request);
    }

    /** See {@link ProjectScanner#look}. */
    Map<String, TokenProbe.Sight> look(String project, Map<String, FileState> before) throws IOException {
        return projects.look(project, before);
    }
}
