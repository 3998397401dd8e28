package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tokencache.server.PackagedServer.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The machine that the tests run on, when the package can be tried on it as its administrator would. */
final class DebianMachine {
    static final String PACKAGE = "token-cache";

    private static final List<Path> PLACES = List.of(
            Path.of("/etc"),
            Path.of("/etc/default"),
            Path.of("/usr/bin"),
            Path.of("/usr/share"),
            Path.of("/usr/lib/systemd/system"),
            Path.of("/etc/systemd/system"),
            Path.of("/etc/systemd/system/multi-user.target.wants"),
            Path.of("/var/lib"),
            Path.of("/var/lib/dpkg/info"),
            Path.of("/var/lib/systemd/deb-systemd-helper-enabled"),
            Path.of("/var/cache"));

    private DebianMachine() {}

    /** Skips the test, with a line that says why, unless the package can be installed here and taken away again. */
    static void require() throws Exception {
        String reason = reason();
        if (reason != null) {
            System.out.println("package not installed for a test: " + reason);
        }
        assumeTrue(reason == null, reason);
    }

    private static String reason() throws Exception {
        if ((int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") != 0) {
            return "the tests don't run as root";
        }
        if (!PackagedServer.has("dpkg") || !PackagedServer.has("dpkg-deb")) {
            return "there is no dpkg";
        }
        if (Files.isDirectory(Path.of("/run/systemd/system"))) {
            return "systemd runs and would start the service";
        }
        if (!traces().isEmpty() || !accounts().isEmpty()) {
            return "the package or something of its name is there already";
        }
        String installed = PackagedServer.succeed(
                List.of("dpkg-query", "-W", "-f", "${db:Status-Abbrev} ${Package} ${Provides}\n"));
        List<String> lines =
                installed.lines().filter(line -> line.startsWith("ii ")).toList();
        if (lines.stream().noneMatch(line -> line.startsWith("ii  adduser "))
                || lines.stream().noneMatch(line -> line.contains("java17-runtime-headless"))) {
            return "adduser or a package with a Java runtime, 17 or newer, is not installed";
        }
        return null;
    }

    /** Installs a package without its manual pages, whose index would take longer than all the rest. */
    static void install(Path deb) throws Exception {
        PackagedServer.succeed(List.of(
                "dpkg",
                "--path-exclude=/usr/share/man/*",
                "--path-exclude=/usr/share/doc/*",
                "--install",
                deb.toString()));
    }

    static void remove() throws Exception {
        PackagedServer.succeed(List.of("dpkg", "--remove", PACKAGE));
    }

    /** Takes away all of it, also when it is only half installed or not at all. */
    static void purge() throws Exception {
        Ended purged = PackagedServer.run(List.of("dpkg", "--purge", PACKAGE));
        assertThat(purged.code()).as(purged.output()).isZero();
    }

    /** The package with another version and with edits, written into a directory. */
    static Path repack(Path directory, String version, Map<String, String> appended) throws Exception {
        Path tree = directory.resolve("tree");
        PackagedServer.succeed(
                List.of("dpkg-deb", "--raw-extract", DebianPackage.file().toString(), tree.toString()));
        Path control = tree.resolve("DEBIAN/control");
        Files.writeString(control, Files.readString(control).replaceFirst("(?m)^Version: .*$", "Version: " + version));
        for (Map.Entry<String, String> edit : appended.entrySet()) {
            Path file = tree.resolve(edit.getKey().substring(1));
            Files.writeString(file, Files.readString(file) + edit.getValue());
        }
        Path deb = directory.resolve("repacked.deb");
        PackagedServer.succeed(List.of("dpkg-deb", "-Znone", "--build", tree.toString(), deb.toString()));
        return deb;
    }

    /** Everything of its name in the places where the package and what installs it leave things. */
    static List<Path> traces() throws IOException {
        List<Path> traces = new ArrayList<>();
        for (Path place : PLACES) {
            if (Files.isDirectory(place)) {
                try (Stream<Path> all = Files.list(place)) {
                    all.filter(path -> path.getFileName().toString().startsWith(PACKAGE))
                            .forEach(traces::add);
                }
            }
        }
        return traces;
    }

    /** Its user and group, if there are such. */
    static String accounts() throws Exception {
        return PackagedServer.run(List.of("getent", "passwd", PACKAGE)).output()
                + PackagedServer.run(List.of("getent", "group", PACKAGE)).output();
    }

    /** The mode and the owners of a file, such as {@code 640 root token-cache}. */
    static String stat(String path) throws Exception {
        return PackagedServer.succeed(List.of("stat", "--format=%a %U %G", path))
                .strip();
    }
}
