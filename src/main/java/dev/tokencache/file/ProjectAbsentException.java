package dev.tokencache.file;

import java.nio.file.NoSuchFileException;

/** There is no project of that name. */
final class ProjectAbsentException extends NoSuchFileException {
    private static final long serialVersionUID = 1L;

    ProjectAbsentException() {
        super("project");
    }
}
