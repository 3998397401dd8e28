package dev.tokencache.file;

import java.io.IOException;

/** The root itself is absent or unreadable: an error, never an empty root. */
final class RootUnreadableException extends IOException {
    private static final long serialVersionUID = 1L;

    RootUnreadableException(IOException cause) {
        super("root", cause);
    }
}
