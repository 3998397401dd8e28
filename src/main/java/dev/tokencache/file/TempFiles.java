package dev.tokencache.file;

import dev.tokencache.Fingerprint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Removes temp files that a writer left behind when it was killed. A live one must never go, so its age counts only where
 * no step of the wall clock can have made it up: by {@link ScanTime#wallMillis}, or as the time it was watched unchanged.
 */
final class TempFiles {
    /** The age from which on a temp file belongs to nobody. */
    static final long ORPHAN_MILLIS = TimeUnit.MINUTES.toMillis(10);

    private TempFiles() {}

    /** A temp file that is left alone for now, and since when it has been seen like this (monotonic nanoseconds). */
    record Seen(Fingerprint fingerprint, long sinceNanos) {}

    /**
     * Removes the orphans among the temp files of a project.
     *
     * @param before what the last scan left alone
     * @return what is left alone now
     */
    static Map<String, Seen> collect(
            ProjectDirectory directory, List<String> names, Map<String, Seen> before, ScanTime time) {
        if (names.isEmpty()) {
            return Map.of();
        }
        Map<String, Seen> left = new HashMap<>();
        for (String name : names) {
            try {
                Fingerprint seen = Fingerprints.ofRegularFile(directory.path().resolve(name));
                if (seen == null) {
                    continue;
                }
                Seen known = before.get(name);
                long since = known != null && known.fingerprint().equals(seen) ? known.sinceNanos() : time.nanos();
                if (isOrphan(seen, since, time)) {
                    directory.stream().deleteFile(Path.of(name));
                } else {
                    left.put(name, new Seen(seen, since));
                }
            } catch (IOException e) {
                // It has vanished, or the directory is read-only to us: neither is worth a word.
            }
        }
        return left;
    }

    private static boolean isOrphan(Fingerprint seen, long sinceNanos, ScanTime time) {
        return seen.modifiedNanos() < time.wallNanosBefore(ORPHAN_MILLIS)
                || time.nanos() - sinceNanos >= TimeUnit.MILLISECONDS.toNanos(ORPHAN_MILLIS);
    }
}
