package dev.tokencache.cache;

import dev.tokencache.Fingerprint;
import dev.tokencache.InvalidTokenException;
import dev.tokencache.TokenFile;

/**
 * What is known of one file, whether its value is in memory or not. There may be two million: some 80 bytes each, beside name
 * and fingerprint, which the watcher's word shares.
 */
final class FileRecord {
    final ProjectState project;
    final String filename;

    /** The version last seen; never null. */
    Fingerprint fingerprint;

    /** The version a watcher last spoke of, or null when none has spoken of this file. */
    Fingerprint observed;

    /** Whether its present version came in without being published: nobody could say then that it was news. */
    boolean untold;

    /** Its entity tag, or null while it isn't known or when the file is invalid. */
    String etag;

    /** When this fingerprint was first seen, or the file found gone, on the monotonic clock. */
    long firstSeenNanos;

    /** Why this version is no valid token file, or null when it is one or nobody has read it. */
    Invalidity invalid;

    /** Whether this version was read or written here as a valid token file; what it says of its expiry is known then. */
    boolean contentKnown;

    /** The expiry it states, milliseconds since the epoch, or {@link TokenFile#NO_EXPIRY}. */
    long expiresAtMillis = TokenFile.NO_EXPIRY;

    /** The member that states it, or null; shared among records. */
    String expirySource;

    /** Whether it holds a refresh token. */
    boolean refreshable;

    /** When the read or write of this version began that told what it holds, on the monotonic clock. */
    long readNanos;

    /** The number of the last invalidation before that ({@link FileContents}); 0 when there was one of this file since. */
    int learnedAfter;

    /** How often its value was read; halved from time to time, so that it follows the demand. */
    int reads;

    FileRecord(ProjectState project, String filename) {
        this.project = project;
        this.filename = filename;
    }

    String key() {
        return project.name + '/' + filename;
    }

    /**
     * Why a version is no token file.
     *
     * @param line where, from 1; 0 when the fault has no place
     * @param sinceMillis since when it is known, milliseconds since the epoch
     */
    record Invalidity(String reason, int line, int column, long sinceMillis) {
        static Invalidity of(InvalidTokenException why, long sinceMillis) {
            return new Invalidity(why.reason(), why.line(), why.column(), sinceMillis);
        }
    }
}
