package dev.tokencache.file;

import dev.tokencache.content.EtagKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Where a {@link FileTokenSource} finds its tokens and how much it may take. Root and etag key have to be set. */
public final class FileSourceOptions {
    /** The largest token file, in bytes. */
    public static final int DEFAULT_MAX_TOKEN_BYTES = 1024 * 1024;

    /** How many reads and listings run at once. */
    public static final int DEFAULT_READ_POOL_SIZE = 8;

    /** How many writes run at once, of different projects. */
    public static final int DEFAULT_WRITE_POOL_SIZE = 4;

    /** How long a write waits for another process to leave the project's lock. */
    public static final Duration DEFAULT_LOCK_TIMEOUT = Duration.ofSeconds(5);

    /** How long a read may wait for a thread, and run before it counts as hung. */
    public static final Duration DEFAULT_READ_PATIENCE = Duration.ofSeconds(5);

    /** How long a closing source waits for writes; less than a server may take to stop. */
    public static final Duration DEFAULT_CLOSE_TIMEOUT = Duration.ofSeconds(3);

    /** How many writes of one project may be under way or waiting. */
    public static final int DEFAULT_MAX_QUEUED_WRITES = 1_024;

    /** How many bytes all writes under way or waiting may hold together; those of one project three quarters of it. */
    public static final long DEFAULT_MAX_QUEUED_BYTES = 64L * 1024 * 1024;

    private Path root;
    private EtagKey etagKey;
    private int maxTokenBytes = DEFAULT_MAX_TOKEN_BYTES;
    private int readPoolSize = DEFAULT_READ_POOL_SIZE;
    private int writePoolSize = DEFAULT_WRITE_POOL_SIZE;
    private Duration lockTimeout = DEFAULT_LOCK_TIMEOUT;
    private Duration readPatience = DEFAULT_READ_PATIENCE;
    private Duration closeTimeout = DEFAULT_CLOSE_TIMEOUT;
    private int maxQueuedWrites = DEFAULT_MAX_QUEUED_WRITES;
    private long maxQueuedBytes = DEFAULT_MAX_QUEUED_BYTES;
    private LongSupplier nanoTime = System::nanoTime;

    public FileSourceOptions() {}

    /** A copy that shares nothing with the original that can change. */
    public FileSourceOptions(FileSourceOptions other) {
        root = other.root;
        etagKey = other.etagKey;
        maxTokenBytes = other.maxTokenBytes;
        readPoolSize = other.readPoolSize;
        writePoolSize = other.writePoolSize;
        lockTimeout = other.lockTimeout;
        readPatience = other.readPatience;
        closeTimeout = other.closeTimeout;
        maxQueuedWrites = other.maxQueuedWrites;
        maxQueuedBytes = other.maxQueuedBytes;
        nanoTime = other.nanoTime;
    }

    public Path getRoot() {
        return root;
    }

    /** The directory of the projects; it may be reached through links. */
    public FileSourceOptions setRoot(Path root) {
        this.root = root;
        return this;
    }

    public EtagKey getEtagKey() {
        return etagKey;
    }

    /** The key of entity tags; all nodes of one root have the same. */
    public FileSourceOptions setEtagKey(EtagKey etagKey) {
        this.etagKey = etagKey;
        return this;
    }

    public int getMaxTokenBytes() {
        return maxTokenBytes;
    }

    public FileSourceOptions setMaxTokenBytes(int maxTokenBytes) {
        this.maxTokenBytes = maxTokenBytes;
        return this;
    }

    public int getReadPoolSize() {
        return readPoolSize;
    }

    public FileSourceOptions setReadPoolSize(int readPoolSize) {
        this.readPoolSize = readPoolSize;
        return this;
    }

    public Duration getReadPatience() {
        return readPatience;
    }

    /**
     * How long a read may wait for a thread; one that runs for longer counts as hung. Not shorter than the cache's load
     * time-out, after which nobody waits for it.
     */
    public FileSourceOptions setReadPatience(Duration readPatience) {
        this.readPatience = readPatience;
        return this;
    }

    public int getWritePoolSize() {
        return writePoolSize;
    }

    public FileSourceOptions setWritePoolSize(int writePoolSize) {
        this.writePoolSize = writePoolSize;
        return this;
    }

    public Duration getLockTimeout() {
        return lockTimeout;
    }

    public FileSourceOptions setLockTimeout(Duration lockTimeout) {
        this.lockTimeout = lockTimeout;
        return this;
    }

    public Duration getCloseTimeout() {
        return closeTimeout;
    }

    /** How long {@link FileTokenSource#close()} waits for accepted writes; at least a millisecond. */
    public FileSourceOptions setCloseTimeout(Duration closeTimeout) {
        this.closeTimeout = closeTimeout;
        return this;
    }

    public int getMaxQueuedWrites() {
        return maxQueuedWrites;
    }

    /** Beyond it a write of that project fails with {@link dev.tokencache.Failure#OVERLOADED}. */
    public FileSourceOptions setMaxQueuedWrites(int maxQueuedWrites) {
        this.maxQueuedWrites = maxQueuedWrites;
        return this;
    }

    public long getMaxQueuedBytes() {
        return maxQueuedBytes;
    }

    /** Beyond it any write fails with {@link dev.tokencache.Failure#OVERLOADED}. */
    public FileSourceOptions setMaxQueuedBytes(long maxQueuedBytes) {
        this.maxQueuedBytes = maxQueuedBytes;
        return this;
    }

    public LongSupplier getNanoTime() {
        return nanoTime;
    }

    /** The monotonic clock that read times are taken from, in nanoseconds; for tests. */
    public FileSourceOptions setNanoTime(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        return this;
    }
}
