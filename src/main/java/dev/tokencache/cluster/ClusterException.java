package dev.tokencache.cluster;

/** A node can't join: the message is one line for the operator and holds no secret and no path. */
public final class ClusterException extends Exception {
    private static final long serialVersionUID = 1L;

    ClusterException(String message) {
        super(message);
    }

    ClusterException(String message, Throwable cause) {
        super(message, cause);
    }
}
