package dev.tokencache.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;

/** What other programs do to a root of token files, without checked exceptions. */
final class Disk {
    private final Path root;

    Disk(Path root) {
        this.root = root;
    }

    Path path(String name) {
        return root.resolve(name);
    }

    /** Writes in place, creating what is missing. */
    Path write(String name, String content) {
        return io(() -> {
            Files.createDirectories(path(name).getParent());
            return Files.writeString(path(name), content);
        });
    }

    /** Overwrites the first bytes in place and restores both settable times. */
    void overwriteKeepingTimes(String name, String content) {
        io(() -> {
            FileTime modified = Files.getLastModifiedTime(path(name));
            Files.writeString(path(name), content, StandardOpenOption.WRITE);
            return Files.setLastModifiedTime(path(name), modified);
        });
    }

    /** Writes a temp file and renames it over. */
    void replace(String name, String content) {
        io(() -> {
            Path temp = Files.writeString(path(name + ".tmp"), content);
            return Files.move(temp, path(name), StandardCopyOption.ATOMIC_MOVE);
        });
    }

    void move(String from, String to) {
        io(() -> Files.move(path(from), path(to), StandardCopyOption.ATOMIC_MOVE));
    }

    void delete(String name) {
        io(() -> {
            Files.delete(path(name));
            return null;
        });
    }

    void link(String name, String target) {
        io(() -> Files.createSymbolicLink(path(name), Path.of(target)));
    }

    void directory(String name) {
        io(() -> Files.createDirectories(path(name)));
    }

    void touch(String name, long millis) {
        io(() -> Files.setLastModifiedTime(path(name), FileTime.fromMillis(millis)));
    }

    void deleteProject(String name) {
        io(() -> {
            try (var entries = Files.list(path(name))) {
                for (Path entry : entries.toList()) {
                    Files.delete(entry);
                }
            }
            Files.delete(path(name));
            return null;
        });
    }

    private static <T> T io(Action<T> action) {
        try {
            return action.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Action<T> {
        T run() throws IOException;
    }
}
