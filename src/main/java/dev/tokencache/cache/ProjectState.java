package dev.tokencache.cache;

import dev.tokencache.TokenNames;
import java.util.HashMap;
import java.util.Map;

/** What is known of one project. */
final class ProjectState {
    final String name;
    final FileTable files = new FileTable();

    /** The list of names, or null; lives until {@link #listDeadlineNanos}. */
    TokenNames list;

    long listDeadlineNanos;

    /** Files whose present version was loaded or written here and not yet spoken of by a watcher. */
    final UnconfirmedFiles unconfirmed = new UnconfirmedFiles();

    /** Files found gone here that a watcher has not called removed: in its picture they are as it last said. */
    final Map<String, FileRecord> missing = new HashMap<>();

    /** How many files of {@link #files} a watcher has spoken of. */
    int observedFiles;

    /** Whether a watcher has ever spoken of this project. */
    boolean heard;

    /** Since when a watcher could have spoken of it and has not, on the monotonic clock; 0 for not yet. */
    long unheardSinceNanos;

    /** Whether a watcher has told of every file there is, so that an unknown file is a new one. */
    boolean complete;

    /** When the last look began that a watcher has told all of, on the monotonic clock; 0 for never. */
    long lookedNanos;

    /** Whether {@link #list} was found to agree with what a watcher saw later. */
    boolean listConfirmed;

    /** When the tokens whose content is known expire. */
    final ExpiryCounts expiries = new ExpiryCounts();

    /** The number of its last invalidation, see {@link FileContents}. */
    int invalidatedAt;

    int cachedTokens;
    int invalidFiles;

    /** When a watcher last looked, milliseconds since the epoch; 0 for never. */
    long lastScanMillis;

    /** How long that took, in milliseconds. */
    double scanMillis;

    /** Whether the watcher hears the system's notifications of it, besides looking. */
    boolean hinted;

    /** What the watcher counted; -1 for never. */
    int filesSeen = -1;

    int ignoredFiles;
    int scanErrors;

    /** Machine name of why the watcher can't look now, or null. */
    String error;

    ProjectState(String name) {
        this.name = name;
    }

    /** Whether {@link #list}, not null, names exactly the files a watcher has spoken of. */
    boolean isListAsObserved() {
        if (list.count() != observedFiles) {
            return false;
        }
        for (String filename : list.names()) {
            FileRecord file = files.get(filename);
            if (file == null || file.observed == null) {
                return false;
            }
        }
        return true;
    }
}
