package dev.tokencache.server;

import dev.tokencache.content.EtagKey;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The server's own directory: keys, first admin token, warm list, audit log. 0700, never inside the root, and used by one serving
 * process at a time; other commands work beside it. Blocking.
 */
final class StateDir implements AutoCloseable {
    /** The signing key that is made when none is configured. */
    static final String SIGNING_KEY = "signing.key";

    /** The token of the operator, signed with that key. */
    static final String ADMIN_TOKEN = "admin.jwt";

    /** The key of the entity tags, unless another is configured. */
    static final String ETAG_KEY = "etag.key";

    /** Who did what. */
    static final String AUDIT_LOG = "audit.log";

    /** Held by the server that runs. */
    static final String LOCK = "lock";

    private static final int MAX_KEY_FILE = 4096;

    /** Closing any channel on a lock file drops the JVM's lock on it, so a second one must never be opened. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel channel;

    private StateDir(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Makes the directory unless it exists, and takes it for this process until {@link #close()}.
     *
     * @throws StartException when it can't be made, lies inside the root or the root inside it, or a server has it
     */
    static StateDir open(ServerConfig config) throws StartException {
        Directories.requireApart(config.root(), config.stateDir());
        Path path = Directories.prepare("stateDir", config.stateDir());
        if (!HELD.add(path)) {
            throw inUse();
        }
        boolean locked = false;
        try {
            StateDir state = new StateDir(path, lock(path.resolve(LOCK)));
            locked = true;
            return state;
        } catch (IOException e) {
            throw new StartException("stateDir: the lock file can't be written");
        } finally {
            if (!locked) {
                HELD.remove(path);
            }
        }
    }

    @SuppressWarnings("resource") // the lock lives as long as its channel, which the state directory keeps
    private static FileChannel lock(Path file) throws IOException, StartException {
        FileChannel channel = PrivateFiles.open(file);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Another class loader of this JVM has it. The channel stays open: closing it would drop that lock.
            throw inUse();
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        if (lock == null) {
            channel.close();
            throw inUse();
        }
        return channel;
    }

    private static StartException inUse() {
        return new StartException("stateDir: in use by another server");
    }

    /** Its real path. */
    Path path() {
        return path;
    }

    /** The path of a file in it. */
    Path resolve(String name) {
        return path.resolve(name);
    }

    /**
     * The key of the entity tags.
     *
     * @param configured the file the operator named, which must exist; empty for one in this directory, made when absent
     * @throws StartException when it is missing, unreadable or malformed, or can't be made
     */
    EtagKey etagKey(Optional<Path> configured) throws StartException {
        if (configured.isPresent()) {
            return readEtagKey(configured.get());
        }
        Path file = resolve(ETAG_KEY);
        if (!Files.exists(file)) {
            byte[] secret = new byte[32];
            new SecureRandom().nextBytes(secret);
            String text = Base64.getUrlEncoder().withoutPadding().encodeToString(secret) + "\n";
            try {
                PrivateFiles.create(file, text.getBytes(StandardCharsets.US_ASCII));
            } catch (FileAlreadyExistsException e) {
                return readEtagKey(file);
            } catch (IOException e) {
                throw new StartException("stateDir: " + ETAG_KEY + " can't be written");
            }
        }
        return readEtagKey(file);
    }

    /** Reads a key of entity tags: base64url text, white space stripped. */
    static EtagKey readEtagKey(Path file) throws StartException {
        try {
            if (Files.size(file) > MAX_KEY_FILE) {
                throw new StartException("cache.etagKeyFile: the key is too long");
            }
            String text = Files.readString(file, StandardCharsets.ISO_8859_1).replaceAll("\\s", "");
            return EtagKey.of(Base64.getUrlDecoder().decode(text));
        } catch (IOException e) {
            throw new StartException("cache.etagKeyFile: the key can't be read");
        } catch (IllegalArgumentException e) {
            throw new StartException(
                    "cache.etagKeyFile: must be base64url of at least " + EtagKey.MIN_BYTES + " bytes");
        }
    }

    /** Gives the directory back. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            System.getLogger(StateDir.class.getName()).log(System.Logger.Level.WARNING, "lock not released", e);
        } finally {
            HELD.remove(path);
        }
    }
}
