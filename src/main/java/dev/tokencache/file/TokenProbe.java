package dev.tokencache.file;

import dev.tokencache.Fingerprint;
import dev.tokencache.content.EtagKey;
import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Looks at one name of a project: what stands there, and whether its fingerprint can be trusted yet. Blocking.
 *
 * <p>A file is <em>racy</em> until {@link #RACY_NANOS} after the look that first saw its fingerprint: a second write
 * within one tick of the kernel's clock leaves the fingerprint alone, so until then the content is hashed too. The look that
 * ends the state hashes a last time, since what was written after the first hash shared its tick.
 */
final class TokenProbe {
    /** How long a fingerprint is not trusted: covers clocks that stamp once in two seconds. */
    static final long RACY_NANOS = TimeUnit.SECONDS.toNanos(3);

    private static final int TRIES = 3;

    private final EtagKey key;
    private final long maxTokenBytes;
    private final LongSupplier nanoTime;

    /** @param nanoTime monotonic, nanoseconds */
    TokenProbe(EtagKey key, long maxTokenBytes, LongSupplier nanoTime) {
        this.key = Objects.requireNonNull(key);
        this.maxTokenBytes = maxTokenBytes;
        this.nanoTime = nanoTime;
    }

    /**
     * What a name stands for.
     *
     * @param state the token file, or null when there is none
     * @param exists whether something has that name
     * @param linked whether it is a symbolic link
     */
    record Sight(FileState state, boolean exists, boolean linked) {
        static final Sight ABSENT = new Sight(null, false, false);

        /** Whether something of that name is there that is not served. */
        boolean ignored() {
            return exists && state == null;
        }
    }

    /** Looks at a name, as the other does. */
    Sight look(ProjectDirectory directory, String filename, FileState before, long agedBefore) throws IOException {
        return look(directory, directory.path().resolve(filename), filename, before, agedBefore);
    }

    /**
     * Looks at a name.
     *
     * @param path where it is: the directory's path and the name
     * @param before what was known of it, or null
     * @param agedBefore stamps before this (nanoseconds since the epoch) were set long ago, by a clock that can be compared
     *     with the wall clock: such a version is trusted on sight. {@code Long.MIN_VALUE} trusts none
     * @throws IOException when it can't be told: that is not an absence
     */
    Sight look(ProjectDirectory directory, Path path, String filename, FileState before, long agedBefore)
            throws IOException {
        // A writer that unlinks and renames lets a name vanish for a moment; a path that was moved stays wrong.
        for (int attempt = 1; attempt < TRIES; attempt++) {
            try {
                return lookOnce(directory, path, filename, before, agedBefore);
            } catch (PathMovedException e) {
                Thread.onSpinWait();
            }
        }
        return lookOnce(directory, path, filename, before, agedBefore);
    }

    private Sight lookOnce(ProjectDirectory directory, Path path, String filename, FileState before, long agedBefore)
            throws IOException {
        long lookNanos = nanoTime.getAsLong();
        Fingerprint seen;
        try {
            seen = Fingerprints.ofRegularFile(path);
        } catch (NoSuchFileException e) {
            return absent(directory, filename);
        }
        if (seen != null && trusted(before, seen, agedBefore)) {
            return new Sight(known(before, seen), true, false);
        }
        try {
            Sight walked = walk(directory, filename, before, lookNanos, agedBefore);
            if (walked != null) {
                return walked;
            }
        } catch (NoSuchFileException e) {
            return seen == null ? new Sight(null, true, true) : absent(directory, filename);
        }
        if (seen == null) {
            throw new IOException("the link is being changed all the time");
        }
        return new Sight(next(before, seen, null, lookNanos), true, false);
    }

    /** A name that is not at its path is absent only if the open directory lacks it too: else the path leads elsewhere. */
    private static Sight absent(ProjectDirectory directory, String filename) throws IOException {
        try {
            directory.stream()
                    .getFileAttributeView(Path.of(filename), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .readAttributes();
        } catch (NoSuchFileException e) {
            return Sight.ABSENT;
        }
        throw new PathMovedException();
    }

    private Sight walk(ProjectDirectory directory, String filename, FileState before, long lookNanos, long agedBefore)
            throws IOException {
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            try (Located file = directory.locate(Path.of(filename))) {
                if (!file.attributes().isRegularFile()) {
                    return new Sight(null, true, file.linked());
                }
                // Located, and not at its path: that says where the path leads, not that the file is gone.
                Fingerprint seen = Fingerprints.orNull(file);
                if (seen == null) {
                    continue;
                }
                if (trusted(before, seen, agedBefore)) {
                    return new Sight(known(before, seen), true, file.linked());
                }
                FileVersion version = version(file, seen);
                // A file that is written without a pause is reported all the same: it stays racy.
                if (version != null || attempt == TRIES) {
                    return new Sight(next(before, seen, version, lookNanos), true, file.linked());
                }
            }
        }
        return null;
    }

    private static boolean trusted(FileState before, Fingerprint seen, long agedBefore) {
        if (before != null && before.fingerprint().equals(seen)) {
            return before.racy() == null;
        }
        return seen.changedNanos() < agedBefore && seen.modifiedNanos() < agedBefore;
    }

    private static FileState known(FileState before, Fingerprint seen) {
        return before != null && before.fingerprint().equals(seen) ? before : new FileState(seen, null);
    }

    /**
     * What is known of a version after a look. A scan may take long, so it is the look's own time that counts: a new racy time
     * begins after the look has seen the fingerprint, and a look that ends one has begun after it.
     *
     * @param version what was read, or null when that could not be done: then nothing is settled by this look
     * @param lookNanos when the look began
     */
    FileState next(FileState before, Fingerprint seen, FileVersion version, long lookNanos) {
        String etag = version == null || version.bytes() == null ? null : key.etag(version.bytes());
        boolean same = before != null
                && before.fingerprint().equals(seen)
                && before.racy() != null
                && (etag == null || etag.equals(before.etag()));
        if (!same) {
            return new FileState(seen, new FileState.Racy(etag, nanoTime.getAsLong() + RACY_NANOS));
        }
        boolean settles = version != null && lookNanos - before.racy().settlesNanos() >= 0;
        return settles ? new FileState(seen, null) : before;
    }

    /** The version that was just seen, or null when it can't be read or is no more. */
    private FileVersion version(Located file, Fingerprint seen) {
        try {
            return FileVersion.read(file, seen, maxTokenBytes);
        } catch (IOException e) {
            return null;
        }
    }
}
