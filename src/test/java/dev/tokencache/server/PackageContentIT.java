package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tokencache.server.DebianPackage.Entry;
import dev.tokencache.server.PackagedServer.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the Debian package holds, as far as it shows without installing it. */
@Timeout(60)
class PackageContentIT {
    private static final String UNIT = "/usr/lib/systemd/system/token-cache.service";
    private static final long BUILD_TIME = 1_767_225_600; // project.build.outputTimestamp

    private static DebianPackage deb;

    @TempDir
    Path directory;

    @BeforeAll
    static void read() throws IOException {
        deb = DebianPackage.read();
    }

    @Test
    void control_saysWhatItIsAndNeeds() {
        assertThat(deb.field("Package")).isEqualTo("token-cache");
        assertThat(deb.field("Version")).isEqualTo(Version.current());
        assertThat(deb.field("Architecture")).isEqualTo("all");
        assertThat(deb.field("Depends"))
                .startsWith("adduser, default-jre-headless (>= 2:1.17) | java17-runtime-headless |");
        assertThat(deb.control().get("/conffiles").text().lines())
                .containsExactlyInAnyOrder("/etc/token-cache/token-cache.yaml", "/etc/default/token-cache");
        assertThat(deb.control().get("/triggers").text()).isEqualTo("interest-noawait /usr/lib/jvm\n");
        assertThat(changelog()).startsWith("token-cache (" + Version.current() + ") ");
    }

    private static String changelog() {
        try {
            return Files.readString(Path.of("src/packaging/debian/changelog"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void files_areRootsWithTheModesTheyNeed() {
        Map<String, String> modes = deb.data().entrySet().stream()
                .filter(entry -> entry.getValue().header().isFile())
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> Integer.toOctalString(entry.getValue().permissions())));

        assertThat(modes)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "/usr/bin/token-cache",
                        "755",
                        "/usr/share/token-cache/token-cache-server.jar",
                        "644",
                        "/usr/share/token-cache/token-cache.yaml",
                        "644",
                        UNIT,
                        "644",
                        "/etc/token-cache/token-cache.yaml",
                        "640",
                        "/etc/default/token-cache",
                        "644",
                        "/usr/share/man/man1/token-cache.1.gz",
                        "644",
                        "/usr/share/doc/token-cache/changelog.gz",
                        "644",
                        "/usr/share/doc/token-cache/copyright",
                        "644"));
        assertThat(deb.data().values()).allSatisfy(entry -> {
            assertThat(entry.header().getUserName()).isEqualTo("root");
            assertThat(entry.header().getGroupName()).isEqualTo("root");
            assertThat(entry.header().getLongUserId()).isZero();
            assertThat(entry.header().getLongGroupId()).isZero();
            assertThat(entry.header().getLastModifiedTime().toMillis() / 1000).isEqualTo(BUILD_TIME);
            if (entry.header().isDirectory()) {
                assertThat(entry.permissions()).isEqualTo(0755);
            }
        });
    }

    @Test
    void jarAndDefaults_areThoseOfTheBuild() throws IOException {
        assertThat(data("/usr/share/token-cache/token-cache-server.jar")
                        .content()
                        .getBytes())
                .isEqualTo(Files.readAllBytes(ServerProcess.jar()));
        assertThat(data("/usr/share/token-cache/token-cache.yaml").text())
                .isEqualTo(Files.readString(Path.of("conf/token-cache.yaml")));
    }

    @Test
    void configuration_isValidAndListensOnThisMachineAlone() throws Exception {
        Path file = Files.write(
                directory.resolve("c.yaml"),
                data("/etc/token-cache/token-cache.yaml").content().getBytes());

        ServerConfig config = ConfigLoader.load(file, Map.of(), List.of());

        assertThat(config.root()).hasToString("/var/lib/token-cache/accounts");
        assertThat(config.stateDir()).hasToString("/var/lib/token-cache/state");
        assertThat(config.http().host()).isEqualTo("127.0.0.1");
        assertThat(config.http().insecure()).isFalse();
    }

    @Test
    void scripts_areShellAndTouchSystemdOnlyWhereItRuns() throws Exception {
        for (String name : List.of("/postinst", "/prerm", "/postrm")) {
            Entry script = deb.control().get(name);
            assertThat(script.permissions()).as(name).isEqualTo(0755);
            assertThat(script.text()).startsWith("#!/bin/sh\nset -e\n");
            assertShell(script);
            assertGuarded(script.text());
        }
        assertShell(data("/usr/bin/token-cache"));
    }

    private void assertShell(Entry script) throws Exception {
        Path file = Files.write(directory.resolve("script"), script.content().getBytes());
        assertThat(PackagedServer.run(List.of("sh", "-n", file.toString())))
                .extracting(Ended::code, Ended::output)
                .containsExactly(0, "");
    }

    /** Between a line that asks for systemd and the {@code fi} of the same indentation. */
    private static void assertGuarded(String script) {
        String guard = null;
        for (String line : script.lines().toList()) {
            String indentation = line.replaceFirst("\\S.*", "");
            if (line.contains("[ -d /run/systemd/system ]")) {
                guard = indentation;
            } else if (indentation.equals(guard) && line.strip().equals("fi")) {
                guard = null;
            } else if (line.contains("systemctl") || line.contains("deb-systemd-invoke")) {
                assertThat(guard).as(line).isNotNull();
            }
        }
    }

    @Test
    void unit_isHardenedByTheMeasureOfSystemd() throws Exception {
        assumeTrue(PackagedServer.has("systemd-analyze"), "systemd-analyze is absent");
        Path file = Files.write(
                directory.resolve("token-cache.service"), data(UNIT).content().getBytes());

        Ended security = PackagedServer.run(List.of(
                "systemd-analyze", "security", "--no-pager", "--offline=true", "--threshold=20", file.toString()));

        assertThat(security.code()).as(security.output()).isZero();
    }

    private static Entry data(String path) {
        assertThat(deb.data()).containsKey(path);
        return deb.data().get(path);
    }
}
