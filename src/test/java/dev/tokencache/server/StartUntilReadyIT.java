package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.server.ServerProcess.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A start that ends by itself. */
@Timeout(120)
class StartUntilReadyIT {
    @TempDir
    Path directory;

    @Test
    void untilReady_endsByItselfWithCode0AndLetsGoOfEverything() throws Exception {
        Ended ended = ServerProcess.run(directory, "serve", "--until-ready", "--set", "http.port=0");

        assertThat(ended.code()).as(ended.stderr()).isZero();
        assertThat(ended.stdout()).matches("ready on http://127\\.0\\.0\\.1:[0-9]+\n");
        assertThat(ended.stderr()).contains("stopped in ").doesNotContain("WARN", "ERROR");
        try (ServerProcess server = ServerProcess.start(directory)) {
            assertThat(server.admin().list("demo").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void untilReady_whatAStartWouldRefuse_isCode1() throws Exception {
        Files.writeString(directory.resolve("state"), "no directory");

        Ended ended = ServerProcess.run(directory, "serve", "--until-ready", "--set", "http.port=0");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.stdout()).isEmpty();
        assertThat(ended.stderr()).isEqualTo("token-cache: stateDir: something that is no directory has its name\n");
    }
}
