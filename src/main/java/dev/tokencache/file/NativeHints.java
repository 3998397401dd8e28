package dev.tokencache.file;

import dev.tokencache.TokenKey;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * The operating system's notifications for the root and its projects. They are hints where to look, and may be lost, late
 * or wrong. A thread of its own waits for them, so that nobody has to ask while there are none; it ends when this is closed.
 * {@link #poll} never blocks and is for an event loop; all else is for worker threads.
 */
final class NativeHints implements Closeable {
    private static final String ROOT = "";
    private static final WatchEvent.Kind<?>[] KINDS = {
        StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_DELETE, StandardWatchEventKinds.ENTRY_MODIFY
    };

    private final Path root;
    private final WatchService service;
    private final Runnable heard;
    private final Queue<WatchKey> arrived = new ConcurrentLinkedQueue<>();

    /** Whether it was said that something has arrived, and nobody has looked yet. */
    private final AtomicBoolean told = new AtomicBoolean();

    private final Map<String, Registration> registrations = new ConcurrentHashMap<>();
    private final Backoff backoff;
    private volatile IOException failure;
    private volatile IOException refusal;

    private NativeHints(Path root, WatchService service, LongSupplier nanoTime, Runnable heard) {
        this.root = root;
        this.service = service;
        this.backoff = new Backoff(nanoTime);
        this.heard = heard;
    }

    /**
     * Begins to wait for notifications.
     *
     * @param nanoTime monotonic, nanoseconds
     * @param thread what the thread that waits is called
     * @param heard called on that thread when there is something to {@link #poll}, or a failure, once until the next poll
     */
    static NativeHints open(Path root, WatchService service, LongSupplier nanoTime, String thread, Runnable heard)
            throws IOException {
        NativeHints hints = new NativeHints(root, service, nanoTime, heard);
        Thread waiter = new Thread(hints::await, thread);
        waiter.setDaemon(true);
        boolean started = false;
        try {
            waiter.start();
            started = true;
        } finally {
            if (!started) {
                service.close();
            }
        }
        return hints;
    }

    private void await() {
        try {
            while (true) {
                arrived.add(service.take());
                tell();
            }
        } catch (InterruptedException | RuntimeException | Error e) { // closed, mostly; nobody may take it for silence
            failure = new IOException(e);
            tell();
        }
    }

    private void tell() {
        if (told.compareAndSet(false, true)) {
            try {
                heard.run();
            } catch (RuntimeException | Error e) {
                failure = new IOException(e); // the event loop has ended, mostly, and nobody listens
            }
        }
    }

    /**
     * Where to look.
     *
     * @param project null for the root itself
     * @param name an entry of that directory, or null for all of it
     */
    record Hint(String project, String name) {}

    /** A key, and the directory it was made for: moved away, a directory keeps a valid key and its name's successor has none. */
    private record Registration(Object fileKey, WatchKey key) {
        boolean holds(BasicFileAttributes attributes) {
            return key.isValid() && Objects.equals(fileKey, attributes.fileKey());
        }
    }

    /** Watches the root, unless it is watched already or can't be. */
    void watchRoot() {
        watch(ROOT, root);
    }

    /** Watches a project's directory, unless it is watched already or can't be; call it before a scan, not after. */
    void watch(String project) {
        watch(project, root.resolve(project), LinkOption.NOFOLLOW_LINKS);
    }

    private void watch(String name, Path directory, LinkOption... links) {
        if (failure != null || !backoff.isDue()) {
            return;
        }
        try {
            // Read before the registration: should another directory slip in between, the next call sees the
            // difference.
            BasicFileAttributes attributes = Files.readAttributes(directory, BasicFileAttributes.class, links);
            Registration present = registrations.get(name);
            if (!attributes.isDirectory() || (present != null && present.holds(attributes))) {
                return;
            }
            WatchKey key = register(directory);
            registrations.put(name, new Registration(attributes.fileKey(), key));
            backoff.succeeded();
            refusal = null;
            if (present != null && present.key != key) {
                present.key.cancel();
            }
        } catch (NoSuchFileException | NotDirectoryException | AccessDeniedException e) {
            // Nothing to watch; the scan has its own words for it.
        } catch (IOException e) {
            backoff.failed();
            refusal = e;
        } catch (ClosedWatchServiceException e) {
            failure = new IOException(e);
        }
    }

    /** The system knows directories, not paths: one that was moved here still has the key, and the path, of its old place. */
    private WatchKey register(Path directory) throws IOException {
        WatchKey key = directory.register(service, KINDS);
        if (key.watchable().equals(directory)) {
            return key;
        }
        key.cancel();
        return directory.register(service, KINDS);
    }

    /** Stops watching a project. */
    void forget(String project) {
        Registration registration = registrations.remove(project);
        if (registration != null) {
            registration.key.cancel();
        }
    }

    /** Why nothing is heard any more, or null. */
    IOException failure() {
        return failure;
    }

    /**
     * Why the last directory that was to be watched is not (the system's limits, mostly), or null. The others are; none is
     * tried for a while, see {@link Backoff}.
     */
    IOException refusal() {
        return refusal;
    }

    /** Whether a project is heard of, as far as can be told without asking the system. */
    boolean isWatching(String project) {
        Registration present = registrations.get(project);
        return failure == null && present != null && present.key.isValid();
    }

    /** How many directories are watched, the root included. */
    int size() {
        return registrations.size();
    }

    /**
     * What was heard since the last call.
     *
     * @param maxDirectories the most directories to report of; the rest stays for the next call
     */
    List<Hint> poll(int maxDirectories) {
        told.set(false); // first: what arrives from here on is told of
        List<Hint> hints = new ArrayList<>(0);
        WatchKey key;
        for (int i = 0; i < maxDirectories && (key = arrived.poll()) != null; i++) {
            String project = projectOf(key);
            for (WatchEvent<?> event : key.pollEvents()) {
                add(hints, project, event);
            }
            if (!key.reset()) {
                hints.add(new Hint(project, null));
            }
        }
        return hints;
    }

    /** Whether a {@link #poll} now would find something. */
    boolean isWaiting() {
        return !arrived.isEmpty();
    }

    private String projectOf(WatchKey key) {
        Path directory = (Path) key.watchable();
        return directory.equals(root) ? null : directory.getFileName().toString();
    }

    private static void add(List<Hint> hints, String project, WatchEvent<?> event) {
        String name = event.context() instanceof Path path ? path.toString() : null;
        if (name == null || (project == null ? TokenKey.isProject(name) : !OwnFiles.isOwn(name))) {
            hints.add(new Hint(project, name));
        }
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}
