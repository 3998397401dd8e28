package dev.tokencache.server;

import static dev.tokencache.server.Api.assertFails;
import static dev.tokencache.server.Api.json;
import static dev.tokencache.server.Api.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import dev.tokencache.Poll;
import io.vertx.core.json.JsonObject;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that are held by what must never be opened, and a file far too large; gets and deletes of most are in BadFilesIT. */
@Timeout(120)
class FaultFilesIT {
    private static final long FIVE_GIGABYTES = 5L << 30;

    @TempDir
    Path directory;

    private ServerProcess server;
    private Api api;
    private Path project;

    @BeforeEach
    void start() throws Exception {
        project = Files.createDirectories(directory.resolve("accounts/demo"));
        server = ServerProcess.start(directory, Faults.INTERVAL);
        api = server.admin();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void make(String what, Path path) throws Exception {
        switch (what) {
            case "fifo" -> assertThat(Faults.run("mkfifo", path.toString())).isZero();
            case "socket" -> {
                Path near = directory.resolve("s"); // a socket's address is short
                ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                        .bind(UnixDomainSocketAddress.of(near))
                        .close();
                Files.move(near, path);
            }
            case "device" -> Files.createSymbolicLink(path, Path.of("/dev/zero"));
            default -> Files.createDirectory(path);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fifo", "socket", "device", "directory"})
    void name_heldByNoFile_isAbsentAndNeverReplaced(String what) throws Exception {
        Path held = project.resolve(Faults.ACCOUNT);
        make(what, held);

        assertFails(api.get("demo", Faults.ACCOUNT), Failure.NOT_FOUND);
        assertThat(ok(api.list("demo")).getInteger("count")).isZero();
        assertFails(Faults.delete(api, "demo", Faults.ACCOUNT), Failure.NOT_REPLACEABLE);
        assertThat(Faults.add(api, "demo", "made-up").statusCode()).isEqualTo(409);
        assertThat(Files.isRegularFile(held)).isFalse();

        Files.delete(held);
        ok(Faults.add(api, "demo", "made-up"));
        Poll.until(Faults.BOUND, () -> api.list("demo"), reply -> json(reply).getInteger("count") == 1);
    }

    @Test
    void file_ofFiveGigabytes_isTooLargeUnread() throws Exception {
        try (RandomAccessFile file =
                new RandomAccessFile(project.resolve("huge.json").toFile(), "rw")) {
            file.setLength(FIVE_GIGABYTES); // twenty times the server's heap
        }
        Files.writeString(project.resolve("a.json"), "{}");

        assertFails(api.get("demo", "huge.json"), Failure.INVALID_TOKEN_FILE);
        JsonObject page = ok(api.get("tokens/all?project=demo"));
        assertThat(page.getJsonArray("tokens").getJsonObject(1).getString("error"))
                .isEqualTo("invalid_token_file");
        ok(api.get("demo", "a.json"));
        Poll.until(
                Faults.BOUND,
                () -> ok(api.get("cache/stats")).getJsonObject("stats").getJsonObject("demo"),
                stats -> Integer.valueOf(1).equals(stats.getInteger("invalidFiles")));
        String resident = Files.readAllLines(Path.of("/proc/" + server.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .findFirst()
                .orElseThrow()
                .replaceAll("[^0-9]", "");
        assertThat(Long.parseLong(resident)).as("most memory ever used, in KiB").isLessThan(1L << 20);
    }
}
