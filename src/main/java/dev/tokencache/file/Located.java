package dev.tokencache.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * What a name of a project stands for.
 *
 * @param directory the open directory that holds it; closed with this when it is not the project's own
 * @param directoryPath the path that directory was reached by, without links below the project
 * @param name its name there
 * @param attributes what it is, not followed
 * @param linked whether a link led to it
 * @param owned whether {@code directory} was opened for this alone
 */
record Located(
        SecureDirectoryStream<Path> directory,
        Path directoryPath,
        Path name,
        BasicFileAttributes attributes,
        boolean linked,
        boolean owned)
        implements Closeable {
    Path path() {
        return directoryPath.resolve(name);
    }

    /** Reads the attributes again, through the open directory. */
    BasicFileAttributes currentAttributes() throws IOException {
        return ProjectDirectory.attributes(directory, name);
    }

    @Override
    public void close() throws IOException {
        if (owned) {
            directory.close();
        }
    }
}
