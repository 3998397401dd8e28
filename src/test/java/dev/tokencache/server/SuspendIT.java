package dev.tokencache.server;

import static dev.tokencache.server.Api.json;
import static dev.tokencache.server.Api.ok;
import static dev.tokencache.server.Api.strings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Poll;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server that is stopped for longer than a TTL and goes on. Monotonic time went on meanwhile, so that everything it knew
 * is too old to be served: the first answers are right already. Readers ask all the time, so that loads and
 * revalidations are under way when it is stopped.
 */
@Timeout(120)
class SuspendIT {
    private static final int ROUNDS = 2;
    private static final Duration TTL = Duration.ofSeconds(1);

    /** C2: interval + one scan + 2 s. */
    private static final Duration BOUND = Duration.ofMillis(3_500);

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PROJECT = "demo";
    private static final int ABSENT = 0;
    private static final List<String> NAMES = List.of("inplace.json", "renamed.json", "deleted.json", "churn.json");

    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newFixedThreadPool(NAMES.size());
    private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
    private final Map<String, Integer> current = new HashMap<>();
    private volatile boolean done;
    private Path project;
    private Api api;
    private int version = 100_000;

    /** What an answer said, and when its request started. */
    private record Seen(long startNanos, String filename, int version) {}

    /** Without the watcher nothing but the TTL can make the first answers right; with it, it may be the hints. */
    @ParameterizedTest
    @ValueSource(strings = {"[cache, http]", "[cache, watch, http]"})
    void server_resumedAfterLongerThanTheTtl_servesNothingOld(String roles) throws Exception {
        project = Files.createDirectories(directory.resolve("accounts").resolve(PROJECT));
        for (String name : NAMES) {
            write(name);
        }
        String ttl = TTL.toSeconds() + "s";
        try (ServerProcess server =
                ServerProcess.start(directory, "roles=" + roles, "cache.tokenTtl=" + ttl, "cache.listTtl=" + ttl)) {
            api = server.admin();
            List<Future<Void>> readers = new ArrayList<>();
            for (String name : NAMES) {
                readers.add(threads.submit(() -> read(name)));
            }
            for (int round = 0; round < ROUNDS; round++) {
                round(server);
            }
            done = true;
            for (Future<Void> reader : readers) {
                reader.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            assertThat(server.stderr()).doesNotContain("ERROR");
        } finally {
            done = true;
            threads.shutdownNow();
        }
    }

    private void round(ServerProcess server) throws Exception {
        for (String name : NAMES) {
            replace(name);
            Poll.until(PATIENCE, () -> get(name), current.get(name)::equals);
        }
        Files.deleteIfExists(project.resolve("added.json"));
        Poll.until(PATIENCE, this::list, names -> !names.contains("added.json"));
        seen.clear();

        Signals.suspend(server.pid());
        try {
            edit();
            rewriteFor(TTL.plusMillis(200));
        } finally {
            Signals.resume(server.pid());
        }
        long resumed = System.nanoTime();

        for (String name : NAMES.subList(0, 3)) {
            assertThat(get(name)).as("the first answer for " + name).isEqualTo(current.get(name));
        }
        assertThat(list())
                .as("the first list")
                .containsExactly("added.json", "churn.json", "inplace.json", "renamed.json");
        Poll.until(PATIENCE, () -> get("churn.json"), found -> System.nanoTime() - resumed > BOUND.toNanos());
        for (String name : NAMES) {
            assertThat(get(name)).as(name + " after the bound").isEqualTo(current.get(name));
        }
        assertReadersSawNothingOld(resumed);
    }

    /** Neither the size nor the time of modification gives an edit away. */
    private void edit() throws IOException {
        FileTime before = Files.getLastModifiedTime(project.resolve("inplace.json"));
        write("inplace.json");
        Files.setLastModifiedTime(project.resolve("inplace.json"), before);
        before = Files.getLastModifiedTime(project.resolve("renamed.json"));
        Files.setLastModifiedTime(replace("renamed.json"), before);
        Files.delete(project.resolve("deleted.json"));
        current.put("deleted.json", ABSENT);
        write("added.json");
    }

    /** One file changes all the time, also shortly before the server goes on. */
    private void rewriteFor(Duration time) throws IOException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < time.toNanos()) {
            write("churn.json");
        }
    }

    private void assertReadersSawNothingOld(long resumed) {
        int counted = 0;
        for (Seen one : seen) {
            boolean settled = !one.filename().equals("churn.json");
            if (one.startNanos() - resumed > (settled ? 0 : BOUND.toNanos())) {
                assertThat(one.version())
                        .as("%s, %d ms after it went on", one.filename(), (one.startNanos() - resumed) / 1_000_000)
                        .isEqualTo(current.get(one.filename()));
                counted++;
            }
        }
        assertThat(counted).isGreaterThan(NAMES.size());
    }

    /** While readers ask: in place the file would be empty for a moment, which may be long on a busy machine. */
    private Path replace(String name) throws IOException {
        Path temporary = Files.writeString(project.resolve(".new"), next(name));
        return Files.move(temporary, project.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private void write(String name) throws IOException {
        Files.writeString(project.resolve(name), next(name));
    }

    /** Of the same length each time. */
    private String next(String name) {
        current.put(name, ++version);
        return "{\"token\":\"made-up\",\"version\":" + version + "}";
    }

    private Void read(String name) throws Exception {
        while (!done) {
            long start = System.nanoTime();
            seen.add(new Seen(start, name, get(name)));
        }
        return null;
    }

    private int get(String name) throws Exception {
        HttpResponse<byte[]> reply = api.get(PROJECT, name);
        if (reply.statusCode() == 404) {
            return ABSENT;
        }
        // The file that is rewritten in place is empty for moments, and then no token file.
        return reply.statusCode() == 422 && name.equals("churn.json")
                ? -1
                : ok(reply).getJsonObject("data").getInteger("version");
    }

    private List<String> list() throws Exception {
        return strings(json(api.list(PROJECT)).getJsonArray("tokens"));
    }
}
