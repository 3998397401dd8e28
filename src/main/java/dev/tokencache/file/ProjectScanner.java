package dev.tokencache.file;

import dev.tokencache.TokenKey;
import dev.tokencache.content.EtagKey;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
                    Pass pass = new Pass(directory, request, picture);
                    ProjectScan scan = pass.run();
                    // Files are looked up by path: a directory that is moved away looks as if they all vanished.
                    if (!pass.vanished || directory.isInPlace()) {
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

    /** One reading of the directory. */
    private final class Pass {
        private final ProjectDirectory directory;
        private final ProjectScan.Request request;
        private final ProjectSnapshot picture;
        private final ProjectSnapshot known;
        private final long agedBefore;
        private final List<String> names = new ArrayList<>();
        private final List<String> temps = new ArrayList<>();
        private ProjectSnapshot.Builder seen;
        private int ignored;
        private final List<String> unseen = new ArrayList<>();
        private int errors;
        private boolean linked;
        private boolean vanished;

        Pass(ProjectDirectory directory, ProjectScan.Request request, ProjectSnapshot picture) {
            this.directory = directory;
            this.request = request;
            this.picture = picture;
            this.known = picture == null ? ProjectSnapshot.EMPTY : picture;
            this.agedBefore = picture == null ? agedBefore(directory, request.time()) : Long.MIN_VALUE;
        }

        ProjectScan run() throws IOException {
            list();
            names.sort(null);
            seen = new ProjectSnapshot.Builder(names.size());
            int old = 0;
            String last = null;
            for (String name : names) {
                if (name.equals(last)) {
                    continue;
                }
                last = name;
                int order = 1;
                while (old < known.size() && (order = known.compareName(old, name)) < 0) {
                    look(known.name(old), known.state(old++));
                }
                if (old < known.size() && order == 0) {
                    look(name, known.state(old++));
                } else {
                    look(name, null);
                }
            }
            while (old < known.size()) {
                look(known.name(old), known.state(old++));
            }
            ProjectSnapshot snapshot = seen.build();
            SnapshotDiff changes = picture == null
                    ? SnapshotDiff.first(snapshot, request.first())
                    : SnapshotDiff.between(picture, snapshot);
            Map<String, TempFiles.Seen> left = TempFiles.collect(directory, temps, request.temps(), request.time());
            return new ProjectScan(snapshot, changes, ignored, errors, List.copyOf(unseen), linked, left);
        }

        private void list() {
            for (Path entry : directory.stream()) {
                String name = entry.getFileName().toString();
                if (TokenKey.isFilename(name)) {
                    names.add(name);
                } else if (OwnFiles.isTemp(name)) {
                    temps.add(name);
                } else if (!OwnFiles.isOwn(name) && !isDirectory(entry.getFileName())) {
                    ignored++;
                }
            }
        }

        /** By path, not by text: not every name can be spelled in the locale. */
        private boolean isDirectory(Path name) {
            try (Located found = directory.locate(name)) {
                return found.attributes().isDirectory();
            } catch (IOException e) {
                return false;
            }
        }

        /** Also for names the listing left out: one that is renamed over while it is read can be passed by. */
        private void look(String name, FileState before) throws IOException {
            try {
                TokenProbe.Sight sight = probe.look(directory, name, before, agedBefore);
                linked |= sight.linked();
                if (sight.state() != null) {
                    seen.add(name, sight.state());
                } else if (sight.ignored()) {
                    ignored++;
                }
                vanished |= before != null && sight.state() == null;
            } catch (IOException e) {
                if ((e instanceof PathMovedException && !directory.isInPlace()) || StorageErrors.isShortage(e)) {
                    throw e;
                }
                errors++;
                if (unseen.size() < ProjectScan.MAX_UNSEEN) {
                    unseen.add(name);
                }
                if (before != null) {
                    seen.add(name, before);
                }
            }
        }
    }
}
