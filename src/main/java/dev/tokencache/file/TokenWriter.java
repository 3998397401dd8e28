package dev.tokencache.file;

import dev.tokencache.Failure;
import dev.tokencache.Fingerprint;
import dev.tokencache.InvalidTokenException;
import dev.tokencache.Precondition;
import dev.tokencache.TokenCacheException;
import dev.tokencache.TokenKey;
import dev.tokencache.UncertainWriteException;
import dev.tokencache.WriteResult;
import dev.tokencache.content.EtagKey;
import dev.tokencache.content.MalformedContentException;
import dev.tokencache.content.TokenContent;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Writes and removes token files so that a reader sees the old version or the new one, and a crash leaves one of them. All
 * of it happens under the project's lock; programs that don't take that lock are noticed as well as can be. Blocking; for
 * any number of worker threads.
 */
final class TokenWriter {
    private static final int ATTEMPTS = 5;

    /** Stands for a present version that no entity tag names. */
    private static final String NO_ETAG = "\0";

    private final Path root;
    private final EtagKey etagKey;
    private final int maxTokenBytes;
    private final Duration lockTimeout;
    private final StorageErrors errors;
    private final Supplier<String> tempNames;

    TokenWriter(FileSourceOptions options, StorageErrors errors) {
        this(options, errors, TempFile::randomName);
    }

    TokenWriter(FileSourceOptions options, StorageErrors errors, Supplier<String> tempNames) {
        root = options.getRoot();
        etagKey = options.getEtagKey();
        maxTokenBytes = options.getMaxTokenBytes();
        lockTimeout = options.getLockTimeout();
        this.errors = errors;
        this.tempNames = tempNames;
    }

    /**
     * Writes a token durably; a project that is absent is created. Nothing touches the disk before the bytes are found to
     * be a valid token file. On a failure the old version is intact, unless it is one of the last step, which makes the
     * new name durable: then the new version is there and only a crash could take it back.
     *
     * @throws dev.tokencache.TokenCacheException {@link Failure#INVALID_TOKEN_FILE}, {@link Failure#PRECONDITION_FAILED},
     *     {@link Failure#NOT_REPLACEABLE}, {@link Failure#NO_SPACE}, {@link Failure#STORAGE_BUSY} when the lock isn't to be
     *     had or the directory was exchanged meanwhile, {@link Failure#STORAGE_UNREADABLE} for all else
     */
    WriteResult write(TokenKey key, byte[] bytes, Precondition precondition) {
        requireValid(bytes);
        boolean create = !precondition.isConditional() || precondition.demandsAbsence();
        try (ProjectDirectory project = create
                ? ProjectCreator.openOrCreate(root, key.project())
                : ProjectDirectory.open(root, key.project())) {
            return locked(project, () -> replace(project, key.filename(), bytes, precondition));
        } catch (ProjectAbsentException e) {
            throw Failure.PRECONDITION_FAILED.exception();
        } catch (IOException e) {
            throw errors.failure(e);
        }
    }

    /**
     * Removes a token durably.
     *
     * @return whether there was one. Fails like {@link #write}
     */
    boolean delete(TokenKey key, Precondition precondition) {
        try (ProjectDirectory project = ProjectDirectory.open(root, key.project())) {
            return locked(project, () -> remove(project, key.filename(), precondition));
        } catch (ProjectAbsentException e) {
            require(precondition, null);
            return false;
        } catch (IOException e) {
            throw errors.failure(e);
        }
    }

    private void requireValid(byte[] bytes) {
        if (bytes.length > maxTokenBytes) {
            throw new InvalidTokenException(TokenReader.TOO_LARGE, 0, 0, null);
        }
        try {
            TokenContent.check(bytes);
        } catch (MalformedContentException e) {
            throw new InvalidTokenException(e.reason(), e.line(), e.column(), null);
        }
    }

