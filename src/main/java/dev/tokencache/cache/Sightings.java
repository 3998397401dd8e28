package dev.tokencache.cache;

import dev.tokencache.Sighting;
import dev.tokencache.TokenKey;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * For which files the watcher's last word may stand in for a look: it runs, it has just looked at the project, its last word on
 * the file is the version last seen by anybody, and that look began after everything that has cast doubt on it. A request to
 * invalidate comes from somebody who may know of an edit before the watcher does, and a reader may have been given what the
 * watcher has not seen yet: only a look that began later speaks for the file again.
 *
 * <p>Doubts are bounded: of the oldest that had to be forgotten only the time is kept, and holds for everything.
 */
final class Sightings {
    static final int MAX_DOUBTS = 10_000;

    private final FileIndex index;
    private final LongSupplier nanoTime;

    /** When doubt was last cast on {@code project/file} or {@code project/}, oldest first. */
    private final Map<String, Long> doubts = new LinkedHashMap<>();

    private Predicate<ProjectState> watched = project -> false;
    private long doubtedAllNanos;
    private boolean doubtedAll;

    Sightings(FileIndex index, LongSupplier nanoTime) {
        this.index = index;
        this.nanoTime = nanoTime;
    }

    /** Who knows whether a watcher has looked at a project lately. */
    void trust(Predicate<ProjectState> isWatched) {
        watched = isWatched;
    }

    /** What is known of a file, or null when somebody has to look. */
    Sighting of(TokenKey key) {
        FileRecord file = index.record(key.project(), key.filename());
        if (file == null
                || file.fingerprint == null
                || !file.fingerprint.equals(file.observed)
                || !watched.test(file.project)
                || isDoubted(key, file.project.lookedNanos)) {
            return null;
        }
        return new Sighting(file.fingerprint, file.etag, file.firstSeenNanos, file.project.lookedNanos);
    }

    private boolean isDoubted(TokenKey key, long lookedNanos) {
        return (doubtedAll && lookedNanos - doubtedAllNanos <= 0)
                || isSince(doubts.get(key.project() + '/'), lookedNanos)
                || isSince(doubts.get(key.toString()), lookedNanos);
    }

    private static boolean isSince(Long doubtedNanos, long lookedNanos) {
        return doubtedNanos != null && lookedNanos - doubtedNanos <= 0;
    }

    /** Casts doubt on a file, {@code project/file}, or on all of a project, {@code project/}. */
    void doubt(String what) {
        doubts.remove(what);
        doubts.put(what, nanoTime.getAsLong());
        if (doubts.size() > MAX_DOUBTS) {
            Iterator<Long> oldest = doubts.values().iterator();
            doubtAll(oldest.next());
            oldest.remove();
        }
    }

    /** Casts doubt on everything. */
    void doubtAll() {
        doubts.clear();
        doubtAll(nanoTime.getAsLong());
    }

    private void doubtAll(long nanos) {
        doubtedAll = true;
        doubtedAllNanos = nanos;
    }
}
