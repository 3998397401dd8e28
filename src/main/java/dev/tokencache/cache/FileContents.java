package dev.tokencache.cache;

import dev.tokencache.InvalidTokenException;
import dev.tokencache.TokenFile;
import dev.tokencache.content.TokenContent;
import java.util.HashMap;
import java.util.Map;

/**
 * What the present versions of the files hold, as far as it was read or written here: whether it is a token, and when that
 * expires. Kept in the files' records, where it outlives the values, and counted. It is forgotten with the version.
 *
 * <p>An invalidation forgets nothing here, since the version may well be the same, but nothing learned before it is told to
 * requests that start after it: invalidations of many files are numbered, and a record holds the number of the last one before
 * it was filled. A load that an invalidation has overtaken never gets here ({@link Loads}).
 */
final class FileContents {
    private static final int MAX_SOURCES = 256;

    /** One text for each, however many records: the members that state expiries are few. */
    private final Map<String, String> expirySources = new HashMap<>();

    /** Number of the last invalidation of more than one file; starts above what marks a record that isn't to be told. */
    private int invalidations = 1;

    private int clearedAt;
    private int invalidFiles;

    /** Takes in that the present version was read as a token. */
    void loaded(FileRecord record, TokenFile file) {
        learn(record, file.expiresAtMillis(), file.expirySource(), file.hasRefreshToken(), file.readNanos());
    }

    /**
     * Takes in that the present version was written here.
     *
     * @param startNanos when the write began
     */
    void written(FileRecord record, TokenContent content, long startNanos) {
        learn(record, content.expiresAtMillis(), content.expirySource(), content.refreshable(), startNanos);
    }

    private void learn(FileRecord record, long expiresAtMillis, String source, boolean refreshable, long readNanos) {
        forget(record);
        record.contentKnown = true;
        record.expiresAtMillis = expiresAtMillis;
        record.expirySource = shared(source);
        record.refreshable = refreshable;
        told(record, readNanos);
        if (expiresAtMillis != TokenFile.NO_EXPIRY) {
            record.project.expiries.add(expiresAtMillis);
        }
    }

    private String shared(String source) {
        if (source == null) {
            return null;
        }
        String known = expirySources.get(source);
        if (known == null && expirySources.size() < MAX_SOURCES) {
            expirySources.put(source, source);
        }
        return known == null ? source : known;
    }

    /**
     * Takes in why the present version is no token.
     *
     * @param startNanos when the load began
     */
    void invalid(FileRecord record, InvalidTokenException why, long startNanos, long nowMillis) {
        long since = record.invalid == null ? nowMillis : record.invalid.sinceMillis();
        forget(record);
        record.invalid = FileRecord.Invalidity.of(why, since);
        record.etag = null;
        record.project.invalidFiles++;
        invalidFiles++;
        told(record, startNanos);
    }

    private void told(FileRecord record, long readNanos) {
        record.readNanos = readNanos;
        record.learnedAfter = invalidations;
    }

    /** Forgets what the version holds that the record was of: there is another, or the file is gone. */
    void forget(FileRecord record) {
        if (record.invalid != null) {
            record.invalid = null;
            record.project.invalidFiles--;
            invalidFiles--;
        }
        if (record.expiresAtMillis != TokenFile.NO_EXPIRY) {
            record.project.expiries.remove(record.expiresAtMillis);
        }
        record.contentKnown = false;
        record.expiresAtMillis = TokenFile.NO_EXPIRY;
        record.expirySource = null;
        record.refreshable = false;
        record.learnedAfter = 0;
    }

    /** Takes back what a project that is gone has added to the counts. */
    void forgetProject(ProjectState project) {
        invalidFiles -= project.invalidFiles;
    }

    /** An invalidation of one file; null for one that nothing is known of. */
    void invalidated(FileRecord record) {
        if (record != null) {
            record.learnedAfter = 0;
        }
    }

    /** An invalidation of a project, however many files it has. */
    void invalidatedProject(ProjectState project) {
        project.invalidatedAt = ++invalidations;
    }

    /** An invalidation of everything. */
    void invalidatedAll() {
        clearedAt = ++invalidations;
    }

    /** Whether the record tells what its version holds, and no invalidation has come since it was read. */
    boolean isTold(FileRecord record) {
        return record.learnedAfter != 0
                && record.learnedAfter >= clearedAt
                && record.learnedAfter >= record.project.invalidatedAt;
    }

    int invalidFiles() {
        return invalidFiles;
    }
}
