package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a start refuses, {@code check} says too, in the same words. */
@Timeout(120)
class CheckIT {
    @TempDir
    Path directory;

    private Path state;

    @BeforeEach
    void directories() throws IOException {
        state = Files.createDirectory(directory.resolve("state"));
        Files.createDirectory(directory.resolve("accounts"));
    }

    private void assertBothRefuse(String reason, String... sets) throws Exception {
        List<String> arguments = new ArrayList<>();
        for (String set : sets) {
            arguments.addAll(List.of("--set", set));
        }
        List<String> check = new ArrayList<>(List.of("check"));
        check.addAll(arguments);
        arguments.addAll(List.of("--set", "http.port=0"));

        ServerProcess.Ended checked = ServerProcess.run(directory, check.toArray(new String[0]));
        assertThat(checked.stdout()).containsPattern("(?m)^error +[a-zA-Z: ]*" + reason);
        assertThat(checked.code()).isEqualTo(1);
        ServerProcess.Ended started = ServerProcess.run(directory, arguments.toArray(new String[0]));
        assertThat(started.stderr()).contains("token-cache: " + reason);
        assertThat(started.code()).isEqualTo(1);
    }

    @Test
    void linksThatLeadNowhere_areNoDirectories() throws Exception {
        for (String name : List.of("state", "accounts")) {
            Path path = directory.resolve(name);
            Files.delete(path);
            Files.createSymbolicLink(path, Path.of("nowhere"));
            assertBothRefuse(
                    (name.equals("state") ? "stateDir" : "root") + ": something that is no directory has its name");
            Files.delete(path);
            Files.createDirectory(path);
        }
    }

    @Test
    void filesOfTheServer_thatAreDirectories() throws Exception {
        Files.createDirectory(state.resolve("admin.jwt"));
        assertBothRefuse("stateDir: the signing key or the admin token can't be written");
        Files.delete(state.resolve("admin.jwt"));
        Files.deleteIfExists(state.resolve("lock"));

        Files.createDirectory(state.resolve("lock"));
        assertBothRefuse("stateDir: the lock file can't be written");
    }

    @Test
    void hosts_thatNobodyCanListenOn() throws Exception {
        assertBothRefuse(
                "http.host: 192.0.2.77 is no address of this machine", "http.host=192.0.2.77", "http.insecure=true");
        assertBothRefuse(
                "http.host: the name no.such.invalid is not known", "http.host=no.such.invalid", "http.insecure=true");
    }
}
