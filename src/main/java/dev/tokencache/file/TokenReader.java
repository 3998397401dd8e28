package dev.tokencache.file;

import dev.tokencache.Failure;
import dev.tokencache.Fingerprint;
import dev.tokencache.InvalidTokenException;
import dev.tokencache.TokenCacheException;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import dev.tokencache.content.EtagKey;
import dev.tokencache.content.MalformedContentException;
import dev.tokencache.content.TokenContent;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Reads token files: complete versions only, valid ones only, and none from outside the project's directory. Blocking; for
 * any number of worker threads.
 */
final class TokenReader {
    /** Reason of an {@link InvalidTokenException} for a file above the limit. */
    static final String TOO_LARGE = "too_large";

    private static final int ATTEMPTS = 10;
    private static final int FAULTS = 3;
    private static final int OPENINGS = 3;
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
    private static final long WRITER_NANOS = TimeUnit.MILLISECONDS.toNanos(8);

    private final Path root;
    private final EtagKey etagKey;
    private final int maxTokenBytes;
    private final LongSupplier nanoTime;
    private final StorageErrors errors;
    private final LongAdder refusedLinks = new LongAdder();

    TokenReader(FileSourceOptions options, StorageErrors errors) {
        root = options.getRoot();
        etagKey = options.getEtagKey();
        maxTokenBytes = options.getMaxTokenBytes();
        nanoTime = options.getNanoTime();
        this.errors = errors;
    }

    /**
     * Reads one complete version of a token. Its time is the one before the read began: an age is never understated.
     *
     * @return the token, or null when the name leads to no regular file inside the project
     * @throws InvalidTokenException with the version's fingerprint, when it is no valid token file
     * @throws dev.tokencache.TokenCacheException {@link Failure#STORAGE_BUSY} when the file changes all the time, {@link
     *     Failure#STORAGE_UNREADABLE} for everything the file system refuses
     */
    TokenFile read(TokenKey key) {
        return inProject(key, project -> read(project, key, nanoTime));
    }

    /**
     * The fingerprint of a token's present version, valid or not, without opening it; null and failures as in {@link
     * #read}.
     */
    Fingerprint fingerprint(TokenKey key) {
        return inProject(key, project -> untilStill(project, key.filename(), Fingerprints::orNull));
    }

    /** How many reads met a link that leaves its project's directory. */
    long refusedLinks() {
        return refusedLinks.sum();
    }

    /**
     * Reads as {@link #read(TokenKey)} does, through a directory that is open, whose being in place is the caller's to know.
     *
     * @param now the time of a reading that begins
     */
    TokenFile read(ProjectDirectory project, TokenKey key, LongSupplier now) throws IOException {
        InvalidTokenException fault = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            long readNanos = now.getAsLong();
            FileVersion version = untilStill(project, key.filename(), file -> FileVersion.read(file, maxTokenBytes));
            Fingerprint fingerprint = version.fingerprint();
            if (version.bytes() == null) {
                throw new InvalidTokenException(TOO_LARGE, 0, 0, fingerprint);
            }
            try {
                return token(key, version, readNanos);
            } catch (MalformedContentException e) {
                if (fault != null && fingerprint.equals(fault.fingerprint())) {
                    throw fault;
                }
                fault = new InvalidTokenException(e.reason(), e.line(), e.column(), fingerprint);
                LockSupport.parkNanos(this, WRITER_NANOS); // a writer may be in the middle
            }
        }
        throw Failure.STORAGE_BUSY.exception();
    }

    /** The token that a version is. */
    TokenFile token(TokenKey key, FileVersion version, long readNanos) throws MalformedContentException {
        TokenContent content = TokenContent.check(version.bytes());
        return TokenFile.read(
                key,
                version.bytes(),
                etagKey.etag(version.bytes()),
                version.fingerprint(),
                readNanos,
                content.expiresAtMillis(),
                content.expirySource(),
                content.refreshable());
    }

    /**
     * Walks to a file and does something with it, again and again until it stayed what it was meanwhile, which the action
     * says by a result that is not null.
     *
     * @throws NoSuchFileException when the name leads to no regular file
     */
    private static <T> T untilStill(ProjectDirectory project, String filename, FileAction<T> action)
            throws IOException {
        Path name = Path.of(filename);
        long pause = FIRST_PAUSE_NANOS;
        int faults = 0;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try (Located file = project.locateFile(name)) {
                T result = action.on(file);
                if (result != null) {
                    return result;
                }
            } catch (NoSuchFileException | AccessDeniedException e) {
                throw e;
            } catch (PathMovedException e) {
                // exchanged between two steps of the walk
            } catch (IOException e) {
                if (++faults == FAULTS) { // a name that became a link or a directory looks like a fault, once
                    throw e;
                }
            }
            LockSupport.parkNanos(pause);
            pause *= 2;
        }
        throw Failure.STORAGE_BUSY.exception();
    }

    /** What is missing or unreadable in a directory that is not in place any more says nothing of the one that is. */
    private <T> T inProject(TokenKey key, ProjectAction<T> action) {
        try {
            for (int opening = 0; opening < OPENINGS; opening++) {
                try (ProjectDirectory project = ProjectDirectory.open(root, key.project())) {
                    try {
                        return action.on(project);
                    } catch (IOException | TokenCacheException e) {
                        if (project.isInPlace()) {
                            throw e;
                        }
                    }
                }
            }
        } catch (LinkRefusedException e) {
            refusedLinks.increment();
            return null;
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw errors.failure(e);
        }
        throw Failure.STORAGE_BUSY.exception();
    }

    @FunctionalInterface
    private interface FileAction<T> {
        T on(Located file) throws IOException;
    }

    @FunctionalInterface
    private interface ProjectAction<T> {
        T on(ProjectDirectory project) throws IOException;
    }
}
