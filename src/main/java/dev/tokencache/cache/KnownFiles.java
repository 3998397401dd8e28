package dev.tokencache.cache;

import dev.tokencache.TokenFile;
import java.util.function.LongSupplier;

/**
 * What can be told of a file without looking at it: from its value in memory, else from its record when that can be trusted.
 *
 * <p>A record outlives its value, yet what it tells must be as fresh as a value, and never be back after it was gone. So it
 * is told only if no invalidation of the file, its project or everything came after the read or write that filled it ({@link
 * FileContents}); another version that anybody sees, or a failed look of the watcher, ends it like a value. And one of these
 * must hold:
 * <ul>
 *   <li><b>The watcher vouches for it.</b> It runs, it has just looked at the project, its last word on the file is exactly
 *       this fingerprint, and the read was not racy. Then an edit from outside is found by the next scan as it is for a value, and
 *       nobody is promised to see it before. A read is racy if it began less than 3 s after the fingerprint was first seen: it
 *       may have got the first of two versions that share it. The watcher, which compares contents for as long, would tell;
 *       but not if another watcher takes over in between, and where a value lives for its TTL at most, a record would stand
 *       for good. Such a file is read once more, after its TTL.
 *   <li><b>The read is younger than the TTL</b>, and found a token. It is what a value would be that was not evicted: the same
 *       invalidations end it. Not so for an invalid file: each get reads that anew, and pages must not lag behind.
 * </ul>
 */
final class KnownFiles {
    private final Tokens tokens;
    private final FileIndex index;
    private final Observations observations;
    private final LongSupplier nanoTime;
    private final LongSupplier currentMillis;

    KnownFiles(Tokens tokens, FileIndex index, Observations observations, CacheOptions options) {
        this.tokens = tokens;
        this.index = index;
        this.observations = observations;
        this.nanoTime = options.nanoTime();
        this.currentMillis = options.currentMillis();
    }

    /** What can be told, or null when somebody has to look. Counts as no use of the value. */
    FileFacts find(String project, String filename) {
        TokenFile value = tokens.peek(project + '/' + filename);
        if (value != null) {
            return FileFacts.of(value);
        }
        FileRecord record = index.record(project, filename);
        return record != null && isTrusted(record) ? FileFacts.of(record) : null;
    }

    private boolean isTrusted(FileRecord record) {
        return index.contents.isTold(record) && (isVouchedFor(record) || (record.contentKnown && isYoung(record)));
    }

    private boolean isVouchedFor(FileRecord record) {
        return record.fingerprint.equals(record.observed)
                && record.readNanos - record.firstSeenNanos >= Tokens.RACY_NANOS
                && observations.isWatching(record.project);
    }

    private boolean isYoung(FileRecord record) {
        return nanoTime.getAsLong() - record.readNanos < tokens.ttlNanos();
    }

    /** What a failed load tells. */
    FileFacts failed(String project, String filename, Throwable cause) {
        return FileFacts.of(cause, index.record(project, filename), currentMillis.getAsLong());
    }

    /** Age of the value in memory, in seconds; null when there is none. */
    Long ageSeconds(String project, String filename) {
        TokenFile value = tokens.peek(project + '/' + filename);
        return value == null ? null : value.ageSeconds(nanoTime.getAsLong());
    }
}
