package dev.tokencache.file;

import java.nio.file.NoSuchFileException;

/** A link leads nowhere, or what it leads through was exchanged during the walk. */
final class LinkBrokenException extends NoSuchFileException {
    private static final long serialVersionUID = 1L;

    LinkBrokenException() {
        super("link");
    }
}
