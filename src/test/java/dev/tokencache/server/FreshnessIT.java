package dev.tokencache.server;

import static dev.tokencache.server.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Poll;
import dev.tokencache.RunningTime;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long after an outside edit its result is served. The promise with hints, 100 ms, is held against the median: the
 * slowest of few on a busy machine says more about the machine, so it is held against the promise without hints.
 */
@Timeout(120)
class FreshnessIT {
    private static final int ROUNDS = 20;
    private static final Duration WITH_HINTS = Duration.ofMillis(100);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration SCAN = Duration.ofMillis(500);
    private static final Duration BOUND = INTERVAL.plus(SCAN).plusSeconds(2);

    @TempDir
    Path directory;

    private ServerProcess server;
    private Api api;
    private int version;

    @AfterEach
    void stop() {
        server.close();
    }

    private void start(boolean hints) throws Exception {
        for (String name : new String[] {"a.json", "b.json", "c.json"}) {
            put("demo", name);
        }
        server = ServerProcess.start(directory, "watch.interval=" + INTERVAL.toMillis() + "ms", "watch.hints=" + hints);
        api = server.admin();
        Poll.until(Duration.ofSeconds(30), () -> api.get("/health/ready"), reply -> reply.statusCode() == 200);
    }

    /** Writes the next version in place. */
    private String put(String project, String filename) throws IOException {
        Path parent = Files.createDirectories(directory.resolve("accounts").resolve(project));
        String content = next();
        Files.writeString(parent.resolve(filename), content);
        return content;
    }

    /** Of the same length each time, so that no size gives a change away. */
    private String next() {
        return "{\"token\":\"made-up-" + (100_000 + version++) + "\"}";
    }

    private String renameOver(String filename) throws IOException {
        String content = next();
        Path temporary = Files.writeString(directory.resolve("accounts/demo/.new"), content);
        Files.move(temporary, temporary.resolveSibling(filename), StandardCopyOption.ATOMIC_MOVE);
        return content;
    }

    private static Predicate<HttpResponse<byte[]>> serves(String content) {
        return reply -> reply.statusCode() == 200 && Api.text(reply).endsWith("\"data\":" + content + "}");
    }

    private static Predicate<HttpResponse<byte[]>> counts(int count) {
        return reply -> reply.statusCode() == 200 && json(reply).getInteger("count") == count;
    }

    private static Predicate<HttpResponse<byte[]>> says(int status) {
        return reply -> reply.statusCode() == status;
    }

    private interface Edit {
        /** Changes something and says what must be served then. */
        Predicate<HttpResponse<byte[]>> run(int round) throws Exception;
    }

    /** Edits and asks until the edit shows, again and again; returns how long each took, in microseconds, sorted. */
    private long[] measure(String what, Edit edit, Callable<HttpResponse<byte[]>> question) throws Exception {
        long[] micros = new long[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            question.call();
            Predicate<HttpResponse<byte[]>> expected = edit.run(round);
            long start = RunningTime.nanoTime();
            Poll.until(BOUND, question, expected);
            micros[round] = (RunningTime.nanoTime() - start) / 1_000;
        }
        Arrays.sort(micros);
        System.out.printf(
                "freshness %s: p50 %.1f ms, p99 %.1f ms%n", what, micros[ROUNDS / 2] / 1e3, micros[ROUNDS - 1] / 1e3);
        return micros;
    }

    private void assertPrompt(String what, Edit edit, Callable<HttpResponse<byte[]>> question) throws Exception {
        long[] micros = measure(what, edit, question);
        assertThat(Duration.ofNanos(micros[ROUNDS / 2] * 1_000)).as(what).isLessThan(limit());
    }

    /**
     * What is promised, or on a machine that is too busy for it the time of 20 requests that wait for nothing. It stays below
     * what an edit takes without hints, half an interval in the median.
     */
    private Duration limit() throws Exception {
        long[] nanos = new long[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            long start = RunningTime.nanoTime();
            api.get("/health/live");
            nanos[round] = RunningTime.nanoTime() - start;
        }
        Arrays.sort(nanos);
        long busy = Math.min(20 * nanos[ROUNDS / 2], INTERVAL.toNanos() * 2 / 5);
        return Duration.ofNanos(Math.max(WITH_HINTS.toNanos(), busy));
    }

