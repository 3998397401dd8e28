package dev.tokencache.auth;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Set;

/** The file of a signing key: base64url text of at least 32 bytes. All methods block. */
public final class SigningKeyFile {
    /** Length of a generated key, in bytes. */
    public static final int KEY_BYTES = 32;

    private static final int MAX_FILE_BYTES = 64 * 1024;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final SecureRandom RANDOM = new SecureRandom();

    private SigningKeyFile() {}

    /**
     * Makes a random 256-bit key in a new file, readable and writable by its owner alone whatever the umask. The file
     * appears whole or not at all, and is on the disk when this returns.
     *
     * @return the key's bytes
     * @throws FileAlreadyExistsException when there is something of that name, a dangling link included; it stays as it is
     * @throws IOException when it can't be written
     */
    public static byte[] generate(Path file) throws IOException {
        byte[] key = new byte[KEY_BYTES];
        RANDOM.nextBytes(key);
        byte[] text = (Base64Url.encode(key) + "\n").getBytes(StandardCharsets.US_ASCII);
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException("key file");
        }
        Path absolute = file.toAbsolutePath();
        Path temporary = absolute.resolveSibling("." + absolute.getFileName() + "." + suffix());
        write(temporary, text);
        try {
            publish(temporary, absolute, text);
        } finally {
            Files.deleteIfExists(temporary);
            Arrays.fill(text, (byte) 0);
        }
        sync(absolute.getParent());
        return key;
    }

    /**
     * Reads a key.
     *
     * @return its bytes, at least 32
     * @throws KeyException when the file is missing, unreadable, malformed, short or a sample
     */
    public static byte[] read(Path file) {
        return read("signing key", file);
    }

    /**
     * Reads a key that is for something else.
     *
     * @param name what to call it in a failure
     * @return its bytes, at least 32
     * @throws KeyException like {@link #read(Path)}
     */
    public static byte[] read(String name, Path file) {
        byte[] text = KeyBytes.read(name, file, MAX_FILE_BYTES);
        return SecretText.decode(name, new String(text, StandardCharsets.ISO_8859_1));
    }

    private static String suffix() {
        byte[] random = new byte[9];
        RANDOM.nextBytes(random);
        return Base64Url.encode(random);
    }

    /** A rename would replace a key that another process has just made; a link never does. */
    private static void publish(Path temporary, Path file, byte[] text) throws IOException {
        try {
            Files.createLink(file, temporary);
        } catch (FileAlreadyExistsException e) {
            throw new FileAlreadyExistsException("key file");
        } catch (UnsupportedOperationException | FileSystemException e) {
            write(file, text);
        }
    }

    private static void write(Path file, byte[] text) throws IOException {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes = posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
        try (FileChannel channel =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
            // The umask can only have taken bits away.
            if (posix && !Files.getPosixFilePermissions(file).equals(OWNER_ONLY)) {
                Files.setPosixFilePermissions(file, OWNER_ONLY);
            }
            ByteBuffer buffer = ByteBuffer.wrap(text);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        } catch (FileAlreadyExistsException e) {
            throw new FileAlreadyExistsException("key file");
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw unwritable(e);
        }
    }

    /** The JDK's messages hold the path. */
    private static IOException unwritable(IOException e) {
        return new IOException("key file: can't be written (" + e.getClass().getSimpleName() + ")");
    }

    private static void sync(Path directory) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Some systems can't open directories; then the file's own sync has to do.
            System.getLogger(SigningKeyFile.class.getName()).log(System.Logger.Level.DEBUG, "directory not synced");
        }
    }
}
