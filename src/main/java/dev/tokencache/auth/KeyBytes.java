package dev.tokencache.auth;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads small files that say who may. Blocking. */
final class KeyBytes {
    private KeyBytes() {}

    /**
     * A file's bytes. Links are followed: mounted secrets are links.
     *
     * @param name what to call it in a failure
     * @param limit the most bytes it may have
     * @throws KeyException when it is missing, not a regular file, unreadable or larger
     */
    static byte[] read(String name, Path file, int limit) {
        try {
            // Opening a FIFO would wait for a writer.
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw new KeyException(name + ": not a regular file");
            }
            try (InputStream in = Files.newInputStream(file)) {
                byte[] bytes = in.readNBytes(limit + 1);
                if (bytes.length > limit) {
                    throw new KeyException(name + ": larger than " + limit + " bytes");
                }
                return bytes;
            }
        } catch (NoSuchFileException e) {
            throw new KeyException(name + ": the file is missing");
        } catch (IOException | SecurityException e) {
            throw new KeyException(name + ": the file is unreadable");
        }
    }
}
