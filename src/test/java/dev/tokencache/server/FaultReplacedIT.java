package dev.tokencache.server;

import static dev.tokencache.server.Api.assertFails;
import static dev.tokencache.server.Api.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import dev.tokencache.Poll;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Directories that are replaced by something else while the server runs; moved away and back is in FreshnessIT. */
@Timeout(120)
class FaultReplacedIT {
    @TempDir
    Path directory;

    private ServerProcess server;
    private Api api;

    @BeforeEach
    void start() throws Exception {
        write("accounts/demo/a.json", "first");
        server = ServerProcess.start(directory, Faults.INTERVAL);
        api = server.admin();
        Faults.awaitStatus(() -> api.get("/health/ready"), 200);
        ok(api.get("demo", "a.json"));
        ok(api.list("demo"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void write(String name, String value) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "{\"token\":\"made-up-" + value + "\"}");
    }

    private void awaitValue(String project, String value) throws Exception {
        Poll.until(
                Faults.BOUND,
                () -> api.get(project, "a.json"),
                reply -> reply.statusCode() == 200 && Api.text(reply).contains("made-up-" + value));
    }

    @Test
    void project_replacedByAFile_isAbsentAndNotToBeWrittenUntilItIsBack() throws Exception {
        Path aside = directory.resolve("aside");
        Files.move(server.root().resolve("demo"), aside);
        Files.writeString(server.root().resolve("demo"), "{}");

        Faults.awaitFailure(() -> api.get("demo", "a.json"), Failure.NOT_FOUND);
        Poll.until(
                Faults.BOUND,
                () -> api.list("demo"),
                reply -> Integer.valueOf(0).equals(Api.json(reply).getInteger("count")));
        assertFails(Faults.add(api, "demo", "made-up"), Failure.NOT_REPLACEABLE);
        assertThat(server.root().resolve("demo")).hasContent("{}");

        Files.delete(server.root().resolve("demo"));
        Files.move(aside, server.root().resolve("demo"));

        awaitValue("demo", "first");
        ok(Faults.add(api, "demo", "made-up"));
    }

    @Test
    void root_replacedByAnotherDirectory_servesWhatIsThereNow() throws Exception {
        write("next/demo/a.json", "second");
        write("next/new/a.json", "new");
        Files.move(server.root(), directory.resolve("old"));
        Faults.awaitFailure(() -> api.get("demo", "a.json"), Failure.STORAGE_UNREADABLE);
        Files.move(directory.resolve("next"), server.root());

        awaitValue("demo", "second");
        awaitValue("new", "new");
        write("old/demo/a.json", "of a root that is no more");
        ok(Faults.add(api, "new", "made-up"));
        assertThat(server.root().resolve("new").resolve(Faults.ACCOUNT)).exists();

        write("accounts/demo/a.json", "third");
        awaitValue("demo", "third");
    }

    @Test
    void root_replacedInOneStep_servesWhatIsThereNow() throws Exception {
        Path real = directory.resolve("real");
        Files.move(server.root(), real);
        Files.createSymbolicLink(server.root(), Path.of("real"));
        awaitValue("demo", "first");
        write("next/demo/b.json", "second");
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("next"));
        Files.move(link, server.root(), StandardCopyOption.ATOMIC_MOVE);

        Faults.awaitFailure(() -> api.get("demo", "a.json"), Failure.NOT_FOUND);
        Faults.awaitStatus(() -> api.get("demo", "b.json"), 200);
    }
}
