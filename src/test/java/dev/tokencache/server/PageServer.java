package dev.tokencache.server;

import dev.tokencache.auth.JwtIssuer;
import dev.tokencache.auth.Scope;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A running server for tests of the admin page in a browser. Each test has a project of its own. */
@Timeout(90)
@ExtendWith(Chromium.class)
abstract class PageServer {
    @TempDir
    static Path directory;

    static ServerProcess server;

    @BeforeAll
    static void start() throws Exception {
        server = ServerProcess.start(directory);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** A bearer token for all there is. */
    static String everything() {
        return server.token(List.of(Scope.values()), JwtIssuer.ALL_PROJECTS);
    }

    /** Replaces a file, as a careful program would. */
    static Path put(String project, String filename, String content) throws Exception {
        Path file = Files.createDirectories(server.root().resolve(project)).resolve(filename);
        Path temporary = Files.createTempFile(directory, "new", ".tmp");
        Files.writeString(temporary, content);
        return Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** A token file with a value that must not be seen where it doesn't belong. */
    static String token(String value) {
        return new JsonObject().put("token", Window.SECRET + value).encode();
    }
}
