package dev.tokencache.auth;

/**
 * A configured key, key set or revocation list that can't be used. The message names which one (the id from the
 * configuration) and the reason; never a path, and never a byte of what was read, which is why it has no cause.
 */
public class KeyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message which key and why, fit for a log */
    public KeyException(String message) {
        super(message);
    }
}
