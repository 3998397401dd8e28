package dev.tokencache.cache;

import dev.tokencache.Fingerprint;
import dev.tokencache.InvalidTokenException;
import dev.tokencache.TokenFile;
import io.vertx.core.AsyncResult;

/**
 * Which version of a file somebody speaks of.
 *
 * @param fingerprint null when it isn't known
 * @param etag null when the version is no valid token file
 */
record Version(Fingerprint fingerprint, String etag) {
    /** What a look says that found no file. */
    static final Object ABSENT = new Object();

    /** What the result of a load says of a file; null when it says nothing. */
    static Object of(AsyncResult<TokenFile> result) {
        if (result.succeeded()) {
            return result.result() == null ? ABSENT : of(result.result());
        }
        return result.cause() instanceof InvalidTokenException invalid
                ? new Version(invalid.fingerprint(), null)
                : null;
    }

    static Version of(TokenFile file) {
        return new Version(file.fingerprint(), file.etag());
    }

    /** The version that a record is of. */
    static Version of(FileRecord record) {
        return new Version(record.fingerprint, record.invalid == null ? record.etag : null);
    }
}