    @Test
    void edits_withHints_areServedWithin100Milliseconds() throws Exception {
        start(true);

        assertPrompt("in place", round -> serves(put("demo", "a.json")), () -> api.get("demo", "a.json"));
        assertPrompt("rename over", round -> serves(renameOver("b.json")), () -> api.get("demo", "b.json"));
        assertPrompt(
                "delete and add",
                round -> {
                    if (round % 2 == 1) {
                        return serves(put("demo", "c.json"));
                    }
                    Files.delete(directory.resolve("accounts/demo/c.json"));
                    return says(404);
                },
                () -> api.get("demo", "c.json"));
        assertPrompt(
                "list of added",
                round -> {
                    put("demo", "added-" + round + ".json");
                    return counts(4 + round);
                },
                () -> api.list("demo"));
    }

    @Test
    void newProjects_withHints_areServedWithin100Milliseconds() throws Exception {
        start(true);

        for (int i = 0; i < ROUNDS; i++) {
            assertThat(api.list("new-" + i).statusCode()).isEqualTo(200);
        }
        int[] current = new int[1];
        assertPrompt(
                "list of a new project",
                round -> {
                    current[0] = round;
                    put("new-" + round, "a.json");
                    return counts(1);
                },
                () -> api.list("new-" + current[0]));
    }

    @Test
    void edits_withoutHints_areServedWithinTheInterval() throws Exception {
        start(false);

        for (int round = 0; round < 3; round++) {
            api.get("demo", "a.json");
            api.get("demo", "b.json");
            api.list("demo");
            Predicate<HttpResponse<byte[]>> inPlace = serves(put("demo", "a.json"));
            Predicate<HttpResponse<byte[]>> renamed = serves(renameOver("b.json"));
            put("demo", "d" + round + ".json");
            String late = "late-" + round;
            put(late, "a.json");
            long start = RunningTime.nanoTime();
            Poll.until(BOUND, () -> api.get("demo", "a.json"), inPlace);
            Poll.until(BOUND, () -> api.get("demo", "b.json"), renamed);
            Poll.until(BOUND, () -> api.list("demo"), counts(4 + round));
            Poll.until(BOUND, () -> api.list(late), counts(1));
            assertThat(Duration.ofNanos(RunningTime.nanoTime() - start)).isLessThan(BOUND);
        }
    }

    @Test
    void root_movedAwayAndBack_is503AndServedAgain() throws Exception {
        start(true);
        assertThat(api.get("demo", "a.json").statusCode()).isEqualTo(200);
        assertThat(api.list("demo").statusCode()).isEqualTo(200);

        Files.move(server.root(), directory.resolve("elsewhere"));

        Poll.until(BOUND, () -> api.get("demo", "a.json"), says(503));
        Poll.until(BOUND, () -> api.list("demo"), says(503));
        assertThat(json(api.get("demo", "a.json")).getString("error")).isEqualTo("storage_unreadable");
        assertThat(json(api.list("demo")).getString("error")).isEqualTo("storage_unreadable");
        assertThat(api.list("absent").statusCode()).isEqualTo(503);
        assertThat(api.get("projects/list").statusCode()).isEqualTo(503);
        Poll.until(BOUND, () -> api.get("/health/ready"), says(503));
        assertThat(api.post("tokens/add", session()).statusCode()).isEqualTo(503);

        Files.move(directory.resolve("elsewhere"), server.root());

        Poll.until(BOUND, () -> api.get("demo", "a.json"), says(200));
        Poll.until(BOUND, () -> api.list("demo"), counts(3));
        Poll.until(BOUND, () -> api.get("/health/ready"), says(200));
        Poll.until(BOUND, () -> api.get("demo", "a.json"), serves(put("demo", "a.json")));
    }

    private static JsonObject session() {
        return new JsonObject()
                .put("project", "demo")
                .put("type", "session")
                .put("data", new JsonObject().put("token", "made-up"));
    }

    @Test
    void project_deleted_is404AndCountsNoneUntilItIsBack() throws Exception {
        start(true);
        assertThat(api.get("demo", "a.json").statusCode()).isEqualTo(200);
        assertThat(json(api.list("demo")).getInteger("count")).isEqualTo(3);

        delete(server.root().resolve("demo"));

        Poll.until(BOUND, () -> api.get("demo", "a.json"), says(404));
        Poll.until(BOUND, () -> api.list("demo"), counts(0));
        assertThat(json(api.get("projects/list")).getJsonArray("projects")).isEmpty();

        String content = put("demo", "b.json");

        Poll.until(BOUND, () -> api.get("demo", "b.json"), serves(content));
        Poll.until(BOUND, () -> api.list("demo"), counts(1));
        assertThat(api.get("demo", "a.json").statusCode()).isEqualTo(404);
    }

    private static void delete(Path project) throws IOException {
        try (Stream<Path> files = Files.list(project)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(project);
    }
}
