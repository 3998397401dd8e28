package dev.tokencache.file;

import dev.tokencache.Failure;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The right to change one project's directory, exclusive among all Token Cache writers of all processes: a lock in this JVM,
 * then a lock on the directory's {@code .token-cache.lock}. The first guards the second: in one JVM a second channel on the
 * file would be refused the lock, and closing it would drop the first one's. To be closed by the thread that acquired it.
 *
 * <p>Whoever makes the lock file syncs the root first. So where it is, the directory's own name is durable, whoever made the
 * directory: a write into one that another process has just made is not acknowledged before. That is one sync in a directory's
 * life; one at each write would flush the disk once more each time, and what a process remembers or how old a directory looks says
 * nothing after a restart or a step of the clock. Not covered: a directory that others copy or rename with its lock file in it.
 */
final class ProjectLock implements Closeable {
    private static final Path NAME = Path.of(OwnFiles.LOCK);
    private static final Set<OpenOption> CREATE =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    private static final Set<OpenOption> OPEN = Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    private static final long MIN_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final long MAX_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** By device and inode of the directory, in use only: several sources of one JVM share it. */
    private static final ConcurrentMap<Object, Gate> GATES = new ConcurrentHashMap<>();

    private final Object directory;
    private final Gate gate;
    private final FileChannel channel;

    private ProjectLock(Object directory, Gate gate, FileChannel channel) {
        this.directory = directory;
        this.gate = gate;
        this.channel = channel;
    }

    /**
     * Waits for the lock. Blocking.
     *
     * @param timeout the longest wait, for both locks together
     * @throws dev.tokencache.TokenCacheException {@link Failure#STORAGE_BUSY} when others hold it for longer
     */
    static ProjectLock acquire(ProjectDirectory project, Duration timeout) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        Object directory = project.fileKey();
        Gate gate = enter(directory);
        boolean locked = false;
        FileChannel channel = null;
        try {
            locked = gate.lock.tryLock(timeout.toNanos(), TimeUnit.NANOSECONDS);
            if (!locked) {
                throw Failure.STORAGE_BUSY.exception();
            }
            channel = lockedChannel(project, deadline);
            return new ProjectLock(directory, gate, channel);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.STORAGE_BUSY.exception();
        } finally {
            if (channel == null) {
                if (locked) {
                    gate.lock.unlock();
                }
                leave(directory);
            }
        }
    }

    /** A channel that holds the lock of the file that has the name now; whoever replaced it made the old lock worthless. */
    private static FileChannel lockedChannel(ProjectDirectory project, long deadline) throws IOException {
        long pause = MIN_PAUSE_NANOS;
        while (true) {
            Object inode = inode(project);
            if (inode == null) {
                project.syncRoot();
                create(project);
                continue;
            }
            FileChannel channel = open(project);
            boolean held = false;
            try {
                held = channel != null && tryLock(channel) && inode.equals(inode(project));
            } finally {
                if (channel != null && !held) {
                    channel.close();
                }
            }
            if (held) {
                return channel;
            }
            if (System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
                throw Failure.STORAGE_BUSY.exception();
            }
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(pause / 2, pause));
            pause = Math.min(MAX_PAUSE_NANOS, pause * 2);
        }
    }

    private static Object inode(ProjectDirectory project) throws IOException {
        Located entry = project.entry(OwnFiles.LOCK);
        if (entry == null) {
            return null;
        }
        if (!entry.attributes().isRegularFile()) {
            throw new IOException("the lock is no file"); // a FIFO would block for ever
        }
        return entry.attributes().fileKey();
    }

    private static void create(ProjectDirectory project) throws IOException {
        try {
            project.create(NAME, CREATE).close();
        } catch (FileAlreadyExistsException e) {
            // so somebody else did
        }
    }

    private static FileChannel open(ProjectDirectory project) throws IOException {
        try {
            return (FileChannel) project.stream().newByteChannel(NAME, OPEN);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // one lock file under two names
        }
    }

    private static Gate enter(Object directory) {
        return GATES.compute(directory, (key, known) -> {
            Gate gate = known == null ? new Gate() : known;
            gate.users++;
            return gate;
        });
    }

    private static void leave(Object directory) {
        GATES.computeIfPresent(directory, (key, gate) -> --gate.users == 0 ? null : gate);
    }

    /** How many directories are locked or waited for in this JVM. */
    static int gates() {
        return GATES.size();
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            gate.lock.unlock();
            leave(directory);
        }
    }

    /** The lock in this JVM; fair. The count is changed inside the map's atomic calls only. */
    private static final class Gate {
        final ReentrantLock lock = new ReentrantLock(true);
        int users;
    }
}
