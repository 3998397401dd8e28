package dev.tokencache.server;

import static dev.tokencache.server.Api.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Poll;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the server in the middle of write storms and starts it again: every acknowledged write must be there, none torn,
 * an unanswered one done or not done. The property {@code crash.rounds} says how often, {@code crash.seed} repeats the
 * decisions, though not the moments.
 *
 * <p>A killed process loses what it has not given to the kernel, no more: what a loss of power takes besides isn't tested
 * here. For that {@code CrashSyncIT} looks at the order of the system calls.
 */
class CrashIT {
    private static final int ROUNDS = Integer.getInteger("crash.rounds", 10);
    private static final Duration OLD = Duration.ofMinutes(11);
    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final String ORPHAN = ".token-cache-0123456789abcdef01234567.tmp";

    /** Frequent scans, at any cost: they collect the temp files. */
    private static final String[] SETS = {"watch.interval=200ms", "watch.maxLoad=1"};

    @TempDir
    Path directory;

    private Path root;
    private Random random;
    private final Set<Path> temps = new HashSet<>();
    private int shown;

    /** No {@code @Timeout}: the number of rounds is the caller's. Every wait in it has a bound of its own. */
    @Test
    void server_killedInWriteStorms_losesNoAcknowledgedWrite() throws Exception {
        root = directory.resolve("accounts");
        long seed = Storm.seed("crash.seed");
        random = new Random(seed);
        long start = System.nanoTime();
        try (Storm storm = new Storm(root, seed)) {
            StormCheck check = new StormCheck(root, storm.writers());
            ServerProcess server = ServerProcess.start(directory, SETS);
            try {
                for (int round = 1; round <= ROUNDS; round++) {
                    storm.start(server);
                    storm.awaitMoment();
                    server.close();
                    storm.awaitEnd();
                    shown += check.disk();
                    storm.removeOld();
                    List<Path> old = age(0.5);
                    List<Path> young = new ArrayList<>(StormCheck.temps(root));
                    young.removeAll(old);

                    server = ServerProcess.start(directory, SETS);

                    check.served(server.admin());
                    assertLocksAreFree(server.admin());
                    awaitGone(server.admin(), old);
                    assertThat(young).allMatch(Files::exists);
                }
                awaitGone(server.admin(), age(1));
                assertThat(StormCheck.temps(root)).isEmpty();
                assertThat(server.stderr()).doesNotContain("ERROR");
            } finally {
                server.close();
            }
            System.out.printf(
                    "crash: %d rounds in %.1f s: %d writes acknowledged, none lost, %d answered 503,"
                            + " %d there without their reply, %d temp files left and collected%n",
                    ROUNDS,
                    (System.nanoTime() - start) / 1e9,
                    storm.acknowledged(),
                    storm.refused(),
                    shown,
                    temps.size());
        }
    }

    @Test
    @Timeout(60)
    void server_killed_leavesNothingInTheTempDirectory() throws Exception {
        Path temporary = Files.createDirectory(directory.resolve("tmp"));
        List<String> environment = List.of("env", "JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=" + temporary);
        try (ServerProcess server = ServerProcess.startUnder(environment, directory)) {
            ok(server.admin().list("demo"));
        }
        assertThat(temporary).isEmptyDirectory();
    }

    /** Plants an orphan, and makes some of all temp files look as if their writer had died long ago; returns those. */
    private List<Path> age(double share) throws IOException {
        Path planted = root.resolve("storm-0").resolve(ORPHAN);
        temps.addAll(StormCheck.temps(root));
        if (!Files.exists(planted)) {
            Files.writeString(planted, "{\"token\":\"made-up\"}");
        }
        List<Path> old = new ArrayList<>();
        for (Path temp : StormCheck.temps(root)) {
            if (temp.equals(planted) || random.nextDouble() < share) {
                Files.setLastModifiedTime(temp, FileTime.from(Instant.now().minus(OLD)));
                old.add(temp);
            }
        }
        return old;
    }

    private static void awaitGone(Api api, List<Path> files) throws Exception {
        for (Path file : files) {
            Poll.until(
                    BOUND,
                    () -> {
                        api.get("/health/live");
                        return Files.exists(file);
                    },
                    exists -> !exists);
        }
    }

    /** A lock that outlived its process would make this write wait, and then fail. */
    private static void assertLocksAreFree(Api api) throws Exception {
        for (String project : Storm.PROJECTS) {
            JsonObject data = new JsonObject()
                    .put("email", "after@example.com")
                    .put("password", "made-up")
                    .put("token", new StormValue(0, 0).text(new Random(0)));
            ok(api.post(
                    "tokens/add",
                    new JsonObject()
                            .put("project", project)
                            .put("type", "password")
                            .put("data", data)));
            ok(api.post(
                    "tokens/delete",
                    new JsonObject().put("project", project).put("filename", "after_example_com.json")));
        }
    }
}
