package dev.tokencache.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files and directories for their owner alone, from creation and whatever the umask. Blocking. */
final class PrivateFiles {
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwx------");

    private PrivateFiles() {}

    /** Makes a directory with mode 0700; its parent exists, it does not. */
    static void createDirectory(Path directory) throws IOException {
        Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(DIRECTORY));
        Files.setPosixFilePermissions(directory, DIRECTORY); // a umask may have taken the owner's bits
    }

    /** Opens a file for writing, making it with mode 0600 when it is absent; a link is refused. */
    static FileChannel open(Path file) throws IOException {
        return open(file, StandardOpenOption.CREATE);
    }

    /** Replaces a file's content with one rename, on the disk when this returns; another process sees old or new. */
    static void replace(Path file, byte[] content) throws IOException {
        Path temporary = writeTemporary(file, content);
        try {
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
        sync(file);
    }

    /**
     * Makes a file whole or not at all.
     *
     * @throws java.nio.file.FileAlreadyExistsException when there is something of that name; it stays as it is
     */
    static void create(Path file, byte[] content) throws IOException {
        Path temporary = writeTemporary(file, content);
        try {
            Files.createLink(file, temporary);
        } finally {
            Files.deleteIfExists(temporary);
        }
        sync(file);
    }

    private static Path writeTemporary(Path file, byte[] content) throws IOException {
        Path temporary = file.resolveSibling(
                "." + file.getFileName() + "." + ProcessHandle.current().pid());
        Files.deleteIfExists(temporary); // what a killed process of the same number left
        try (FileChannel channel = open(temporary, StandardOpenOption.CREATE_NEW)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        return temporary;
    }

    private static FileChannel open(Path file, OpenOption creation) throws IOException {
        FileChannel channel = FileChannel.open(
                file,
                Set.of(creation, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(FILE));
        Files.setPosixFilePermissions(file, FILE);
        return channel;
    }

    private static void sync(Path file) throws IOException {
        try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /** Whether anybody but the owner may write it. */
    static boolean othersCanWrite(Path path) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
        return permissions.contains(PosixFilePermission.GROUP_WRITE)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE);
    }
}
