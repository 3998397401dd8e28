package dev.tokencache.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * One project's directory, held open, so that names in it can be walked without ever leaving it. Blocking; for one worker
 * thread.
 */
final class ProjectDirectory implements Closeable {
    private static final Path SELF = Path.of(".");
    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ);
    private static final Set<PosixFilePermission> OWNER_ONLY =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final Path path;
    private final SecureDirectoryStream<Path> stream;

    private ProjectDirectory(Path path, SecureDirectoryStream<Path> stream) {
        this.path = path;
        this.stream = stream;
    }

    /**
     * Opens a project's directory. The root may be reached through links, the project may not be one.
     *
     * @throws RootUnreadableException when the root is absent or can't be read: that is not an absent project
     * @throws ProjectAbsentException when the project is absent, or is no directory
     */
    static ProjectDirectory open(Path root, String project) throws IOException {
        try (SecureDirectoryStream<Path> top = openRoot(root)) {
            Path name = Path.of(project);
            if (!attributes(top, name).isDirectory()) {
                throw new ProjectAbsentException();
            }
            return new ProjectDirectory(root.resolve(name), top.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException | NotDirectoryException e) {
            throw new ProjectAbsentException();
        }
    }

    @SuppressWarnings({"resource", "StreamResourceLeak"}) // the caller closes what is returned
    static SecureDirectoryStream<Path> openRoot(Path root) throws RootUnreadableException {
        try {
            DirectoryStream<Path> stream = Files.newDirectoryStream(root);
            if (stream instanceof SecureDirectoryStream<Path> secure) {
                return secure;
            }
            stream.close();
            throw new RootUnreadableException(new IOException("no secure directory streams on this file system"));
        } catch (IOException e) {
            throw e instanceof RootUnreadableException known ? known : new RootUnreadableException(e);
        }
    }

    Path path() {
        return path;
    }

    /** The open directory, for calls relative to it. Its entries can be iterated once. */
    SecureDirectoryStream<Path> stream() {
        return stream;
    }

    /** Device and inode of the open directory. */
    Object fileKey() throws IOException {
        return stream.getFileAttributeView(BasicFileAttributeView.class)
                .readAttributes()
                .fileKey();
    }

    /** Whether the open directory is still the one at its path: what is written to a moved or removed one is lost. */
    boolean isInPlace() throws IOException {
        try {
            BasicFileAttributes there =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return there.isDirectory() && fileKey().equals(there.fileKey());
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /**
     * What is at a name, links not followed, or null when nothing is. It holds nothing open of its own.
     *
     * @throws IOException when that can't be told
     */
    Located entry(String filename) throws IOException {
        try {
            Path name = Path.of(filename);
            return new Located(stream, path, name, attributes(stream, name), false, false);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /**
     * Creates a file with mode 0600 whatever the umask.
     *
     * @param options with CREATE_NEW and NOFOLLOW_LINKS
     * @throws java.nio.file.FileAlreadyExistsException when the name is held by anything
     */
    FileChannel create(Path name, Set<OpenOption> options) throws IOException {
        FileChannel channel =
                (FileChannel) stream.newByteChannel(name, options, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            stream.getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setPermissions(OWNER_ONLY);
            return channel;
        } catch (IOException e) {
            channel.close();
            stream.deleteFile(name);
            throw e;
        }
    }

    /** Makes the directory's entries durable. */
    void sync() throws IOException {
        try (FileChannel channel = (FileChannel) stream.newByteChannel(SELF, READ)) {
            channel.force(true);
        }
    }

    /** Makes the directory's own name durable. */
    void syncRoot() throws IOException {
        try (FileChannel channel = FileChannel.open(path.getParent(), READ)) {
            channel.force(true);
        }
    }

    /**
     * Walks a name to what it stands for, see {@link LinkWalk}.
     *
     * @return where it is and what it is there, to be closed; never a link
     * @throws NoSuchFileException when there is nothing of that name, or a link leads nowhere
     * @throws LinkRefusedException when a link leaves the directory, goes up, or there are too many
     * @throws PathMovedException when a link is not at the directory's path: one of them is being exchanged
     */
    Located locate(Path name) throws IOException {
        return LinkWalk.locate(this, name);
    }

    /**
     * Walks a name to the regular file it leads to. Nothing else is a token.
     *
     * @throws NoSuchFileException when it leads to none; else as {@link #locate}
     */
    Located locateFile(Path name) throws IOException {
        Located found = locate(name);
        if (!found.attributes().isRegularFile()) {
            found.close();
            throw new NoSuchFileException("file");
        }
        return found;
    }

    /** What is at a name of an open directory, links not followed. */
    static BasicFileAttributes attributes(SecureDirectoryStream<Path> directory, Path name) throws IOException {
        return directory
                .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
