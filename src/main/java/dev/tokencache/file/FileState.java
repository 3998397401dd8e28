package dev.tokencache.file;

import dev.tokencache.Fingerprint;
import java.util.Objects;

/**
 * What the watcher knows of one token file.
 *
 * @param fingerprint of the version last seen, not null
 * @param racy null once the fingerprint alone identifies the version
 */
record FileState(Fingerprint fingerprint, Racy racy) {

    /**
     * A file that may still change without its fingerprint moving.
     *
     * @param etag tag of the content last seen, or null when it could not be read or is too large
     * @param settlesNanos from when on, on the monotonic clock, one more equal look ends this state
     */
    record Racy(String etag, long settlesNanos) {}

    /** The tag of the content while the file is racy, else null. */
    String etag() {
        return racy == null ? null : racy.etag();
    }

    /** Whether another look at the same name shows another version. */
    boolean differsFrom(FileState other) {
        if (!fingerprint.equals(other.fingerprint)) {
            return true;
        }
        // Of a settled file no content is known, and none is needed: its fingerprint would have moved.
        return racy != null && other.racy != null && !Objects.equals(racy.etag, other.racy.etag);
    }
}
