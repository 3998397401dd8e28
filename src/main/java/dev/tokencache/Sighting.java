package dev.tokencache;

import java.util.Objects;

/**
 * What whoever asks for a token knows of its file without looking: a watcher has found it to be this version, its last look
 * is recent, and nothing has cast doubt on that since, neither an invalidation nor a write nor a read that found something else.
 * So the version may be served as it is served from memory.
 *
 * @param fingerprint of the version
 * @param etag its entity tag, or null when that isn't known
 * @param firstSeenNanos when this fingerprint was first seen, on the process's monotonic clock
 * @param seenNanos when the look began that found it last, on the same clock
 */
public record Sighting(Fingerprint fingerprint, String etag, long firstSeenNanos, long seenNanos) {
    public Sighting {
        Objects.requireNonNull(fingerprint);
    }
}
