package dev.tokencache.server;

import static dev.tokencache.server.Api.assertFails;
import static dev.tokencache.server.Api.json;
import static dev.tokencache.server.Api.ok;
import static dev.tokencache.server.Api.strings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tokencache.Failure;
import dev.tokencache.Poll;
import dev.tokencache.server.ServerProcess.Ended;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the server makes of a root that is absent, not wholly readable, littered, or taken away while it runs. */
@Timeout(120)
class StartRootIT {
    /** C2: interval + one scan + 2 s. */
    private static final Duration BOUND = Duration.ofMillis(3_500);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private Path root;

    @BeforeEach
    void name() {
        root = directory.resolve("accounts");
    }

    private void write(String project, String filename, String content) throws IOException {
        Files.writeString(Files.createDirectories(root.resolve(project)).resolve(filename), content);
    }

    private static String content(String version) {
        return "{\"token\":\"made-up\",\"version\":\"" + version + "\"}";
    }

    private static JsonObject session(String project) {
        return new JsonObject()
                .put("project", project)
                .put("type", "session")
                .put("data", new JsonObject().put("token", "made-up"));
    }

    private static int status(Api api, String project, String filename) throws Exception {
        return api.get(project, filename).statusCode();
    }

    private static String version(Api api, String project, String filename) throws Exception {
        JsonObject data = json(api.get(project, filename)).getJsonObject("data");
        return data == null ? null : data.getString("version");
    }

    @Test
    void start_withAnUnreadableProject_servesTheOthersAndItOnceItCan() throws Exception {
        assumeTrue(Unprivileged.canRead(ServerProcess.jar()), "the jar can't be read without the rights of root");
        write("open", "a.json", content("only"));
        write("closed", "a.json", content("only"));
        Unprivileged.own(directory);
        Files.setPosixFilePermissions(root.resolve("closed"), PosixFilePermissions.fromString("---------"));
        try (ServerProcess server = ServerProcess.startUnder(Unprivileged.prefix(), directory)) {
            Api api = server.admin();

            for (int round = 0; round < 2; round++) {
                assertFails(api.get("closed", "a.json"), Failure.STORAGE_UNREADABLE);
                assertFails(api.list("closed"), Failure.STORAGE_UNREADABLE);
                assertFails(api.post("tokens/add", session("closed")), Failure.STORAGE_UNREADABLE);
                ok(api.get("open", "a.json"));
                assertThat(ok(api.list("open")).getInteger("count")).isEqualTo(1);
                ok(api.post("tokens/add", session("made")));
                Poll.until(PATIENCE, () -> api.get("/health/ready").statusCode(), status -> status == 200);
            }

            Files.setPosixFilePermissions(root.resolve("closed"), PosixFilePermissions.fromString("rwx------"));

            Poll.until(BOUND, () -> status(api, "closed", "a.json"), status -> status == 200);
            Poll.until(BOUND, () -> api.list("closed").statusCode(), status -> status == 200);
            ok(api.post("tokens/add", session("closed")));
        } finally {
            Files.setPosixFilePermissions(root.resolve("closed"), PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void start_amongOrphanTemps_removesTheOldAndLeavesTheYoung() throws Exception {
        write("demo", "a.json", content("only"));
        Path old = temp(1, Instant.now().minus(Duration.ofMinutes(11)));
        Path older = temp(2, Instant.EPOCH);
        Path young = temp(3, Instant.now().minus(Duration.ofMinutes(8)));
        Path future = temp(4, Instant.now().plus(Duration.ofDays(1)));
        try (ServerProcess server = ServerProcess.start(directory)) {
            Api api = server.admin();

            Poll.until(
                    PATIENCE,
                    () -> {
                        api.get("/health/live");
                        return Files.exists(old) || Files.exists(older);
                    },
                    there -> !there);

            Poll.until(PATIENCE, () -> api.get("/health/ready").statusCode(), status -> status == 200);
            assertThat(young).exists();
            assertThat(future).exists();
            assertThat(strings(ok(api.list("demo")).getJsonArray("tokens"))).containsExactly("a.json");
            JsonObject demo = ok(api.get("cache/stats")).getJsonObject("stats").getJsonObject("demo");
            assertThat(demo.getInteger("ignoredFiles")).isZero();
        }
    }

    private Path temp(int number, Instant modified) throws IOException {
        Path temp = root.resolve("demo/.token-cache-00000000000000000000000" + number + ".tmp");
        Files.writeString(temp, content("half"));
        return Files.setLastModifiedTime(temp, FileTime.from(modified));
    }

    @Test
    void start_beforeTheRootExists_makesItAndServes() throws Exception {
        try (ServerProcess server = ServerProcess.start(directory)) {
            Api api = server.admin();

            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root)))
                    .isEqualTo("rwx------");
            assertThat(ok(api.list("demo")).getInteger("count")).isZero();
            write("demo", "a.json", content("only"));
            Poll.until(BOUND, () -> status(api, "demo", "a.json"), status -> status == 200);
            Poll.until(PATIENCE, () -> api.get("/health/ready").statusCode(), status -> status == 200);
        }
    }

