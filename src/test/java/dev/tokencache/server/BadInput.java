package dev.tokencache.server;

import static dev.tokencache.server.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A server over bad files, for requests as bad: it logs everything meanwhile. At the end nothing may have changed on the
 * disk, the server must still serve, and nothing of a file, a request, a token or a path may stand in its log.
 */
final class BadInput {
    /** Stands in bad requests; nobody may ever repeat it. */
    static final String CANARY = "CANARY-in-a-request";

    private final Path directory;
    private final BadFiles files;
    private final Map<String, String> before;
    private final ServerProcess server;
    private final Api admin;

    private BadInput(Path directory) throws Exception {
        this.directory = directory;
        files = BadFiles.create(directory.resolve("accounts"), directory.resolve("outside.json"));
        before = files.picture();
        server = ServerProcess.startUnder(
                withoutOverride(),
                directory,
                "log.level=trace",
                "auth.maxFailuresPerMinute=1000000",
                "http.requestTimeout=1s");
        admin = server.admin();
    }

    static BadInput start(Path directory) throws Exception {
        return new BadInput(directory);
    }

    /** Takes away from root what lets it read files whose permissions forbid it. Others have nothing to lose. */
    static List<String> withoutOverride() {
        return "root".equals(System.getProperty("user.name"))
                ? List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search")
                : List.of();
    }

    BadFiles files() {
        return files;
    }

    ServerProcess server() {
        return server;
    }

    /** One caller with everything on all projects, known to the server after its first request. */
    Api admin() {
        return admin;
    }

    /** A caller without a token. */
    Api nobody() {
        return new Api(server.port(), null);
    }

    /** Stops the server and checks what it leaves. */
    void close() throws Exception {
        try (ServerProcess stopped = server) {
            assertThat(files.picture()).isEqualTo(before);
            assertThat(json(admin.get(BadFiles.PROJECT, BadFiles.GOOD))
                            .getJsonObject("data")
                            .encode())
                    .isEqualTo("{\"token\":\"made-up\"}");
            stopped.terminate();
            assertThat(stopped.awaitEnd(Duration.ofSeconds(10))).isZero();
            String log = stopped.stdout() + stopped.stderr();
            assertThat(log).contains("stopped in").doesNotContain("CANARY", "eyJ", directory.toString(), "Exception: ");
            files.expected().keySet().forEach(name -> assertThat(log).doesNotContain(name));
        }
    }
}
