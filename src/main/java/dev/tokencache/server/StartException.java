package dev.tokencache.server;

/** A command can't do what it was asked to. The message is one line for the operator, without secrets. */
final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    StartException(String message) {
        super(message);
    }
}
