package dev.tokencache.bench;

import dev.tokencache.bench.HttpServers.TokenCacheServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** A bounded load of every kind, on threads of its own, paced by the clock. The tokens are made up. */
final class MixedLoad implements AutoCloseable {
    static final int PROJECTS = 50;
    static final int TOKENS = 200;
    static final String TITLE =
            "Mixed load: 400 gets, 10 outside edits and 5 writes a second, 2 new connections and event"
                    + " streams a second, a project a second";

    private static final int THREADS = 4;
    private static final long GET_MICROS = 2_500;
    private static final long EDIT_MILLIS = 100;
    private static final long WRITE_MILLIS = 200;
    private static final long STREAM_MILLIS = 500;
    private static final long PROJECT_MILLIS = 1_000;
    private static final int PASSING = 10;
    private static final int PASSING_TOKENS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long SEED = 5;

    private final TokenCacheServer server;
    private final Path root;
    private final Path staging;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(THREADS);
    private final List<ScheduledFuture<?>> steps = new ArrayList<>();
    private final LongAdder failures = new LongAdder();
    private final Random random = new Random(SEED);
    private HttpConnection connection;
    private Latencies latencies = new Latencies();
    private int passing;
    private long number;

    MixedLoad(Bench bench, TokenCacheServer server, Path root) throws IOException {
        this.server = server;
        this.root = root;
        this.staging = bench.directory("staging");
        this.connection = new HttpConnection(server.process().address());
    }

    void start() {
        every(GET_MICROS, this::get);
        every(TimeUnit.MILLISECONDS.toMicros(EDIT_MILLIS), this::edit);
        every(TimeUnit.MILLISECONDS.toMicros(WRITE_MILLIS), this::write);
        every(TimeUnit.MILLISECONDS.toMicros(STREAM_MILLIS), this::openStream);
        every(TimeUnit.MILLISECONDS.toMicros(PROJECT_MILLIS), this::passProject);
    }

    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    private void every(long micros, Step step) {
        steps.add(threads.scheduleAtFixedRate(
                () -> {
                    try {
                        step.run();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (IOException | RuntimeException e) {
                        failures.increment();
                    }
                },
                micros,
                micros,
                TimeUnit.MICROSECONDS));
    }

    /** How long the gets took since this was asked last. */
    synchronized Latencies latencies() {
        Latencies last = latencies;
        latencies = new Latencies();
        return last;
    }

    /** Requests and edits that failed. */
    long failures() {
        return failures.sum();
    }

    private synchronized void get() throws IOException {
        HttpRequest request =
                server.request(HttpServers.target(project(random), HttpServers.filename(random.nextInt(TOKENS))));
        long start = System.nanoTime();
        try {
            connection.get(request);
        } catch (IOException e) {
            connection.close();
            connection = new HttpConnection(server.process().address());
            throw e;
        }
        latencies.record(System.nanoTime() - start);
    }

    private static String project(Random random) {
        return "p" + random.nextInt(PROJECTS);
    }

    private static String token(long number) {
        return String.format(
                Locale.ROOT,
                "{\"type\":\"fake\",\"access_token\":\"not-a-secret-%d\",\"pad\":\"%s\"}",
                number,
                "x".repeat(200));
    }

    private synchronized long next() {
        return number++;
    }

    private void edit() throws IOException {
        Path file = Files.writeString(staging.resolve("edit"), token(next()));
        Random mine = ThreadLocalRandom.current();
        Path target = root.resolve(project(mine)).resolve(HttpServers.filename(mine.nextInt(TOKENS)));
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
    }

    private void write() throws IOException, InterruptedException {
        Random mine = ThreadLocalRandom.current();
        String path = "/api/v0/tokens/" + project(mine) + '/' + HttpServers.filename(mine.nextInt(TOKENS));
        int status = client.send(
                        request(path)
                                .header("Content-Type", "application/json")
                                .PUT(java.net.http.HttpRequest.BodyPublishers.ofString(token(next())))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
        if (status / 100 != 2) {
            throw new IOException("a write gave status " + status);
        }
    }

    private java.net.http.HttpRequest.Builder request(String path) throws IOException {
        return java.net.http.HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:" + server.process().address().getPort() + path))
                .timeout(PATIENCE)
                .header("Authorization", server.request(path).authorization());
    }

    /** A connection of its own that asks for events and goes away. */
    private void openStream() throws IOException, InterruptedException {
        HttpClient passingClient =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        var reply = passingClient.send(request("/api/v0/events").build(), BodyHandlers.ofInputStream());
        try (InputStream events = reply.body()) {
            if (reply.statusCode() != 200 || events.read() < 0) {
                throw new IOException("no events");
            }
        }
    }

    /** Makes a project, and removes the one that was made ten before it. */
    private void passProject() throws IOException {
        Path directory = Bench.directory(root, "passing-" + passing);
        for (int i = 0; i < PASSING_TOKENS; i++) {
            Files.writeString(directory.resolve(HttpServers.filename(i)), token(next()));
        }
        Path old = root.resolve("passing-" + (passing - PASSING));
        passing++;
        try {
            Bench.delete(old);
        } catch (NoSuchFileException e) {
            // there are not ten yet
        }
    }

    @Override
    public void close() throws IOException {
        steps.forEach(step -> step.cancel(false));
        threads.shutdownNow();
        try {
            threads.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        connection.close();
    }
}
