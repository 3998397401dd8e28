package dev.tokencache.server;

import static dev.tokencache.server.Api.assertFails;
import static dev.tokencache.server.Api.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server without root rights, and permissions that are taken away from it and given back. */
@Timeout(120)
class FaultPermissionIT {
    @TempDir
    Path directory;

    private ServerProcess server;
    private Api api;

    @BeforeEach
    void start() throws Exception {
        for (String name : new String[] {"demo/a.json", "demo/uncached.json", "demo/b.json", "other/a.json"}) {
            Path file = directory.resolve("accounts").resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "{\"token\":\"made-up\"}");
        }
        Unprivileged.own(directory);
        server = ServerProcess.startUnder(Unprivileged.prefix(), directory, Faults.INTERVAL);
        api = server.admin();
        Faults.awaitStatus(() -> api.get("/health/ready"), 200);
        ok(api.get("demo", "a.json"));
        ok(api.get("demo", "b.json"));
        ok(api.get("other", "a.json"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private interface Action {
        void run() throws Exception;
    }

    /** Runs with other permissions, and puts back what was. */
    private void with(String permissions, String name, Action action) throws Exception {
        Path path = server.root().resolve(name);
        Set<PosixFilePermission> before = Files.getPosixFilePermissions(path);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        try {
            action.run();
        } finally {
            Files.setPosixFilePermissions(path, before);
        }
    }

    private void assertOthersServed() throws Exception {
        ok(api.get("other", "a.json"));
        ok(api.list("other"));
        assertThat(api.get("/health/live").statusCode()).isEqualTo(200);
        assertThat(api.get("/health/ready").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.json", "uncached.json"})
    void file_unreadable_isAnErrorOfItsOwn(String filename) throws Exception {
        with("---------", "demo/" + filename, () -> {
            Faults.awaitFailure(() -> api.get("demo", filename), Failure.STORAGE_UNREADABLE);
            ok(api.get("demo", "b.json"));
            assertOthersServed();
        });
        Faults.awaitStatus(() -> api.get("demo", filename), 200);
    }

    /** Without the right to search, the names can be listed and nothing of them can be looked at. */
    @ParameterizedTest
    @ValueSource(strings = {"---------", "r--r--r--", "--x--x--x"})
    void project_unreadable_isAnErrorOfThatProject(String permissions) throws Exception {
        with(permissions, "demo", () -> {
            if (!permissions.startsWith("--x")) {
                Faults.awaitFailure(() -> api.get("demo", "a.json"), Failure.STORAGE_UNREADABLE);
                Faults.awaitFailure(() -> api.get("demo", "uncached.json"), Failure.STORAGE_UNREADABLE);
            }
            Faults.awaitFailure(() -> api.list("demo"), Failure.STORAGE_UNREADABLE);
            assertOthersServed();
        });
        Faults.awaitStatus(() -> api.get("demo", "a.json"), 200);
        Faults.awaitStatus(() -> api.get("demo", "uncached.json"), 200);
        Faults.awaitStatus(() -> api.list("demo"), 200);
    }

    @Test
    void root_unreadable_isAnErrorOfAllUntilItIsBack() throws Exception {
        with("---------", "", () -> {
            Faults.awaitFailure(() -> api.get("demo", "a.json"), Failure.STORAGE_UNREADABLE);
            Faults.awaitFailure(() -> api.get("other", "absent.json"), Failure.STORAGE_UNREADABLE);
            Faults.awaitFailure(() -> api.list("demo"), Failure.STORAGE_UNREADABLE);
            assertThat(api.get("/health/live").statusCode()).isEqualTo(200);
            Faults.awaitFailure(() -> api.get("/health/ready"), Failure.STORAGE_UNREADABLE);
        });
        Faults.awaitStatus(() -> api.get("demo", "a.json"), 200);
        Faults.awaitStatus(() -> api.list("other"), 200);
        Faults.awaitStatus(() -> api.get("/health/ready"), 200);
    }

    @Test
    void check_ofWhatCantBeRead_namesIt() throws Exception {
        with(
                "---------",
                "other",
                () -> with("---------", "demo/b.json", () -> {
                    ServerProcess.Ended ended = ServerProcess.runUnder(Unprivileged.prefix(), directory, "check");
                    assertThat(ended.code()).isEqualTo(1);
                    assertThat(ended.stdout())
                            .contains(
                                    "3 files, 0 invalid, 2 unreadable", "demo/b.json: unreadable", "other: unreadable");
                    String json = ServerProcess.runUnder(Unprivileged.prefix(), directory, "check", "--json")
                            .stdout();
                    assertThat(new JsonObject(json).getJsonArray("unreadable")).containsExactly("demo/b.json", "other");
                }));
    }

    @Test
    void project_notToBeWritten_failsWritesAndServesTheOldValue() throws Exception {
        ok(Faults.add(api, "mine", "made-up-old"));
        with("r-xr-xr-x", "mine", () -> {
            assertFails(Faults.add(api, "mine", "made-up-new"), Failure.STORAGE_UNREADABLE);
            assertFails(Faults.delete(api, "mine", Faults.ACCOUNT), Failure.STORAGE_UNREADABLE);
            assertThat(Faults.token(api, "mine")).isEqualTo("made-up-old");
            Faults.assertNoTemps(server.root().resolve("mine"));
        });
        ok(Faults.add(api, "mine", "made-up-new"));
        assertThat(Faults.token(api, "mine")).isEqualTo("made-up-new");
    }
}
