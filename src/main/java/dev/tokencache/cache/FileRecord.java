package dev.tokencache.cache;

import dev.tokencache.Fingerprint;
import dev.tokencache.InvalidTokenException;
import dev.tokencache.TokenFile;

/**
 * What is known of one file, whether its value is in memory or not. There may be two million: 88 bytes each, beside name,
 * tag and fingerprint, which it shares with the watcher's word and with the value.
 */
final class FileRecord {
    final ProjectState project;

    /** {@code project/file}; the very text that names the value, when that was in memory. */
    String key;

    /** The next in its chain of the {@link FileTable}, or null. */
    FileRecord next;

    /** Of its name, as the {@link FileTable} reckons: to go to the text for it is a wait for memory each time. */
    int hash;

    /** The version last seen; never null. */
    Fingerprint fingerprint;

    /** The version a watcher last spoke of, or null when none has spoken of this file. */
    Fingerprint observed;

    /** Whether its present version came in without being published: nobody could say then that it was news. */
    boolean untold;

    /** Whether it is one of its project's {@link UnconfirmedFiles}, who alone read and write this. */
    byte unconfirmed;

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
        this.key = project.name + '/' + filename;
    }

    String filename() {
        return key.substring(nameStart());
    }

    /** Where in {@link #key} the file's name starts. */
    int nameStart() {
        return project.name.length() + 1;
    }

    /** Takes over the objects of a value that say the same: a million of each would be there twice. */
    void share(TokenFile file) {
        if (file.key().equals(key)) {
            key = file.key();
        }
        if (file.fingerprint().equals(fingerprint)) {
            fingerprint = file.fingerprint();
        }
        if (file.fingerprint().equals(observed)) {
            observed = file.fingerprint();
        }
        if (file.etag().equals(etag)) {
            etag = file.etag();
        }
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
