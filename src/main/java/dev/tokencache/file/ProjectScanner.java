package dev.tokencache.file;

import dev.tokencache.content.EtagKey;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Takes the picture of a project's directory. It goes by names and fingerprints, never by the directory's own times. Blocking. */
final class ProjectScanner {
    /** File systems whose stamps come from this machine's clock, so that they can be compared with it. */
    private static final Set<String> LOCAL =
            Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "tmpfs", "ramfs", "overlay");

    private static final long LOCAL_AGED_MILLIS = TimeUnit.NANOSECONDS.toMillis(TokenProbe.RACY_NANOS);
    private static final long REMOTE_AGED_MILLIS = TimeUnit.MINUTES.toMillis(10);
    private static final int TRIES = 3;

    private final Path root;
    private final TokenProbe probe;

    ProjectScanner(Path root, EtagKey key, long maxTokenBytes, LongSupplier nanoTime) {
        this.root = root;
        this.probe = new TokenProbe(key, maxTokenBytes, nanoTime);
    }

    /**
     * Scans a project. A file that can't be looked at is an error and keeps its place in the picture; a directory that is
     * not there gives {@link ProjectScan#isGone()}.
     *
     * @throws IOException when the root or the project can't be read: that says nothing about its files
     */
    ProjectScan scan(ProjectScan.Request request) throws IOException {
        ProjectSnapshot picture = request.picture();
        IOException moved = null;
        try {
            for (int attempt = 0; attempt < TRIES; attempt++) {
                try (ProjectDirectory directory = ProjectDirectory.open(root, request.project())) {
                    long agedBefore = picture == null ? agedBefore(directory, request.time()) : Long.MIN_VALUE;
                    ScanPass pass = new ScanPass(directory, probe, request, picture, agedBefore);
                    ProjectScan scan = pass.run();
                    // Files are looked up by path: a directory that is moved away looks as if they all vanished.
                    if (!pass.hasVanished() || directory.isInPlace()) {
                        return scan;
                    }
                } catch (PathMovedException e) {
                    moved = e;
                }
            }
        } catch (NoSuchFileException e) {
            return ProjectScan.gone(picture);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        throw new IOException("the project is being replaced all the time", moved);
    }

    /**
     * Looks at some names of a project, at once and without listing it.
     *
     * @param before what is known of each, null values for files not known
     * @return what each stands for now; names that can't be told are left out
     * @throws NoSuchFileException when the project is absent, or was exchanged: only a scan can tell then
     */
    Map<String, TokenProbe.Sight> look(String project, Map<String, FileState> before) throws IOException {
        Map<String, TokenProbe.Sight> sights = new HashMap<>();
        try (ProjectDirectory directory = ProjectDirectory.open(root, project)) {
            boolean vanished = false;
            for (Map.Entry<String, FileState> name : before.entrySet()) {
                try {
                    TokenProbe.Sight sight = probe.look(directory, name.getKey(), name.getValue(), Long.MIN_VALUE);
                    sights.put(name.getKey(), sight);
                    vanished |= sight.state() == null;
                } catch (IOException e) {
                    // Not to be told now: the next scan says whether that is an error.
                }
            }
            if (vanished && !directory.isInPlace()) {
                throw new ProjectAbsentException();
            }
        }
        return sights;
    }

    /**
     * From when on stamps are too young to be trusted on a first look. Hashing all files then would read everything at
     * each start. A version whose times both lie in the past by the clock that sets them can't be written again under the same
     * times, unless that clock is set back to the very tick; so it is settled already. Where another machine's clock sets them,
     * the margin allows for its being wrong.
     */
    private static long agedBefore(ProjectDirectory directory, ScanTime time) {
        boolean local;
        try {
            local = LOCAL.contains(Files.getFileStore(directory.path()).type());
        } catch (IOException | SecurityException e) {
            local = false;
        }
        return time.wallNanosBefore(local ? LOCAL_AGED_MILLIS : REMOTE_AGED_MILLIS);
    }
}
