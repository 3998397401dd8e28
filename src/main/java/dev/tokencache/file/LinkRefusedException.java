package dev.tokencache.file;

import java.nio.file.NoSuchFileException;

/** A link leaves the project's directory: such a name is answered like an absent one, and counted. */
final class LinkRefusedException extends NoSuchFileException {
    private static final long serialVersionUID = 1L;

    LinkRefusedException() {
        super("link");
    }
}
