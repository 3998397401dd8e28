package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The package from its installation to its end. */
@ExtendWith(WholeMachine.class)
@Timeout(120)
class PackageLifecycleIT {
    private static final Path CONFIGURATION = Path.of("/etc/token-cache/token-cache.yaml");
    private static final Path DEFAULTS = Path.of("/etc/default/token-cache");
    private static final Path TOKEN = Path.of("/var/lib/token-cache/accounts/demo/a.json");
    private static final Path KEY = Path.of("/var/lib/token-cache/state/signing.key");
    private static final Path OWN = Path.of("/etc/token-cache/own.pem");

    private boolean ours;

    @TempDir
    Path directory;

    @AfterEach
    void purge() throws Exception {
        if (ours) {
            Files.deleteIfExists(OWN);
            DebianMachine.purge();
            Files.deleteIfExists(CONFIGURATION.getParent());
        }
    }

    @Test
    void upgradeRemovePurge_keepWhatIsTheAdministratorsUntilTheEnd() throws Exception {
        DebianMachine.require();
        ours = true;
        DebianMachine.install(DebianPackage.file());
        String edited = Files.readString(CONFIGURATION).replace("level: info", "level: warn");
        Files.writeString(CONFIGURATION, edited);
        PackagedServer.succeed(List.of("chmod", "0600", CONFIGURATION.toString()));
        PackagedServer.succeed(List.of("chown", "token-cache:token-cache", CONFIGURATION.toString()));
        asService("mkdir -m 0700 " + TOKEN.getParent() + " && echo '{\"token\":\"not-a-real-token\"}' > " + TOKEN);
        PackagedServer.succeed(List.of("/usr/bin/token-cache", "keygen"));
        String key = Files.readString(KEY);
        String accounts = DebianMachine.accounts();

        String higher = Version.current() + ".1";
        DebianMachine.install(
                DebianMachine.repack(directory, higher, Map.of(DEFAULTS.toString(), "# of the new version\n")));

        assertThat(version()).isEqualTo("install ok installed " + higher);
        assertThat(CONFIGURATION).hasContent(edited);
        assertThat(DebianMachine.stat(CONFIGURATION.toString())).isEqualTo("600 token-cache token-cache");
        assertThat(DEFAULTS).content().endsWith("# of the new version\n");
        assertKept(key, accounts);
        assertThat(Path.of("/var/cache/token-cache/classes.jsa")).exists();

        DebianMachine.remove();

        assertThat(version()).isEqualTo("deinstall ok config-files " + higher);
        assertThat(CONFIGURATION).hasContent(edited);
        assertKept(key, accounts);
        assertThat(Path.of("/usr/bin/token-cache")).doesNotExist();
        assertThat(Path.of("/var/cache/token-cache")).doesNotExist();

        Files.writeString(OWN, "an administrator's");
        DebianMachine.purge();

        assertThat(OWN).hasContent("an administrator's");
        Files.delete(OWN);
        Files.delete(CONFIGURATION.getParent());
        assertThat(DebianMachine.traces()).isEmpty();
        assertThat(DebianMachine.accounts()).isEmpty();
    }

    private static void assertKept(String key, String accounts) throws Exception {
        assertThat(TOKEN).hasContent("{\"token\":\"not-a-real-token\"}");
        assertThat(DebianMachine.stat(TOKEN.toString())).isEqualTo("600 token-cache token-cache");
        assertThat(KEY).hasContent(key);
        assertThat(DebianMachine.accounts()).isEqualTo(accounts);
    }

    private static void asService(String script) throws Exception {
        PackagedServer.succeed(List.of(
                "setpriv",
                "--reuid=token-cache",
                "--regid=token-cache",
                "--init-groups",
                "sh",
                "-c",
                "umask 077; " + script));
    }

    private static String version() throws Exception {
        return PackagedServer.succeed(List.of("dpkg-query", "-W", "-f", "${Status} ${Version}", DebianMachine.PACKAGE));
    }
}
