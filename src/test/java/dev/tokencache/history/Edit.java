package dev.tokencache.history;

/**
 * One edit of one key, and the interval in which it happened.
 *
 * @param version names what it wrote; no two edits have the same
 * @param start when it began, in nanoseconds since the history's beginning
 * @param end when it was known to be done, or {@link #UNKNOWN}
 */
record Edit(int key, long version, Kind kind, long start, long end) {
    /** {@link #end()} of an edit that is under way or failed, so that it may have happened or may happen yet. */
    static final long UNKNOWN = Long.MAX_VALUE;

    /** By whom and how. */
    enum Kind {
        API_PUT,
        API_DELETE,
        /** A finished file is renamed over the old one. */
        RENAME,
        /** The file is truncated and written. */
        TRUNCATE,
        /** The file is overwritten without truncating it, its length stays, and its modification time is put back. */
        OVERWRITE,
        DELETE,
        /** A file is created under its name and written. */
        CREATE;

        boolean isApi() {
            return this == API_PUT || this == API_DELETE;
        }

        boolean leavesFile() {
            return this != API_DELETE && this != DELETE;
        }

        /** Whether a part of the file may be seen while it is written. */
        boolean showsParts() {
            return this == TRUNCATE || this == OVERWRITE || this == CREATE;
        }

        /** Whether old and new may be seen in one. */
        boolean mixes() {
            return this == OVERWRITE;
        }
    }

    /** The state before any edit: no file. */
    static Edit initial(int key) {
        return new Edit(key, 0, Kind.DELETE, -2, -1);
    }

    boolean isDone() {
        return end != UNKNOWN;
    }
}
