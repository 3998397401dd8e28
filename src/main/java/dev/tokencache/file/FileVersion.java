package dev.tokencache.file;

import dev.tokencache.Fingerprint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** One complete version of a file, whatever it holds. The bytes are handed on, not copied. */
final class FileVersion {
    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

    /** Longer than any kernel's clock tick: a file changed less long ago may change again under an equal fingerprint. */
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

    private final byte[] bytes;
    private final Fingerprint fingerprint;

    private FileVersion(byte[] bytes, Fingerprint fingerprint) {
        this.bytes = bytes;
        this.fingerprint = fingerprint;
    }

    /** The file's bytes, or null when it is larger than the reader allowed. */
    byte[] bytes() {
        return bytes;
    }

    /** The fingerprint of exactly this version. */
    Fingerprint fingerprint() {
        return fingerprint;
    }

    /**
     * Reads a regular file once, between two equal fingerprints. Blocking.
     *
     * @param file a regular file that was located just now
     * @param maxBytes a larger file is not opened
     * @return null when the file was changed or exchanged meanwhile: the caller walks and reads again
     */
    static FileVersion read(Located file, long maxBytes) throws IOException {
        try {
            Fingerprint seen = Fingerprints.ofJustLocated(file);
            return seen == null ? null : read(file, seen, maxBytes);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Reads as {@link #read(Located, long)} does, the version whose fingerprint was just taken. */
    static FileVersion read(Located file, Fingerprint seen, long maxBytes) throws IOException {
        if (seen.size() > Math.min(maxBytes, MAX_ARRAY)) {
            return new FileVersion(null, seen);
        }
        try {
            byte[] bytes = content(file.directory(), file.name(), seen);
            return bytes != null && seen.equals(Fingerprints.of(file)) ? new FileVersion(bytes, seen) : null;
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /**
     * Reads a regular file as {@link #read(Located, long)} does, without a walk before: three looks instead of four. Nobody can have
     * put the file into the open directory, nor taken it out, between the two by path: that changes its change time. So one look
     * there, after the reading, says that it is what was read. Blocking.
     *
     * @param path where the directory was opened, and the file's name
     * @param maxBytes a larger file is not read
     * @return null when that doesn't say what the name stands for
     */
    static FileVersion readPlain(SecureDirectoryStream<Path> directory, Path path, long maxBytes) throws IOException {
        try {
            Fingerprint seen = Fingerprints.ofRegularFile(path);
            if (seen == null || seen.size() > Math.min(maxBytes, MAX_ARRAY)) {
                return null;
            }
            byte[] bytes = content(directory, path.getFileName(), seen);
            return bytes != null && seen.equals(Fingerprints.of(directory, path)) ? new FileVersion(bytes, seen) : null;
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static byte[] content(SecureDirectoryStream<Path> directory, Path name, Fingerprint expected)
            throws IOException {
        try (SeekableByteChannel channel = directory.newByteChannel(name, READ)) {
            byte[] bytes = new byte[(int) expected.size()];
            if (!fill(channel, bytes)) {
                return null;
            }
            if (isFresh(expected) && !repeats(channel, bytes)) {
                return null;
            }
            return bytes;
        }
    }

    /**
     * A second reading of a file that was changed within the last tick or so. A mix of two versions exists in one
     * reading's passing only, not on the disk, unless a writer overwrites in place: so it is not read twice.
     */
    private static boolean repeats(SeekableByteChannel channel, byte[] bytes) throws IOException {
        byte[] again = new byte[bytes.length];
        channel.position(0);
        return fill(channel, again) && Arrays.equals(bytes, again);
    }

    private static boolean isFresh(Fingerprint fingerprint) {
        long now = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
        return fingerprint.changedNanos() > now - FRESH_NANOS;
    }

    private static boolean fill(SeekableByteChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                return false;
            }
        }
        return true;
    }
}
