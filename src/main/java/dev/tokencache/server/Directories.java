package dev.tokencache.server;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The rules for the two directories the configuration names: {@code root} and {@code stateDir}. Blocking. */
final class Directories {
    private Directories() {}

    /**
     * Makes a directory (0700) unless it exists; its parent must.
     *
     * @param key the configuration's name for it, which stands for its path in the message
     * @return its real path
     * @throws StartException when it can't be made, or something else is there
     */
    static Path prepare(String key, Path path) throws StartException {
        Path absolute = path.toAbsolutePath().normalize();
        if (!Files.isDirectory(absolute)) {
            create(key, absolute);
        }
        return real(key, absolute);
    }

    private static void create(String key, Path absolute) throws StartException {
        Path parent = absolute.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new StartException(key + ": neither the directory nor its parent exists");
        }
        try {
            PrivateFiles.createDirectory(absolute);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(absolute)) {
                throw new StartException(key + ": something that is no directory has its name");
            }
        } catch (AccessDeniedException e) {
            throw new StartException(key + ": no permission to make the directory");
        } catch (IOException e) {
            throw new StartException(key + ": the directory can't be made");
        }
    }

    private static Path real(String key, Path path) throws StartException {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            throw new StartException(key + ": the directory can't be reached");
        }
    }

    /**
     * Refuses one of the directories inside the other, wherever links lead; either may be absent yet.
     *
     * @throws StartException when they overlap
     */
    static void requireApart(Path root, Path stateDir) throws StartException {
        Path realRoot = realOrFuture(root);
        Path realState = realOrFuture(stateDir);
        if (realState.equals(realRoot)) {
            throw new StartException("stateDir: must not be root itself");
        }
        if (realState.startsWith(realRoot)) {
            throw new StartException("stateDir: must not lie inside root");
        }
        if (realRoot.startsWith(realState)) {
            throw new StartException("root: must not lie inside stateDir");
        }
    }

    /** The real path, or what it would be if the rest were made as directories. */
    private static Path realOrFuture(Path path) {
        Path existing = path.toAbsolutePath().normalize();
        Path rest = existing.getFileSystem().getPath("");
        while (true) {
            try {
                return existing.toRealPath().resolve(rest).normalize();
            } catch (IOException e) {
                Path parent = existing.getParent();
                if (parent == null) {
                    return path.toAbsolutePath().normalize();
                }
                rest = existing.getFileName().resolve(rest);
                existing = parent;
            }
        }
    }
}
