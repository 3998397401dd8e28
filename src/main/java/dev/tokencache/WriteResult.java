package dev.tokencache;

import java.util.Objects;

/**
 * What a write left behind.
 *
 * @param etag strong entity tag of the written bytes, never null
 * @param created whether the name was free before
 * @param fingerprint of the written version, or null when somebody replaced it meanwhile
 */
public record WriteResult(String etag, boolean created, Fingerprint fingerprint) {
    public WriteResult {
        Objects.requireNonNull(etag);
    }
}
