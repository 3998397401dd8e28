package dev.tokencache.history;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.tokencache.history.Edit.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.Lock;

/** A program that knows nothing of the cache and edits files its own way, turn after turn. */
final class OutsideWriter implements Actor {
    private static final List<Integer> KEYS = Keys.editedBy(Keys.Role.OUTSIDE, Keys.Role.IN_TURN, Keys.Role.AT_ONCE);

    private final Style style;
    private final Path root;
    private final KeyLocks locks;
    private final Recorder recorder;
    private final Random random;

    /** The ways of editing. */
    enum Style {
        IN_PLACE,
        RENAME_OVER,
        DELETE_AND_CREATE,
        SAME_LENGTH_AND_TIME
    }

    OutsideWriter(Style style, Path root, KeyLocks locks, Recorder recorder, Random random) {
        this.style = style;
        this.root = root;
        this.locks = locks;
        this.recorder = recorder;
        this.random = random;
    }

    @Override
    public void act() throws IOException {
        int key = Keys.pick(random, KEYS);
        Path file = root.resolve(Keys.projectName(Keys.project(key))).resolve(Keys.filename(key));
        Lock lock = locks.ofOutsiders(key);
        lock.lock();
        try {
            switch (style) {
                case IN_PLACE -> truncate(key, file);
                case RENAME_OVER -> renameOver(key, file);
                case DELETE_AND_CREATE -> deleteAndCreate(key, file);
                case SAME_LENGTH_AND_TIME -> overwrite(key, file);
            }
        } finally {
            lock.unlock();
        }
    }

    private static byte[] content(int key, Recorder.Draft edit) {
        return Value.file(key, edit.version()).getBytes(StandardCharsets.US_ASCII);
    }

    private void truncate(int key, Path file) throws IOException {
        Recorder.Draft edit = recorder.begin(key, Kind.TRUNCATE);
        Files.write(file, content(key, edit));
        edit.done();
    }

    private void renameOver(int key, Path file) throws IOException {
        Recorder.Draft edit = recorder.begin(key, Kind.RENAME);
        Path temporary = file.resolveSibling("." + key + ".new");
        Files.write(temporary, content(key, edit));
        Files.move(temporary, file, ATOMIC_MOVE);
        edit.done();
    }

    /** Both at once, where the file system takes the same inode again, or each in a turn of its own. */
    private void deleteAndCreate(int key, Path file) throws IOException {
        boolean there = Files.exists(file);
        if (there) {
            Recorder.Draft edit = recorder.begin(key, Kind.DELETE);
            Files.deleteIfExists(file);
            edit.done();
        }
        if (!there || random.nextBoolean()) {
            Recorder.Draft edit = recorder.begin(key, Kind.CREATE);
            Files.write(file, content(key, edit));
            edit.done();
        }
    }

    /** In two steps, so that the first half of the new version meets the second half of the old one. */
    private void overwrite(int key, Path file) throws IOException {
        FileTime before = modified(file);
        Recorder.Draft edit = recorder.begin(key, Kind.OVERWRITE);
        byte[] content = content(key, edit);
        try (FileChannel channel = FileChannel.open(file, WRITE, CREATE)) {
            write(channel, ByteBuffer.wrap(content, 0, content.length / 2));
            write(channel, ByteBuffer.wrap(content, content.length / 2, content.length - content.length / 2));
            channel.truncate(content.length);
        }
        if (before != null) {
            try {
                Files.setLastModifiedTime(file, before);
            } catch (NoSuchFileException e) {
                // removed through the cache meanwhile
            }
        }
        edit.done();
    }

    private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static FileTime modified(Path file) throws IOException {
        try {
            return Files.getLastModifiedTime(file);
        } catch (NoSuchFileException e) {
            return null;
        }
    }
}
