package dev.tokencache.server;

import static dev.tokencache.server.Api.ok;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A running server for tests of the management routes. Each test has a project of its own. The watcher looks once, at the
 * start: what a reply says then depends on nothing but the requests before it.
 */
@Timeout(60)
abstract class ManagementServer {
    @TempDir
    static Path directory;

    static ServerProcess server;
    static Api api;

    @BeforeAll
    static void start() throws Exception {
        Path counted = Files.createDirectories(directory.resolve("accounts/counted"));
        Files.writeString(counted.resolve("a.json"), "{}");
        Files.writeString(counted.resolve("b.json"), "[1]");
        Files.writeString(counted.resolve("ignored.txt"), "x");
        server = ServerProcess.start(directory, "watch.interval=1h", "watch.hints=false");
        api = server.admin();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    static Path put(String project, String filename, String content) throws Exception {
        Path parent = Files.createDirectories(server.root().resolve(project));
        return Files.writeString(parent.resolve(filename), content);
    }

    static JsonObject add(String project, JsonObject data, String type) throws Exception {
        return ok(api.post(
                "tokens/add",
                new JsonObject().put("project", project).put("type", type).put("data", data)));
    }

    static JsonObject password(String email) {
        return new JsonObject().put("email", email).put("password", "made-up");
    }

    static JsonObject key(String project, String filename) {
        return new JsonObject().put("project", project).put("filename", filename);
    }
}
