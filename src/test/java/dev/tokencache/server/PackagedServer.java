package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** A server started with the command that a package or a container starts it with, as it stands there. */
final class PackagedServer implements AutoCloseable {
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final Pattern READY = Pattern.compile("ready on http://[0-9.]+:([0-9]+)");

    private final Process process;
    private final ReadyLine ready;

    private PackagedServer(Process process) {
        this.process = process;
        ready = new ReadyLine(process, READY);
    }

    /** A command that has ended, with all it has printed. */
    record Ended(int code, String output) {}

    /** Starts it and waits until it accepts requests. What it prints on standard error goes to a file. */
    static PackagedServer start(Path stderr, Map<String, String> environment, List<String> command) throws Exception {
        // A build that runs in the background of a shell ignores SIGINT, and so would all that it starts.
        List<String> attentive = new ArrayList<>(List.of("env", "--default-signal=INT"));
        attentive.addAll(command);
        Process process =
                builder(attentive, environment).redirectError(stderr.toFile()).start();
        PackagedServer server = new PackagedServer(process);
        try {
            server.ready.await(BOUND);
            return server;
        } catch (ExecutionException | TimeoutException e) {
            server.close();
            throw new AssertionError("the server did not start: " + Files.readString(stderr), e);
        }
    }

    /** Runs a command to its end, with nothing to read. */
    static Ended run(List<String> command) throws Exception {
        return run(command, Map.of());
    }

    static Ended run(List<String> command, Map<String, String> environment) throws Exception {
        Path output = Files.createTempFile("output", ".txt");
        Process process = builder(command, environment)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            process.getOutputStream().close();
            assertThat(process.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS))
                    .as("%s ended", command)
                    .isTrue();
            return new Ended(process.exitValue(), Files.readString(output));
        } finally {
            process.destroyForcibly();
            Files.delete(output);
        }
    }

    /** The output of a command that has to succeed. */
    static String succeed(List<String> command) throws Exception {
        Ended ended = run(command);
        assertThat(ended.code()).as("%s: %s", command, ended.output()).isZero();
        return ended.output();
    }

    /** Whether there is such a command. */
    static boolean has(String command) throws Exception {
        return run(List.of("sh", "-c", "command -v " + command)).code() == 0;
    }

    private static ProcessBuilder builder(List<String> command, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith(Setting.PREFIX));
        builder.environment().putAll(environment);
        return builder;
    }

    int port() {
        return ready.port();
    }

    long pid() {
        return process.pid();
    }

    /** Sends a signal, such as TERM; the exit code, once it has ended. */
    int end(String signal) throws Exception {
        succeed(List.of("kill", "-" + signal, String.valueOf(pid())));
        assertThat(process.waitFor(10, TimeUnit.SECONDS))
                .as("ended within 10 s of " + signal)
                .isTrue();
        return process.exitValue();
    }

    /** Kills it, if it still runs, and waits until it is gone. */
    @Override
    public void close() {
        process.destroyForcibly()
                .onExit()
                .orTimeout(BOUND.toSeconds(), TimeUnit.SECONDS)
                .join();
    }
}
