package dev.tokencache.file;

import dev.tokencache.TokenKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * One reading of a project's directory. Blocking; used once.
 *
 * <p>Nearly always nothing has changed, and then the directory lists its files in the order of the last time: each is compared
 * with the picture as it comes, and nothing is gathered, sorted or built. As soon as another name comes than was expected, the
 * names are gathered and looked at in byte order.
 */
final class ScanPass {
    /** With more files that changed the columns of a new picture take less memory than a note of each. */
    private static final int MOST_CHANGED = 10_000;

    private final ProjectDirectory directory;
    private final TokenProbe probe;
    private final ProjectScan.Request request;
    private final ProjectSnapshot picture;
    private final ProjectSnapshot known;
    private final long agedBefore;
    private final List<String> temps = new ArrayList<>();
    private final List<String> unseen = new ArrayList<>();
    private final Iterator<Path> entries;
    private int others;
    private int ignored;
    private int errors;
    private boolean linked;
    private boolean vanished;

    /** @param picture what is known, or null at the first look */
    ScanPass(
            ProjectDirectory directory,
            TokenProbe probe,
            ProjectScan.Request request,
            ProjectSnapshot picture,
            long agedBefore) {
        this.directory = directory;
        this.probe = probe;
        this.request = request;
        this.picture = picture;
        this.known = picture == null ? ProjectSnapshot.EMPTY : picture;
        this.agedBefore = agedBefore;
        this.entries = directory.stream().iterator();
    }

    /** Whether a file that was known was not there. */
    boolean hasVanished() {
        return vanished;
    }

    ProjectScan run() throws IOException {
        List<String> names = new ArrayList<>();
        ProjectSnapshot snapshot = known.isListed() ? lookInOrder(names) : null;
        if (snapshot == null) {
            list(names);
            snapshot = lookAtAll(names);
        }
        SnapshotDiff changes = changes(snapshot);
        Map<String, TempFiles.Seen> left = TempFiles.collect(directory, temps, request.temps(), request.time());
        return new ProjectScan(snapshot, changes, others + ignored, errors, List.copyOf(unseen), linked, left);
    }

    private SnapshotDiff changes(ProjectSnapshot snapshot) {
        if (picture == null) {
            return SnapshotDiff.first(snapshot, request.first());
        }
        return snapshot == picture ? SnapshotDiff.none(picture) : SnapshotDiff.between(picture, snapshot);
    }

    /**
     * Looks at each file as the directory lists it, as long as that goes as it did the last time.
     *
     * @param names takes what was listed, if it does not: then all has to be looked at again
     * @return null when it does not
     */
    private ProjectSnapshot lookInOrder(List<String> names) throws IOException {
        Map<String, FileState> changed = new HashMap<>();
        int place = 0;
        while (entries.hasNext()) {
            Path entry = entries.next();
            String name = entry.getFileName().toString();
            if (place == known.size() || known.compareName(known.listedAt(place), name) != 0) {
                if (!TokenKey.isFilename(name)) {
                    setAside(entry, name);
                    continue;
                }
                startAgain(names, place);
                names.add(name);
                return null;
            }
            FileState before = known.state(known.listedAt(place));
            FileState now = look(entry, name, before);
            if (!before.equals(now)) {
                changed.put(name, now);
            }
            place++;
            if (changed.size() > MOST_CHANGED) {
                startAgain(names, place);
                return null;
            }
        }
        if (place < known.size()) {
            startAgain(names, place);
            return null;
        }
        return known.with(changed);
    }

    /** Forgets what was seen of token files, but for their names. */
    private void startAgain(List<String> names, int place) {
        for (int i = 0; i < place; i++) {
            names.add(known.name(known.listedAt(i)));
        }
        ignored = 0;
        errors = 0;
        unseen.clear();
        linked = false;
        vanished = false;
    }

    private void list(List<String> names) {
        while (entries.hasNext()) {
            Path entry = entries.next();
            String name = entry.getFileName().toString();
            if (TokenKey.isFilename(name)) {
                names.add(name);
            } else {
                setAside(entry, name);
            }
        }
    }

    private void setAside(Path entry, String name) {
        if (OwnFiles.isTemp(name)) {
            temps.add(name);
        } else if (!OwnFiles.isOwn(name) && !isDirectory(entry.getFileName())) {
            others++;
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

    /** Also at names the listing left out: one that is renamed over while it is read can be passed by. */
    private ProjectSnapshot lookAtAll(List<String> listed) throws IOException {
        List<String> names = new ArrayList<>(listed);
        names.sort(null);
        ProjectSnapshot.Builder seen = new ProjectSnapshot.Builder(names.size());
        int old = 0;
        String last = null;
        for (String name : names) {
            if (name.equals(last)) {
                continue;
            }
            last = name;
            int order = 1;
            while (old < known.size() && (order = known.compareName(old, name)) < 0) {
                look(known.name(old), known.state(old++), seen);
            }
            if (old < known.size() && order == 0) {
                look(name, known.state(old++), seen);
            } else {
                look(name, null, seen);
            }
        }
        while (old < known.size()) {
            look(known.name(old), known.state(old++), seen);
        }
        return seen.build().listed(listed);
    }

    private void look(String name, FileState before, ProjectSnapshot.Builder seen) throws IOException {
        FileState now = look(directory.path().resolve(name), name, before);
        if (now != null) {
            seen.add(name, now);
        }
    }

    /** What is to be known of a name from now on, or null when no token file has it. */
    private FileState look(Path path, String name, FileState before) throws IOException {
        try {
            TokenProbe.Sight sight = probe.look(directory, path, name, before, agedBefore);
            linked |= sight.linked();
            if (sight.ignored()) {
                ignored++;
            }
            vanished |= before != null && sight.state() == null;
            return sight.state();
        } catch (IOException e) {
            if ((e instanceof PathMovedException && !directory.isInPlace()) || StorageErrors.isShortage(e)) {
                throw e;
            }
            errors++;
            if (unseen.size() < ProjectScan.MAX_UNSEEN) {
                unseen.add(name);
            }
            return before;
        }
    }
}
