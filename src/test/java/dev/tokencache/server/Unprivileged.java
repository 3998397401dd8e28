package dev.tokencache.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Runs a command without the rights of root, which no permission stops. */
final class Unprivileged {
    private static final int NOBODY = 65_534;

    private Unprivileged() {}

    /** What to put before the command: nothing, unless the tests themselves run as root. */
    static List<String> prefix() {
        return isRoot() ? List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups") : List.of();
    }

    /** Whether a command run like this can read a file. */
    static boolean canRead(Path file) throws Exception {
        List<String> command = new ArrayList<>(prefix());
        command.addAll(List.of("test", "-r", file.toString()));
        return new ProcessBuilder(command).start().waitFor() == 0;
    }

    /** Gives a directory with all that is in it to the user that the command runs as. */
    static void own(Path directory) throws IOException {
        if (isRoot()) {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path path : all.toList()) {
                    Files.setAttribute(path, "unix:uid", NOBODY);
                    Files.setAttribute(path, "unix:gid", NOBODY);
                }
            }
        }
    }

    private static boolean isRoot() {
        try {
            return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