    private <T> T locked(ProjectDirectory project, Change<T> change) {
        try {
            ProjectLock lock = ProjectLock.acquire(project, lockTimeout);
            try {
                requireInPlace(project);
                T result = change.make();
                if (!project.isInPlace()) {
                    throw new UncertainWriteException(Failure.STORAGE_BUSY);
                }
                return result;
            } finally {
                lock.close();
            }
        } catch (IOException e) {
            throw failure(project, e);
        }
    }

    /** A file of ours that vanished with its directory is no fault of the storage. */
    private TokenCacheException failure(ProjectDirectory project, IOException cause) {
        try {
            if (cause instanceof NoSuchFileException && !project.isInPlace()) {
                return Failure.STORAGE_BUSY.exception();
            }
        } catch (IOException e) {
            // so it can't be told
        }
        return errors.failure(cause);
    }

    /** A directory that was moved or removed takes with it what is written there: better a failure than a lost token. */
    private static void requireInPlace(ProjectDirectory project) throws IOException {
        if (!project.isInPlace()) {
            throw Failure.STORAGE_BUSY.exception();
        }
    }

    private WriteResult replace(ProjectDirectory project, String filename, byte[] bytes, Precondition precondition)
            throws IOException {
        Present first = judge(project, filename, precondition, null);
        try (TempFile temp = TempFile.write(project, tempNames, bytes)) {
            Present old = judge(project, filename, precondition, first);
            return certainly(project, () -> {
                if (!precondition.demandsAbsence()) {
                    temp.renameTo(filename);
                } else if (!temp.linkTo(filename)) {
                    throw Failure.PRECONDITION_FAILED.exception();
                }
                project.sync();
                return new WriteResult(etagKey.etag(bytes), old == null, temp.fingerprintAt(filename));
            });
        }
    }

    /** What fails from here on may have been done. */
    private <T> T certainly(ProjectDirectory project, Change<T> change) {
        try {
            return change.make();
        } catch (IOException e) {
            throw new UncertainWriteException(failure(project, e).failure());
        }
    }

    private boolean remove(ProjectDirectory project, String filename, Precondition precondition) throws IOException {
        if (judge(project, filename, precondition, null) == null) {
            return false;
        }
        return certainly(project, () -> {
            try {
                project.stream().deleteFile(Path.of(filename));
            } catch (NoSuchFileException e) {
                return false;
            }
            project.sync();
            return true;
        });
    }

    /**
     * Looks at what holds the name now.
     *
     * @param known what an earlier look found, or null; its entity tag stands while its fingerprint does
     * @return the present version, or null when there is none
     */
    private Present judge(ProjectDirectory project, String filename, Precondition precondition, Present known)
            throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Located entry = project.entry(filename);
            if (entry == null) {
                require(precondition, null);
                return null;
            }
            if (!entry.attributes().isRegularFile()) {
                throw Failure.NOT_REPLACEABLE.exception();
            }
            if (!precondition.isConditional()) {
                return Present.UNKNOWN;
            }
            Present present = present(entry, known);
            if (present != null) {
                require(precondition, present.etag());
                return present;
            }
        }
        throw Failure.STORAGE_BUSY.exception();
    }

    private Present present(Located entry, Present known) throws IOException {
        if (known != null) {
            Fingerprint now = Fingerprints.orNull(entry);
            if (known.fingerprint().equals(now)) {
                return known;
            }
        }
        FileVersion version = FileVersion.read(entry, maxTokenBytes);
        if (version == null) {
            return null;
        }
        String etag = version.bytes() == null ? NO_ETAG : etagKey.etag(version.bytes());
        return new Present(version.fingerprint(), etag);
    }

    private static void require(Precondition precondition, String etag) {
        if (!precondition.holds(etag)) {
            throw Failure.PRECONDITION_FAILED.exception();
        }
    }

    @FunctionalInterface
    private interface Change<T> {
        T make() throws IOException;
    }

    /** A version that holds the name; without details when nothing depends on them. */
    private record Present(Fingerprint fingerprint, String etag) {
        static final Present UNKNOWN = new Present(null, null);
    }
}
