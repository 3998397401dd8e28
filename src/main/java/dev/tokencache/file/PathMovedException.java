package dev.tokencache.file;

import java.io.IOException;

/** The directory that was opened is no longer what its path leads to, or a file came back this moment: look again. */
final class PathMovedException extends IOException {
    private static final long serialVersionUID = 1L;

    PathMovedException() {
        super("path");
    }
}
