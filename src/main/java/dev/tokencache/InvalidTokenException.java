package dev.tokencache;

import java.util.Objects;

/**
 * {@link Failure#INVALID_TOKEN_FILE} with what is known of the file: why, where, and of which version. It never holds
 * content. Over the bus only the failure travels; the details stay with the cache, which lists them as metadata.
 */
public final class InvalidTokenException extends TokenCacheException {
    private static final long serialVersionUID = 1L;

    private final String reason;
    private final int line;
    private final int column;
    private final transient Fingerprint fingerprint;

    /**
     * @param reason machine name of the reason, such as {@code too_large} or {@code duplicate_key}, not null
     * @param line line of the fault from 1, or 0 when the fault has no place
     * @param column column of the fault from 1, or 0 when the fault has no place
     * @param fingerprint of the version that was read, or null when the bytes came from no file
     */
    public InvalidTokenException(String reason, int line, int column, Fingerprint fingerprint) {
        super(Failure.INVALID_TOKEN_FILE);
        this.reason = Objects.requireNonNull(reason);
        this.line = line;
        this.column = column;
        this.fingerprint = fingerprint;
    }

    public String reason() {
        return reason;
    }

    public int line() {
        return line;
    }

    public int column() {
        return column;
    }

    /** The version of the file that was read, or null. */
    public Fingerprint fingerprint() {
        return fingerprint;
    }
}
