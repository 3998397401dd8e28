package dev.tokencache.server;

import static dev.tokencache.server.Api.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tokencache.server.PackagedServer.Ended;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The package installed as an administrator would, and its service started as systemd would, where there is no systemd. */
@ExtendWith(WholeMachine.class)
@Timeout(120)
class PackageInstallIT {
    private static final Path UNIT = Path.of("/usr/lib/systemd/system/token-cache.service");
    private static final String LAUNCHER = "/usr/bin/token-cache";
    private static final Map<String, String> ANY_PORT = Map.of("TOKEN_CACHE_HTTP_PORT", "0");

    private static boolean ours;

    @TempDir
    Path directory;

    @BeforeAll
    static void install() throws Exception {
        DebianMachine.require();
        ours = true;
        DebianMachine.install(DebianPackage.file());
    }

    @AfterAll
    static void purge() throws Exception {
        if (ours) {
            DebianMachine.purge();
        }
    }

    /** What the unit runs, as its user and without any privilege. */
    private PackagedServer start() throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "setpriv",
                "--reuid=" + setting("User"),
                "--regid=" + setting("Group"),
                "--init-groups",
                "--no-new-privs",
                "--bounding-set=-all",
                "--inh-caps=-all"));
        command.addAll(List.of(setting("ExecStart").split(" ")));
        return PackagedServer.start(stderr(), ANY_PORT, command);
    }

    private Path stderr() {
        return directory.resolve("stderr");
    }

    private static String setting(String name) throws Exception {
        return Files.readAllLines(UNIT).stream()
                .filter(line -> line.startsWith(name + "="))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void installed_filesAndDirectories_areForTheServiceAlone() throws Exception {
        assertThat(DebianMachine.stat("/etc/token-cache")).isEqualTo("750 root token-cache");
        assertThat(DebianMachine.stat("/etc/token-cache/token-cache.yaml")).isEqualTo("640 root token-cache");
        assertThat(DebianMachine.stat("/var/lib/token-cache")).isEqualTo("750 token-cache token-cache");
        assertThat(DebianMachine.stat("/var/lib/token-cache/accounts")).isEqualTo("700 token-cache token-cache");
        assertThat(DebianMachine.stat("/var/lib/token-cache/state")).isEqualTo("700 token-cache token-cache");
        assertThat(DebianMachine.stat("/var/cache/token-cache")).isEqualTo("750 token-cache token-cache");
        assertThat(Path.of("/var/cache/token-cache")).isDirectoryContaining("glob:**/classes.jsa");
        assertThat(DebianMachine.accounts()).contains(":/var/lib/token-cache:/usr/sbin/nologin");
        assertThat(Path.of("/etc/systemd/system/multi-user.target.wants/token-cache.service"))
                .exists();
    }

    @Test
    void service_asItsUser_servesWhatTheCommandGrantsUntilSigterm() throws Exception {
        try (PackagedServer server = start()) {
            String token = PackagedServer.succeed(List.of(
                            LAUNCHER, "issue", "--scope", "tokens:read tokens:write", "--project", "demo", "--ttl=5m"))
                    .strip();
            Api api = new Api(server.port(), token);
            JsonObject data = new JsonObject().put("token", "not-a-real-token");

            JsonObject added = ok(api.post(
                    "tokens/add",
                    new JsonObject()
                            .put("project", "demo")
                            .put("type", "session")
                            .put("data", data)));

            String name = added.getString("filename");
            assertThat(ok(api.get("demo", name)).getJsonObject("data").getString("token"))
                    .isEqualTo("not-a-real-token");
            assertThat(DebianMachine.stat("/var/lib/token-cache/accounts/demo/" + name))
                    .isEqualTo("600 token-cache token-cache");
            assertThat(DebianMachine.stat("/var/lib/token-cache/state/signing.key"))
                    .isEqualTo("600 token-cache token-cache");
            assertThat(PackagedServer.run(List.of(LAUNCHER, "check")).code()).isZero();
            assertThat(Files.readString(stderr()))
                    .as("the archive is in use")
                    .doesNotContain("shared archive", "WARN", "ERROR");
            assertThat(Files.readString(Path.of("/proc/" + server.pid() + "/maps")))
                    .contains("/var/cache/token-cache/classes.jsa");
            assertThat(Files.readString(Path.of("/proc/" + server.pid() + "/status")))
                    .containsPattern("NoNewPrivs:\\s+1\n")
                    .containsPattern("CapEff:\\s+0+\n");
            assertThat(server.end("TERM")).isZero();
            assertThat(stderr()).content().contains("stopped in ");
        }
    }

    @Test
    void launcher_passesOnArgumentsAndExitCodes() throws Exception {
        assertThat(PackagedServer.run(List.of(LAUNCHER, "--version")))
                .isEqualTo(new Ended(0, "token-cache " + Version.current() + "\n"));
        assertThat(PackagedServer.run(List.of(LAUNCHER, "bake")).code()).isEqualTo(2);
        Ended spaced = PackagedServer.run(List.of(LAUNCHER, "--set", "http.host=no such * name", "check"));
        assertThat(spaced.code()).isEqualTo(1);
        assertThat(spaced.output()).contains("http.host");
        // Root becomes the service's user, which may not write here.
        Ended refused = PackagedServer.run(List.of(LAUNCHER, "keygen", "/etc/token-cache/a.key"));
        assertThat(refused.code()).isEqualTo(1);
        Path key = Path.of("/var/lib/token-cache/state/of-a-test.key");
        PackagedServer.succeed(List.of(LAUNCHER, "keygen", key.toString()));
        assertThat(DebianMachine.stat(key.toString())).isEqualTo("600 token-cache token-cache");
    }

    @Test
    void defaults_reachTheJvmAndTheServerWhichSigintEnds() throws Exception {
        Path defaults = Path.of("/etc/default/token-cache");
        String before = Files.readString(defaults);
        try {
            Files.writeString(defaults, before + "JAVA_OPTS=\"-Xmx99m -Dmade.up=yes\"\nTOKEN_CACHE_LOG_LEVEL=debug\n");
            try (PackagedServer server = start()) {
                assertThat(Files.readString(Path.of("/proc/" + server.pid() + "/cmdline")))
                        .contains("-Xmx99m\0-Dmade.up=yes\0");
                assertThat(Files.readString(Path.of("/proc/" + server.pid() + "/environ")))
                        .contains("TOKEN_CACHE_LOG_LEVEL=debug");
                assertThat(server.end("INT")).isZero();
            }
        } finally {
            Files.writeString(defaults, before);
        }
    }

    @Test
    void trigger_ofAnotherJava_makesTheArchiveAnew() throws Exception {
        Path archive = Path.of("/var/cache/token-cache/classes.jsa");
        Files.delete(archive);
        PackagedServer.succeed(List.of("dpkg-trigger", "--by-package=" + DebianMachine.PACKAGE, "/usr/lib/jvm"));

        PackagedServer.succeed(List.of("dpkg", "--triggers-only", "--pending"));

        assertThat(DebianMachine.stat(archive.toString())).isEqualTo("400 token-cache token-cache");
        try (var left = Files.list(archive.getParent())) {
            assertThat(left).containsExactly(archive);
        }
    }

    /** Those that are marked; others need systemd, an image registry or a second machine. */
    @Test
    void operatingPage_blocksRun() throws Exception {
        List<DocPage.Block> blocks = DocPage.of("operating.md").blocks().stream()
                .filter(block -> block.checkedBy().equals(Optional.of("PackageInstallIT")))
                .toList();
        assertThat(blocks).hasSizeGreaterThanOrEqualTo(3);
        try (PackagedServer server = start()) {
            List<String> script = new ArrayList<>(List.of("set -eu", "sudo() { \"$@\"; }", "cd '" + directory + "'"));
            blocks.forEach(block -> script.add(block.text().replace("127.0.0.1:3000", "127.0.0.1:" + server.port())));
            Path file = Files.write(directory.resolve("script"), script);

            PackagedServer.succeed(List.of("bash", file.toString()));
        }
        assertThat(DebianMachine.stat(directory.resolve("token-cache.tar.gz").toString()))
                .isEqualTo("600 root root");
    }

    @Test
    void unit_isUnderstoodBySystemd() throws Exception {
        assumeTrue(PackagedServer.has("systemd-analyze"), "systemd-analyze is absent");

        assertThat(PackagedServer.run(List.of("systemd-analyze", "--man=no", "verify", UNIT.toString())))
                .as("it prints keys that it doesn't know")
                .isEqualTo(new Ended(0, ""));
    }
}
