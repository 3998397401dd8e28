package dev.tokencache.history;

/**
 * What one read of one key saw.
 *
 * @param version the version seen; 0 unless {@link Sight#VERSION}
 * @param start when the read began, in nanoseconds since the history's beginning
 * @param end when its answer was there
 */
record Read(int key, Sight sight, long version, long start, long end) {
    /** The kinds of answers. An error that says nothing of the file is none. */
    enum Sight {
        /** One whole version. */
        VERSION,
        /** There is no file. */
        ABSENT,
        /** The file is no valid token file. */
        INVALID,
        /** A valid token file that nobody wrote. */
        MIXED
    }
}
