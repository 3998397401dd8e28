package dev.tokencache.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A file of lines that grows to a size and is then set aside: {@code audit.log}, before that {@code audit.log.1}, and so on.
 * 0600 whatever the umask; never through a link. Blocking; for one thread at a time, and one process.
 */
final class AuditFile implements AutoCloseable {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final Path path;
    private final long maxBytes;
    private final int oldFiles;
    private FileChannel channel;
    private Object key;
    private long size;

    /**
     * Opens the file, or makes it.
     *
     * @param maxBytes it is set aside before it grows beyond that
     * @param oldFiles how many of those set aside are kept; 0 for none
     * @throws IOException when it can't be written, or something else than a regular file has its name
     */
    AuditFile(Path path, long maxBytes, int oldFiles) throws IOException {
        this.path = path;
        this.maxBytes = maxBytes;
        this.oldFiles = oldFiles;
        open();
    }

    private void open() throws IOException {
        FileChannel opened = FileChannel.open(
                path,
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            BasicFileAttributes attributes = attributes();
            if (!attributes.isRegularFile()) {
                throw new IOException("not a regular file");
            }
            Files.setPosixFilePermissions(path, OWNER_ONLY);
            key = attributes.fileKey();
            size = opened.size();
            channel = opened;
            endTornLine();
        } catch (IOException e) {
            channel = null;
            opened.close();
            throw e;
        }
    }

    private BasicFileAttributes attributes() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /** A process that was killed may have left half a line; the next one begins on its own. */
    private void endTornLine() throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        if (size > 0 && channel.read(last, size - 1) == 1 && last.get(0) != '\n') {
            write(ByteBuffer.wrap(new byte[] {'\n'}));
        }
    }

    /**
     * Adds whole lines, all or none of them. A file that somebody has moved or deleted meanwhile is made anew.
     *
     * @param sync whether they are on the disk when this returns
     * @throws IOException when they can't be written; a later call may go well
     */
    void append(byte[] lines, boolean sync) throws IOException {
        if (channel == null || !isStillThere()) {
            close();
            open();
        }
        if (size > 0 && size + lines.length > maxBytes) {
            setAside();
        }
        write(ByteBuffer.wrap(lines));
        if (sync) {
            channel.force(false);
        }
    }

    private boolean isStillThere() {
        try {
            return attributes().fileKey().equals(key);
        } catch (IOException e) {
            return false;
        }
    }

    private void write(ByteBuffer bytes) throws IOException {
        long end = size;
        try {
            while (bytes.hasRemaining()) {
                end += channel.write(bytes, end);
            }
            size = end;
        } catch (IOException e) {
            // No half line, should it be possible; if not, the next opening ends it.
            FileChannel torn = channel;
            channel = null;
            try (torn) {
                torn.truncate(size);
            }
            throw e;
        }
    }

    private void setAside() throws IOException {
        channel.force(true);
        close();
        if (oldFiles == 0) {
            Files.delete(path);
        }
        for (int i = oldFiles; i > 0; i--) {
            Path from = i == 1 ? path : old(i - 1);
            if (Files.exists(from, LinkOption.NOFOLLOW_LINKS)) {
                Files.move(from, old(i), StandardCopyOption.ATOMIC_MOVE);
            }
        }
        open();
    }

    private Path old(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }

    /** Closes it; {@link #append} opens it again. */
    @Override
    public void close() throws IOException {
        if (channel != null) {
            FileChannel closing = channel;
            channel = null;
            closing.close();
        }
    }
}
