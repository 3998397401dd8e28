package dev.tokencache.tls;

/** The files for TLS can't be used. Its message is one line for the operator, without paths and content. */
public final class TlsException extends Exception {
    private static final long serialVersionUID = 1L;

    public TlsException(String message) {
        super(message);
    }
}
