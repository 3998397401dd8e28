package dev.tokencache.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * The reference point {@code nio}: one thread that goes through a root with plain Java NIO and does what no cache of files can
 * do without, in directory order. Each returns how many files it saw.
 */
final class NioWork {
    private static final String ATTRIBUTES = "unix:ino,size,lastModifiedTime,ctime";

    private NioWork() {}

    /** Looks at every file. */
    static int scan(Path root) throws IOException {
        return each(root, false);
    }

    /** Looks at every file, and reads it. */
    static int read(Path root) throws IOException {
        return each(root, true);
    }

    private static int each(Path root, boolean reads) throws IOException {
        int files = 0;
        try (DirectoryStream<Path> projects = Files.newDirectoryStream(root)) {
            for (Path project : projects) {
                try (DirectoryStream<Path> tokens = Files.newDirectoryStream(project)) {
                    for (Path token : tokens) {
                        look(token);
                        if (reads && Files.readAllBytes(token).length == 0) {
                            throw new IOException("a token file is empty");
                        }
                        files++;
                    }
                }
            }
        }
        return files;
    }

    private static void look(Path token) throws IOException {
        if (Files.readAttributes(token, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS).isEmpty()) {
            throw new IOException("a file without attributes");
        }
    }
}
