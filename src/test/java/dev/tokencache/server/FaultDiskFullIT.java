package dev.tokencache.server;

import static dev.tokencache.server.Api.assertFails;
import static dev.tokencache.server.Api.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tokencache.Failure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server whose root is a file system of 1 MB that nobody else sees; the test reaches it through the process. */
@Timeout(120)
class FaultDiskFullIT {
    private static final String MOUNT = "mount -t tmpfs -o size=1m,mode=0755 none accounts && exec \"$0\" \"$@\"";

    @TempDir
    Path directory;

    private ServerProcess server;
    private Api api;
    private boolean mapped;

    @BeforeEach
    void start() throws Exception {
        Files.createDirectory(directory.resolve("accounts"));
        mapped = Faults.run("unshare", "-m", "true") != 0;
        assumeTrue(
                !mapped || Faults.run("unshare", "-rm", "true") == 0,
                "skipped: neither root nor user namespaces, so no file system of its own");
        server = ServerProcess.startUnder(
                List.of("unshare", mapped ? "-rm" : "-m", "sh", "-c", MOUNT), directory, Faults.INTERVAL);
        api = server.admin();
        ok(Faults.add(api, "demo", "made-up-old"));
        assertThat(Faults.token(api, "demo")).isEqualTo("made-up-old");
        assertThat(server.root().resolve("demo"))
                .as("the mount is the server's alone")
                .doesNotExist();
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    /** The root as the server sees it. */
    private Path inside(String name) {
        return Path.of("/proc/" + server.pid() + "/root" + server.root().toAbsolutePath())
                .resolve(name);
    }

    private Path fill() throws IOException {
        Path fill = inside("fill.bin");
        try (OutputStream out = Files.newOutputStream(fill)) {
            byte[] page = new byte[4096];
            for (int i = 0; i < 1_000; i++) {
                out.write(page);
            }
            throw new AssertionError("the file system never was full");
        } catch (IOException e) {
            return fill;
        }
    }

    private void remount(String how) throws Exception {
        List<String> command = new ArrayList<>(List.of("nsenter", "-t", String.valueOf(server.pid()), "-m"));
        if (mapped) {
            command.addAll(List.of("-U", "--preserve-credentials"));
        }
        command.addAll(List.of(
                "mount", "-o", "remount," + how, server.root().toAbsolutePath().toString()));
        assertThat(Faults.run(command.toArray(String[]::new))).isZero();
    }

    /** From memory and, after an invalidation, from the disk. */
    private void assertOldValueServed() throws Exception {
        assertThat(Faults.token(api, "demo")).isEqualTo("made-up-old");
        ok(api.method("POST", "cache/clear"));
        assertThat(Faults.token(api, "demo")).isEqualTo("made-up-old");
        Faults.assertNoTemps(inside("demo"));
    }

    @Test
    void disk_full_is507WithTheOldValueAndRecovers() throws Exception {
        ok(Faults.add(api, "second", "made-up"));
        Path fill = fill();

        assertFails(Faults.add(api, "demo", "made-up-new"), Failure.NO_SPACE);
        assertFails(Faults.add(api, "new", "made-up-new"), Failure.NO_SPACE);
        assertOldValueServed();
        Faults.assertNoTemps(inside("new"));
        assertFails(api.get("new", Faults.ACCOUNT), Failure.NOT_FOUND);
        ok(Faults.delete(api, "second", Faults.ACCOUNT));
        assertFails(api.get("second", Faults.ACCOUNT), Failure.NOT_FOUND);

        Files.delete(fill);
        ok(Faults.add(api, "demo", "made-up-new"));
        assertThat(Faults.token(api, "demo")).isEqualTo("made-up-new");
        ok(Faults.add(api, "new", "made-up-new"));
    }

    @Test
    void disk_readOnly_failsWritesWithTheOldValueAndRecovers() throws Exception {
        remount("ro");

        assertFails(Faults.add(api, "demo", "made-up-new"), Failure.STORAGE_UNREADABLE);
        assertFails(Faults.add(api, "new", "made-up-new"), Failure.STORAGE_UNREADABLE);
        assertFails(Faults.delete(api, "demo", Faults.ACCOUNT), Failure.STORAGE_UNREADABLE);
        assertOldValueServed();

        remount("rw");
        ok(Faults.add(api, "demo", "made-up-new"));
        assertThat(Faults.token(api, "demo")).isEqualTo("made-up-new");
    }
}
