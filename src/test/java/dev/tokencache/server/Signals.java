package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Poll;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;

/** Stops a process where it stands, and lets it go on. */
final class Signals {
    private static final Duration BOUND = Duration.ofSeconds(30);

    private Signals() {}

    /** SIGSTOP; returns when the process stands still. */
    static void suspend(long pid) throws Exception {
        send("STOP", pid);
        Poll.until(BOUND, () -> state(pid), state -> state == 'T');
    }

    /** SIGCONT. */
    static void resume(long pid) throws Exception {
        send("CONT", pid);
    }

    private static void send(String signal, long pid) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + signal, String.valueOf(pid))
                .redirectErrorStream(true)
                .start();
        String said = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(kill.waitFor()).as(said).isZero();
    }

    /** The letter for the state of all its threads: T when they are stopped. */
    private static char state(long pid) throws IOException {
        char state = 'T';
        try (var tasks = Files.list(Path.of("/proc", String.valueOf(pid), "task"))) {
            for (Path task : tasks.toList()) {
                char one = stateOf(task);
                if (one != 'T') {
                    state = one;
                }
            }
        }
        return state;
    }

    private static char stateOf(Path task) throws IOException {
        try {
            String stat = Files.readString(task.resolve("stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (NoSuchFileException e) {
            return 'X'; // it has just ended: so the process doesn't stand still yet
        }
    }
}
