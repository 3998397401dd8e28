package dev.tokencache.server;

import static dev.tokencache.server.ClusterOfProcesses.BOUND;
import static dev.tokencache.server.ClusterOfProcesses.FIRST;
import static dev.tokencache.server.ClusterOfProcesses.FRONT;
import static dev.tokencache.server.ClusterOfProcesses.PATIENCE;
import static dev.tokencache.server.ClusterOfProcesses.PROJECT;
import static dev.tokencache.server.ClusterOfProcesses.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import dev.tokencache.Poll;
import dev.tokencache.RunningTime;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Writers and readers at all three nodes of a cluster at once, whatever happens to these. Nobody may read a version older than one
 * that was acknowledged longer ago than the bound of staleness, or one that nobody has written; who writes at a cache node
 * reads it back there.
 */
final class ClusterLoad implements AutoCloseable {
    static final List<String> NODES = List.of(FIRST, SECOND, FRONT);
    private static final Map<String, Integer> READERS = Map.of(FIRST, 1, SECOND, 1, FRONT, 2);
    private static final int OWN_FILES = 4;
    private static final int COMMON_FILES = 3;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long GONE_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final ClusterOfProcesses cluster;
    private final Map<String, LoadBook> books = new HashMap<>();
    private final Map<String, LoadTally> tallies = new HashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile boolean over;

    private ClusterLoad(ClusterOfProcesses cluster) {
        this.cluster = cluster;
    }

    /** Makes the files and begins. */
    static ClusterLoad start(ClusterOfProcesses cluster, long seed) throws Exception {
        System.out.println("seed " + seed);
        ClusterLoad load = new ClusterLoad(cluster);
        Random seeds = new Random(seed);
        for (int i = 0; i < COMMON_FILES; i++) {
            load.file("common-" + i + ".json");
        }
        for (String node : NODES) {
            load.tallies.put(node, new LoadTally());
            for (int i = 0; i < OWN_FILES; i++) {
                load.file(own(node, i));
            }
        }
        for (String node : NODES) {
            Random forWriter = new Random(seeds.nextLong());
            load.run("writer at " + node, node, api -> load.write(api, node, forWriter));
            for (int i = 0; i < READERS.get(node); i++) {
                Random forReader = new Random(seeds.nextLong());
                load.run("reader at " + node, node, api -> load.read(api, node, forReader));
            }
        }
        load.threads.forEach(Thread::start);
        return load;
    }

    private static String own(String node, int number) {
        return node + "-" + number + ".json";
    }

    private void file(String name) throws Exception {
        Files.writeString(cluster.file(name), content(0));
        books.put(name, new LoadBook());
        for (String node : NODES) {
            Api api = cluster.api(node);
            Poll.until(PATIENCE, () -> Api.text(api.get(path(name))), content(0)::equals);
        }
    }

    static String path(String filename) {
        return "/api/v0/tokens/" + PROJECT + "/" + filename;
    }

    /** Of the same length for each number, so that no size gives a change away. */
    static String content(int number) {
        return "{\"token\":\"made-up-%08d\"}".formatted(number);
    }

    private static int number(String content) {
        int number = Integer.parseInt(content.replaceAll("[^0-9]", ""));
        assertThat(content).isEqualTo(content(number));
        return number;
    }

    static HttpResponse<byte[]> put(Api api, String filename, String content) throws IOException, InterruptedException {
        return api.send(api.request(path(filename))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(content)));
    }

    @FunctionalInterface
    private interface Step {
        /** Does something at a node; whether it was done. */
        boolean run(Api api) throws IOException, InterruptedException;
    }

    private void run(String name, String node, Step step) {
        threads.add(new Thread(
                () -> {
                    try {
                        repeat(node, step);
                    } catch (InterruptedException | RuntimeException | AssertionError e) {
                        failure.compareAndSet(null, e);
                        tallies.values().forEach(LoadTally::end);
                    }
                },
                name));
    }

    private void repeat(String node, Step step) throws InterruptedException {
        ServerProcess process = null;
        Api api = null;
        while (!over && failure.get() == null) {
            ServerProcess now = cluster.node(node);
            if (now != null && now != process) {
                process = now;
                api = cluster.api(node);
            }
            long pause = PAUSE_NANOS;
            try {
                if (!step.run(api)) {
                    tallies.get(node).refused();
                }
            } catch (IOException e) {
                tallies.get(node).gone();
                pause = GONE_PAUSE_NANOS;
            }
            LockSupport.parkNanos(pause);
        }
    }

    private boolean write(Api api, String node, Random random) throws IOException, InterruptedException {
        int which = random.nextInt(OWN_FILES + COMMON_FILES);
        String filename = which < OWN_FILES ? own(node, which) : "common-" + (which - OWN_FILES) + ".json";
        LoadBook book = books.get(filename);
        book.writing.lock();
        try {
            int number = book.next();
            if (!isServed(put(api, filename, content(number)))) {
                return false;
            }
            book.acknowledge(number);
            tallies.get(node).written();
            if (!node.equals(FRONT)) {
                HttpResponse<byte[]> back = api.get(path(filename));
                assertThat(Api.text(back)).as("read back at " + node).isEqualTo(content(number));
            }
            return true;
        } finally {
            book.writing.unlock();
        }
    }

    private boolean read(Api api, String node, Random random) throws IOException, InterruptedException {
        List<String> names = List.copyOf(books.keySet());
        String filename = names.get(random.nextInt(names.size()));
        LoadBook book = books.get(filename);
        int oldest = book.acknowledgedAt(RunningTime.nanoTime() - BOUND.toNanos());
        HttpResponse<byte[]> answer = api.get(path(filename));
        if (!isServed(answer)) {
            return false;
        }
        assertThat(number(Api.text(answer)))
                .as("version of %s at %s", filename, node)
                .isBetween(oldest, book.lastAsked());
        tallies.get(node).served();
        return true;
    }

    /** Word that no cache is reached is the one failure there may be. */
    private static boolean isServed(HttpResponse<byte[]> answer) {
        if (answer.statusCode() == Failure.CACHE_UNREACHABLE.code()) {
            Api.assertFails(answer, Failure.CACHE_UNREACHABLE);
            return false;
        }
        assertThat(answer.statusCode()).as(Api.text(answer)).isIn(200, 201, 204);
        return true;
    }

    /** Waits until each of these nodes has served so many more reads. */
    void awaitMore(int reads, List<String> nodes) throws InterruptedException {
        for (String node : nodes) {
            tallies.get(node).awaitServed(reads);
        }
        requireNoFailure();
    }

    /** The figures of a node since they were last taken. */
    LoadTally.Figures take(String node) {
        return tallies.get(node).take();
    }

    /** Ends; then what is on the disk is what was acknowledged last, or asked for later, and every node serves it. */
    void endAndCheck() throws Exception {
        close();
        requireNoFailure();
        for (Map.Entry<String, LoadBook> each : books.entrySet()) {
            String kept = Files.readString(cluster.file(each.getKey()));
            assertThat(number(kept))
                    .as(each.getKey())
                    .isBetween(
                            each.getValue().lastAcknowledged(), each.getValue().lastAsked());
            for (String node : NODES) {
                Api api = cluster.api(node);
                Poll.until(BOUND, () -> Api.text(api.get(path(each.getKey()))), kept::equals);
            }
        }
    }

    private void requireNoFailure() {
        if (failure.get() != null) {
            throw new AssertionError("a writer or reader failed", failure.get());
        }
    }

    /** Ends all threads. */
    @Override
    public void close() {
        over = true;
        try {
            for (Thread thread : threads) {
                thread.join(PATIENCE.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
