package dev.tokencache.cache;

import dev.tokencache.TokenCacheException;
import dev.tokencache.TokenKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * The most-read names, kept between starts: names only, one a line, in a file of mode 0600 that is replaced whole. What is
 * in it is a hint; lines that are no keys are passed over.
 */
final class WarmList {
    private static final int MAX_NAMES = 10_000;
    private static final long MAX_FILE_BYTES = MAX_NAMES * (TokenKey.MAX_PROJECT + TokenKey.MAX_FILENAME + 2L);

    private final Path file;

    WarmList(Path file) {
        this.file = file;
    }

    /** The names with the most reads, most first; halves the reads, so that old demand fades. On the event loop. */
    static List<String> mostRead(FileIndex index) {
        List<FileRecord> read = new ArrayList<>();
        for (ProjectState project : index.unsorted()) {
            for (FileRecord record : project.files) {
                if (record.reads > 0) {
                    read.add(record);
                }
            }
        }
        read.sort(Comparator.comparingInt((FileRecord record) -> record.reads).reversed());
        List<String> names =
                read.stream().limit(MAX_NAMES).map(record -> record.key).toList();
        read.forEach(record -> record.reads /= 2);
        return names;
    }

    /** Reads the names; none when there is no file. Blocking. */
    List<TokenKey> load() throws IOException {
        List<TokenKey> keys = new ArrayList<>();
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MAX_FILE_BYTES) {
            return keys;
        }
        for (String line : new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\n", -1)) {
            try {
                if (keys.size() < MAX_NAMES) {
                    keys.add(TokenKey.parse(line));
                }
            } catch (TokenCacheException e) {
                // Not a key: an edited or damaged line is passed over.
            }
        }
        return keys;
    }

    /** Replaces the file. Blocking. */
    void save(List<String> names) throws IOException {
        Path temp = file.resolveSibling(file.getFileName() + ".tmp");
        Files.deleteIfExists(temp);
        try (FileChannel out = FileChannel.open(
                temp,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = ByteBuffer.wrap(String.join("\n", names).getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        }
        Files.move(temp, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
