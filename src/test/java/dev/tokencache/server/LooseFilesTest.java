package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LooseFilesTest {
    @TempDir
    Path directory;

    private Path file(String name, String permissions) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "{}");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        return file;
    }

    private List<String> named(Path configuration, String... sets) throws ConfigException {
        Map<String, String> environment =
                Map.of("TOKEN_CACHE_STATE_DIR", directory.resolve("state").toString());
        return LooseFiles.named(ConfigLoader.load(null, environment, List.of(sets)), configuration);
    }

    @Test
    void named_privateOrAbsentFiles_sayNothing() throws Exception {
        file("state/signing.key", "rw-------");

        assertThat(named(file("conf.yaml", "rw-r--r--"), "auth.revokedFile=" + file("revoked", "rw-r--r--")))
                .isEmpty();
        assertThat(named(directory.resolve("none.yaml"))).isEmpty();
    }

    @Test
    void named_filesThatOthersReach_areNamedByTheirKeys() throws Exception {
        file("state/signing.key", "rw-r--r--");
        file("state/admin.jwt", "rw-rw----");
        file("state/audit.log", "rw-r--r--");
        Files.setPosixFilePermissions(directory.resolve("state"), PosixFilePermissions.fromString("rwxrwxr-x"));

        assertThat(named(
                        file("conf.yaml", "rw-rw-r--"),
                        "auth.revokedFile=" + file("revoked", "rw-r--rw-"),
                        "auth.keys=[{id: a, algorithm: HS256, secretFile: " + file("a.key", "rw----r--") + "}]"))
                .containsExactly(
                        "the configuration file: group or others can write it",
                        "auth.keys, secretFile of a: all users can read it",
                        "auth.revokedFile: group or others can write it",
                        "stateDir: group or others can write it",
                        "stateDir, signing.key: all users can read it",
                        "stateDir, admin.jwt: group or others can write it",
                        "stateDir, audit.log: all users can read it");
    }

    @Test
    void countBelow_countsRootProjectsAndTokens() throws Exception {
        file("root/demo/a.json", "rw-rw-r--");
        file("root/demo/b.json", "rw-r--r--");
        file("root/demo/c.txt", "rw-rw-rw-");
        file("root/other/a.json", "rw-----w-");
        Files.createSymbolicLink(directory.resolve("root/demo/link.json"), Path.of("a.json"));
        Path root = directory.resolve("root");
        assertThat(LooseFiles.countBelow(root)).isEqualTo(2);

        Files.setPosixFilePermissions(root.resolve("demo"), PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxrwx---"));
        assertThat(LooseFiles.countBelow(root)).isEqualTo(4);
        assertThat(LooseFiles.countBelow(directory.resolve("none"))).isZero();
    }
}