    @Test
    void start_beforeTheRootsParentExists_isRefusedInOneLine() throws Exception {
        Ended ended = ServerProcess.run(directory, "--set", "http.port=0", "--set", "root=none/accounts");

        assertThat(ended.stderr()).isEqualTo("token-cache: root: neither the directory nor its parent exists\n");
        assertThat(ended.code()).isEqualTo(1);
    }

    @Test
    void root_removedAndMadeAgain_is503InBetweenAndThenTheNewOne() throws Exception {
        write("demo", "a.json", content("old"));
        write("gone", "a.json", content("old"));
        try (ServerProcess server = ServerProcess.start(directory)) {
            Api api = server.admin();
            Poll.until(PATIENCE, () -> api.get("/health/ready").statusCode(), status -> status == 200);
            assertThat(version(api, "demo", "a.json")).isEqualTo("old");
            ok(api.list("demo"));
            ok(api.get("gone", "a.json"));

            removeRoot();

            Poll.until(BOUND, () -> status(api, "demo", "a.json"), status -> status == 503);
            Poll.until(BOUND, () -> api.list("demo").statusCode(), status -> status == 503);
            Poll.until(BOUND, () -> api.get("/health/ready").statusCode(), status -> status == 503);
            assertFails(api.get("demo", "absent.json"), Failure.STORAGE_UNREADABLE);
            assertFails(api.post("tokens/add", session("demo")), Failure.STORAGE_UNREADABLE);
            assertThat(root).doesNotExist();
            assertThat(api.get("/health/live").statusCode()).isEqualTo(200);

            write("demo", "a.json", content("new"));

            assertServesTheNewRoot(api, "new");
        }
    }

    /** So fast that a scan may not have noticed. */
    @Test
    void root_exchangedAtOnce_isServedWithinTheBound() throws Exception {
        write("demo", "a.json", content("old"));
        write("gone", "a.json", content("old"));
        try (ServerProcess server = ServerProcess.start(directory)) {
            Api api = server.admin();
            Poll.until(PATIENCE, () -> api.get("/health/ready").statusCode(), status -> status == 200);
            for (int round = 0; round < 3; round++) {
                ok(api.list("demo"));
                ok(api.get("demo", "a.json"));

                removeRoot();
                write("demo", "a.json", content("n" + round + "w"));

                assertServesTheNewRoot(api, "n" + round + "w");
            }
        }
    }

    private void assertServesTheNewRoot(Api api, String expected) throws Exception {
        Poll.until(BOUND, () -> expected.equals(version(api, "demo", "a.json")), right -> right);
        Poll.until(BOUND, () -> status(api, "gone", "a.json"), status -> status == 404);
        Poll.until(BOUND, () -> api.list("demo").statusCode(), status -> status == 200);
        Poll.until(BOUND, () -> api.get("/health/ready").statusCode(), status -> status == 200);
        write("demo", "b.json", content("later"));
        Poll.until(BOUND, () -> status(api, "demo", "b.json"), status -> status == 200);
        Poll.until(BOUND, () -> ok(api.list("demo")).getInteger("count"), count -> count == 2);
        assertThat(ok(api.get("projects/list")).getJsonArray("projects")).hasSize(1);
    }

    private void removeRoot() throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
