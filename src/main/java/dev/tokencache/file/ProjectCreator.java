package dev.tokencache.file;

import dev.tokencache.Failure;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Opens a project's directory for writing and creates it when it is absent. Its name is made durable by {@link ProjectLock}, the
 * first time anybody writes in it. Blocking.
 */
final class ProjectCreator {
    private static final int ATTEMPTS = 3;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private ProjectCreator() {}

    /**
     * Opens a project, creating it with mode 0700 first if need be.
     *
     * @throws RootUnreadableException when the root is absent: that one is never created
     * @throws dev.tokencache.TokenCacheException {@link Failure#NOT_REPLACEABLE} when the name is held by something else
     */
    static ProjectDirectory openOrCreate(Path root, String project) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                return ProjectDirectory.open(root, project);
            } catch (ProjectAbsentException e) {
                create(root, root.resolve(project));
            }
        }
        // Removed as often as it was made, or held by something else.
        throw (isHeld(root.resolve(project)) ? Failure.NOT_REPLACEABLE : Failure.STORAGE_BUSY).exception();
    }

    /** One look: between two a directory that comes and goes would be there first and none then. */
    private static boolean isHeld(Path path) throws IOException {
        try {
            return !Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isDirectory();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static void create(Path root, Path path) throws IOException {
        try {
            Files.createDirectory(path, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } catch (FileAlreadyExistsException e) {
            return; // another writer was first; or it is no directory
        }
        try (ProjectDirectory made =
                ProjectDirectory.open(root, path.getFileName().toString())) {
            made.stream().getFileAttributeView(PosixFileAttributeView.class).setPermissions(OWNER_ONLY);
        } catch (ProjectAbsentException e) {
            // removed again already
        }
    }
}
