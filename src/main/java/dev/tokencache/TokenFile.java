package dev.tokencache;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Objects;

/**
 * One complete version of one token file, immutable. The bytes are the file's own; nothing is ever re-rendered. It carries
 * the moment at which it was read from the disk through every tier, so that bounds of staleness do not add up.
 */
public final class TokenFile {
    /** {@link #expiresAtMillis()} of a token that states no expiry. */
    public static final long NO_EXPIRY = Long.MIN_VALUE;

    /** What a codec decodes from bytes that are no token; clients turn it into a failure. */
    static final TokenFile MALFORMED = new TokenFile(
            "", new byte[0], "", new Fingerprint(0, 0, 0, 0), 0, NO_EXPIRY, null, false, CacheStatus.MISS);

    private final String key;
    private final byte[] bytes;
    private final String etag;
    private final Fingerprint fingerprint;
    private final long readNanos;
    private final long expiresAtMillis;
    private final String expirySource;
    private final boolean refreshable;
    private final CacheStatus status;

    private TokenFile(
            String key,
            byte[] bytes,
            String etag,
            Fingerprint fingerprint,
            long readNanos,
            long expiresAtMillis,
            String expirySource,
            boolean refreshable,
            CacheStatus status) {
        this.key = key;
        this.bytes = bytes;
        this.etag = etag;
        this.fingerprint = fingerprint;
        this.readNanos = readNanos;
        this.expiresAtMillis = expiresAtMillis;
        this.expirySource = expirySource;
        this.refreshable = refreshable;
        this.status = status;
    }

    /**
     * A token as a source has just read it, status {@link CacheStatus#MISS}.
     *
     * @param key whose token it is
     * @param bytes the file's bytes; handed over, not copied, and never changed again
     * @param etag strong entity tag without quotes
     * @param fingerprint of the version read
     * @param readNanos when it was read, on the process's monotonic clock ({@link System#nanoTime()})
     * @param expiresAtMillis the expiry the token itself states, in milliseconds since the epoch, or {@link #NO_EXPIRY}
     * @param expirySource the member the expiry was found in, or null
     * @param refreshable whether it holds a refresh token
     */
    public static TokenFile read(
            TokenKey key,
            byte[] bytes,
            String etag,
            Fingerprint fingerprint,
            long readNanos,
            long expiresAtMillis,
            String expirySource,
            boolean refreshable) {
        return restored(
                key.toString(),
                bytes,
                etag,
                fingerprint,
                readNanos,
                expiresAtMillis,
                expirySource,
                refreshable,
                CacheStatus.MISS);
    }

    static TokenFile restored(
            String key,
            byte[] bytes,
            String etag,
            Fingerprint fingerprint,
            long readNanos,
            long expiresAtMillis,
            String expirySource,
            boolean refreshable,
            CacheStatus status) {
        return new TokenFile(
                key,
                Objects.requireNonNull(bytes),
                Objects.requireNonNull(etag),
                Objects.requireNonNull(fingerprint),
                readNanos,
                expiresAtMillis,
                expirySource,
                refreshable,
                status);
    }

    /** The same version with another status; shares the bytes. */
    public TokenFile withStatus(CacheStatus other) {
        return other == status ? this : copy(readNanos, other);
    }

    /** The same version, seen unchanged on the disk at a later moment; shares the bytes. */
    public TokenFile revalidatedAt(long nanos) {
        return copy(nanos, status);
    }

    private TokenFile copy(long nanos, CacheStatus other) {
        return new TokenFile(key, bytes, etag, fingerprint, nanos, expiresAtMillis, expirySource, refreshable, other);
    }

    /** {@code project/file}; never null. */
    public String key() {
        return key;
    }

    public String project() {
        return key.substring(0, key.indexOf('/'));
    }

    public String filename() {
        return key.substring(key.indexOf('/') + 1);
    }

    /** Number of bytes. */
    public int size() {
        return bytes.length;
    }

    /** A copy of the file's bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Appends the file's bytes to a buffer; returns the buffer. */
    public Buffer appendTo(Buffer buffer) {
        return buffer.appendBytes(bytes);
    }

    /** The content, parsed anew at each call. Numbers may lose digits in it: {@link #bytes()} is the truth. */
    public JsonObject json() {
        return new JsonObject(Buffer.buffer(bytes));
    }

    /** Strong entity tag without quotes: 128 bits of a keyed hash; never null. */
    public String etag() {
        return etag;
    }

    public Fingerprint fingerprint() {
        return fingerprint;
    }

    /** When the file was last modified, by the file system's clock. */
    public Instant modified() {
        return fingerprint.modified();
    }

    /** When these bytes were read or last seen unchanged, on this process's monotonic clock, in nanoseconds. */
    public long readNanos() {
        return readNanos;
    }

    /** Whole seconds since {@link #readNanos()}; at least 0. */
    public long ageSeconds(long nowNanos) {
        return Math.max(0, nowNanos - readNanos) / 1_000_000_000L;
    }

    /** The expiry the token states itself, milliseconds since the epoch, or {@link #NO_EXPIRY}. */
    public long expiresAtMillis() {
        return expiresAtMillis;
    }

    /** Name of the member the expiry was found in, or null. */
    public String expirySource() {
        return expirySource;
    }

    /** Whether the token holds a refresh token. */
    public boolean hasRefreshToken() {
        return refreshable;
    }

    public CacheStatus status() {
        return status;
    }

    /** Key and size only: a token's content never appears in a text by accident. */
    @Override
    public String toString() {
        return "TokenFile[" + size() + " bytes, " + status + "]";
    }

    byte[] rawBytes() {
        return bytes;
    }
}
