package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With {@code log.format: json} all that a server says on standard error is one JSON object a line. */
@Timeout(60)
class JsonLogIT {
    @TempDir
    Path directory;

    @Test
    void stderr_fromFirstStartToStop_isJsonLines() throws Exception {
        Path project = Files.createDirectories(directory.resolve("accounts/demo"));
        Files.setPosixFilePermissions(project, PosixFilePermissions.fromString("rwxrwxrwx"));
        try (ServerProcess server = ServerProcess.start(directory, "log.format=json", "log.level=debug")) {
            assertThat(server.stdout()).isEqualTo("ready on http://127.0.0.1:" + server.port());
            server.admin().get("demo", "none.json");
            server.terminate();
            assertThat(server.awaitEnd(Duration.ofSeconds(20))).isZero();

            List<JsonObject> lines =
                    server.stderr().lines().map(JsonObject::new).toList();
            assertThat(lines).allSatisfy(line -> {
                assertThat(line.fieldNames()).contains("time", "level", "logger", "thread", "message");
                assertThat(Instant.parse(line.getString("time"))).isBefore(Instant.now());
                assertThat(line.getString("level")).isIn("ERROR", "WARN", "INFO", "DEBUG");
            });
            List<String> messages =
                    lines.stream().map(line -> line.getString("message")).toList();
            assertThat(messages)
                    .anyMatch(message -> message.startsWith("first_start "))
                    .anyMatch(message -> message.contains("group or others can write"))
                    .anyMatch(message -> message.startsWith("stopped in"));
        }
    }
}
