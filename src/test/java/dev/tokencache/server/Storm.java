package dev.tokencache.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Several writers at once against a server that is killed in the middle of it, and started again, time after time. */
final class Storm implements AutoCloseable {
    /** Projects that every storm writes to, beside new ones of its own. */
    static final List<String> PROJECTS = List.of("storm-0", "storm-1", "storm-2");

    private static final int WRITERS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MAX_REPLIES = 100;
    private static final int MAX_PAUSE_MICROS = 15_000;

    /** Two writers make the same project at about the same time. */
    private static final int NEW_PROJECTS = WRITERS / 2;

    /** For how many rounds a project of one storm is kept and looked at. */
    private static final int KEPT_ROUNDS = 3;

    private final Path root;
    private final Random random;
    private final Semaphore acknowledgements = new Semaphore(0);
    private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    private final List<StormWriter> writers = new ArrayList<>();
    private final List<Future<Void>> running = new ArrayList<>();
    private int round;

    Storm(Path root, long seed) {
        this.root = root;
        random = new Random(seed);
        for (int i = 0; i < WRITERS; i++) {
            writers.add(new StormWriter(i, new Random(seed * 31 + i), PROJECTS, acknowledgements));
        }
    }

    /** The value of a property, or chance; it is printed. */
    static long seed(String property) {
        long seed = Long.getLong(property, System.nanoTime() & 0xffffff);
        System.out.println(property + "=" + seed);
        return seed;
    }

    List<StormWriter> writers() {
        return writers;
    }

    /** Lets all writers loose. */
    void start(ServerProcess server) {
        round++;
        acknowledgements.drainPermits();
        for (StormWriter writer : writers) {
            Api api = server.admin();
            String newProject = newProject(round, writer.number() % NEW_PROJECTS);
            running.add(threads.submit(() -> {
                writer.run(api, newProject);
                return null;
            }));
        }
    }

    private static String newProject(int round, int which) {
        return "new-" + round + "-" + which;
    }

    /** Returns at a random moment in the middle of it: after so many replies and a little more. */
    void awaitMoment() throws Exception {
        int replies = 5 + random.nextInt(MAX_REPLIES);
        if (!acknowledgements.tryAcquire(replies, PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            for (Future<Void> writer : running) {
                if (writer.isDone()) {
                    writer.get();
                }
            }
            throw new AssertionError("not " + replies + " replies within " + PATIENCE);
        }
        // Nobody gives so many: it ends within some write.
        boolean never = acknowledgements.tryAcquire(
                Integer.MAX_VALUE / 2, random.nextInt(MAX_PAUSE_MICROS), TimeUnit.MICROSECONDS);
        if (never) {
            throw new AssertionError();
        }
    }

    /** Waits until the writers have seen that the server is gone; throws what they found wrong. */
    void awaitEnd() throws Exception {
        try {
            for (Future<Void> writer : running) {
                writer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        } catch (ExecutionException e) {
            throw new AssertionError("a writer found something wrong", e.getCause());
        } finally {
            running.clear();
        }
    }

    /** Removes the projects of an old storm, so that many rounds don't fill the disk. No server runs. */
    void removeOld() throws IOException {
        for (int which = 0; which < NEW_PROJECTS; which++) {
            String project = newProject(round - KEPT_ROUNDS, which);
            Path directory = root.resolve(project);
            if (Files.isDirectory(directory)) {
                writers.forEach(writer -> writer.forget(project));
                try (Stream<Path> files = Files.list(directory)) {
                    for (Path file : files.toList()) {
                        Files.delete(file);
                    }
                }
                Files.delete(directory);
            }
        }
    }

    /** How many writes were acknowledged, in all storms. */
    int acknowledged() {
        return writers.stream().mapToInt(StormWriter::acknowledgements).sum();
    }

    /** How many writes were answered with 503, in all storms. */
    int refused() {
        return writers.stream().mapToInt(StormWriter::refusals).sum();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
