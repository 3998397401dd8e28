package dev.tokencache.cache;

import dev.tokencache.Failure;
import dev.tokencache.Fingerprint;
import dev.tokencache.InvalidTokenException;
import dev.tokencache.TokenFile;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * What a page tells of one file, all of it of one version. A valid file has an entity tag, an invalid one a reason, and one
 * that can't be told of now, which makes it neither, has only a failure. Immutable.
 *
 * @param fingerprint of the version; null when it isn't known
 * @param etag null unless the file is valid
 * @param value the version itself when it was at hand, else null
 * @param invalid why it is invalid, or null
 * @param failure why nothing can be told, or null
 */
record FileFacts(
        Fingerprint fingerprint,
        String etag,
        long expiresAtMillis,
        String expirySource,
        boolean refreshable,
        TokenFile value,
        FileRecord.Invalidity invalid,
        Failure failure) {

    static FileFacts of(TokenFile file) {
        return new FileFacts(
                file.fingerprint(),
                file.etag(),
                file.expiresAtMillis(),
                file.expirySource(),
                file.hasRefreshToken(),
                file,
                null,
                null);
    }

    /** What a record tells; only of one that does ({@link FileContents#isTold}). */
    static FileFacts of(FileRecord file) {
        return new FileFacts(
                file.fingerprint,
                file.etag,
                file.expiresAtMillis,
                file.expirySource,
                file.refreshable,
                null,
                file.invalid,
                null);
    }

    /** What a failed load tells. */
    static FileFacts of(Throwable cause, FileRecord record, long nowMillis) {
        if (!(cause instanceof InvalidTokenException why)) {
            return new FileFacts(null, null, TokenFile.NO_EXPIRY, null, false, null, null, Failure.of(cause));
        }
        FileRecord.Invalidity known = record == null ? null : record.invalid;
        return new FileFacts(
                why.fingerprint(),
                null,
                TokenFile.NO_EXPIRY,
                null,
                false,
                null,
                known == null ? FileRecord.Invalidity.of(why, nowMillis) : known,
                null);
    }

    boolean isInvalid() {
        return invalid != null;
    }

    boolean isUnknown() {
        return failure != null;
    }

    /** The token as its file's text, or why there is none. */
    JsonObject toValue(String filename) {
        JsonObject item = new JsonObject().put("filename", filename);
        if (value != null) {
            return item.put("json", new String(value.bytes(), StandardCharsets.UTF_8));
        }
        Failure why = failure == null ? Failure.INVALID_TOKEN_FILE : failure;
        return item.put("error", why.machineName());
    }

    /**
     * All but the token, none of whose values it ever holds.
     *
     * @param ageSeconds of the value in memory, or null when there is none
     */
    JsonObject toMetadata(String filename, Long ageSeconds) {
        JsonObject item = new JsonObject().put("filename", filename);
        if (fingerprint != null) {
            item.put("size", fingerprint.size())
                    .put("modified", fingerprint.modified().toString());
        }
        if (failure != null) {
            return item.putNull("valid").put("cached", false).put("reason", failure.machineName());
        }
        if (invalid != null) {
            return item.put("valid", false)
                    .put("cached", false)
                    .put("reason", invalid.reason())
                    .put(
                            "position",
                            new JsonObject().put("line", invalid.line()).put("column", invalid.column()))
                    .put("since", Instant.ofEpochMilli(invalid.sinceMillis()).toString());
        }
        return item.put("etag", etag)
                .put("valid", true)
                .put("cached", ageSeconds != null)
                .put("age", ageSeconds)
                .put("expiresAt", expiresAt())
                .put("expirySource", expirySource)
                .put("hasRefreshToken", refreshable);
    }

    private String expiresAt() {
        return expiresAtMillis == TokenFile.NO_EXPIRY
                ? null
                : Instant.ofEpochMilli(expiresAtMillis).toString();
    }
}
