package dev.tokencache.file;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The look at some files of one project that hints named. Made and reported on the watcher's event loop, run on a worker. */
final class HintLook {
    private final ProjectWatch watch;
    private final int generation;
    private final Map<String, FileState> before;
    private Map<String, TokenProbe.Sight> sights = Map.of();
    private boolean absent;

    HintLook(ProjectWatch watch, Map<String, FileState> before) {
        this.watch = watch;
        this.generation = watch.generation();
        this.before = before;
    }

    /** Looks; blocking. */
    void run(DiskScanner scanner) {
        try {
            sights = scanner.look(watch.name(), before);
        } catch (NoSuchFileException e) {
            absent = true;
        } catch (IOException e) {
            // Not to be read now: the next scan reports it.
            sights = Map.of();
        }
    }

    ProjectWatch watch() {
        return watch;
    }

    List<String> names() {
        return List.copyOf(before.keySet());
    }

    /** Whether the project's directory was not there. */
    boolean isAbsent() {
        return absent;
    }

    /** Whether the cache has acknowledged a full picture since: which of the two is newer can't be told. */
    boolean isOvertaken() {
        return watch.generation() != generation;
    }

    /** What is different from what the cache knows by now. */
    Report report() {
        List<SnapshotDiff.Change> changes = new ArrayList<>();
        Map<String, FileState> news = new TreeMap<>();
        new TreeMap<>(sights).forEach((name, sight) -> {
            FileState known = watch.state(name);
            FileState seen = sight.state();
            if (sight.linked()) {
                watch.sawLink();
            }
            // A name that is gone is told even when it never was in the picture: a reader may have met the file in
            // between.
            if (known == null || seen == null || seen.differsFrom(known)) {
                changes.add(SnapshotDiff.Change.of(name, known, seen));
                news.put(name, seen);
            } else if (!known.equals(seen)) {
                watch.accept(name, seen);
            }
        });
        return new Report(
                watch.name(), changes, watch.status(), () -> news.forEach((name, seen) -> watch.accept(name, seen)));
    }
}
