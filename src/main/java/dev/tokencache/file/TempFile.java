package dev.tokencache.file;

import dev.tokencache.Fingerprint;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A new version on its way to its name: written beside it and made durable first. Closing removes it, unless it took its
 * name. For one worker thread, which holds the project's lock.
 */
final class TempFile implements Closeable {
    private static final Set<OpenOption> CREATE =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    private static final int ATTEMPTS = 4;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ProjectDirectory project;
    private final Path name;
    private BasicFileAttributes attributes;
    private boolean present = true;

    private TempFile(ProjectDirectory project, Path name) {
        this.project = project;
        this.name = name;
    }

    /** A name nobody else has. */
    static String randomName() {
        byte[] random = new byte[12];
        RANDOM.nextBytes(random);
        return OwnFiles.TEMP_PREFIX + HexFormat.of().formatHex(random) + ".tmp";
    }

    /** Writes bytes to a new file, mode 0600, and makes them durable. On a failure nothing is left. */
    static TempFile write(ProjectDirectory project, Supplier<String> names, byte[] bytes) throws IOException {
        for (int attempt = 1; ; attempt++) {
            Path name = Path.of(names.get());
            try {
                return write(project, name, bytes);
            } catch (FileAlreadyExistsException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static TempFile write(ProjectDirectory project, Path name, byte[] bytes) throws IOException {
        TempFile temp = new TempFile(project, name);
        boolean complete = false;
        try (FileChannel channel = project.create(name, CREATE)) {
            try {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
                temp.attributes = temp.entry(name).attributes();
                complete = true;
                return temp;
            } finally {
                if (!complete) {
                    temp.close();
                }
            }
        }
    }

    /** Takes a name in one step; whatever held it is gone then. */
    void renameTo(String filename) throws IOException {
        project.stream().move(name, project.stream(), Path.of(filename));
        present = false;
    }

    /**
     * Takes a name unless anything holds it: renaming would replace that silently.
     *
     * @return whether the name was free
     */
    boolean linkTo(String filename) throws IOException {
        try {
            Files.createLink(project.path().resolve(filename), project.path().resolve(name));
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (NoSuchFileException | AccessDeniedException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) {
            return reserve(filename);
        }
        close();
        return true;
    }

    /** Where there are no hard links: an empty file reserves the name. A reader that meets it waits and reads again. */
    boolean reserve(String filename) throws IOException {
        Path target = Path.of(filename);
        try {
            project.create(target, CREATE).close();
        } catch (FileAlreadyExistsException e) {
            return false;
        }
        try {
            renameTo(filename);
            return true;
        } finally {
            if (present) {
                project.stream().deleteFile(target);
            }
        }
    }

    /** The fingerprint of what was written, after it took a name, or null when the name stands for something else now. */
    Fingerprint fingerprintAt(String filename) throws IOException {
        Located entry = project.entry(filename);
        if (entry == null
                || !attributes.fileKey().equals(entry.attributes().fileKey())
                || attributes.size() != entry.attributes().size()
                || !attributes.lastModifiedTime().equals(entry.attributes().lastModifiedTime())) {
            return null;
        }
        return Fingerprints.orNull(entry);
    }

    private Located entry(Path which) throws IOException {
        Located entry = project.entry(which.toString());
        if (entry == null) {
            throw new NoSuchFileException("temp");
        }
        return entry;
    }

    @Override
    public void close() throws IOException {
        if (present) {
            present = false;
            try {
                project.stream().deleteFile(name);
            } catch (NoSuchFileException e) {
                // somebody tidied up
            }
        }
    }
}
