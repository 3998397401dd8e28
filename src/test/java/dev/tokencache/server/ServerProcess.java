package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.auth.JwtIssuer;
import dev.tokencache.auth.Scope;
import dev.tokencache.auth.SigningKeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * The real server from {@code token-cache-server.jar} in a process of its own, on a free port. It works in a directory that
 * holds {@code accounts} and {@code state}, which it knows by relative paths: none of its output has a reason to hold an
 * absolute one.
 */
final class ServerProcess implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration END = Duration.ofSeconds(60);
    private static final Pattern READY = Pattern.compile("ready on https?://127\\.0\\.0\\.1:([0-9]+)");

    private final Path directory;
    private final Process process;
    private final ReadyLine ready;

    private ServerProcess(Path directory, Process process) {
        this.directory = directory;
        this.process = process;
        ready = new ReadyLine(process, READY);
    }

    /** A command that has ended. */
    record Ended(int code, String stdout, String stderr) {}

    /** Starts a server and waits until it accepts requests. */
    static ServerProcess start(Path directory, String... sets) throws Exception {
        return startUnder(List.of(), directory, sets);
    }

    /** The same under another command, which gets the server's as its arguments. */
    static ServerProcess startUnder(List<String> wrapper, Path directory, String... sets) throws Exception {
        return startWith(List.of(), wrapper, directory, sets);
    }

    /** The same with more options of the JVM, which win over the usual ones. */
    static ServerProcess startWith(List<String> jvm, List<String> wrapper, Path directory, String... sets)
            throws Exception {
        List<String> arguments = new ArrayList<>(List.of("--set", "http.port=0"));
        for (String set : sets) {
            arguments.addAll(List.of("--set", set));
        }
        Process process = builder(jvm, wrapper, directory, arguments)
                .redirectError(stderrFile(directory).toFile())
                .start();
        ServerProcess server = new ServerProcess(directory, process);
        try {
            server.ready.await(START);
            return server;
        } catch (ExecutionException | TimeoutException e) {
            server.close();
            throw new AssertionError("the server did not start: " + server.stderr(), e);
        }
    }

    /** Runs a command of the server's jar to its end. */
    static Ended run(Path directory, String... arguments) throws Exception {
        return runUnder(List.of(), directory, arguments);
    }

    /** The same under another command, which gets the server's as its arguments. */
    static Ended runUnder(List<String> wrapper, Path directory, String... arguments) throws Exception {
        Path out = Files.createTempFile("stdout", ".txt");
        Path err = Files.createTempFile("stderr", ".txt");
        Process process = builder(List.of(), wrapper, directory, List.of(arguments))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(END.toSeconds(), TimeUnit.SECONDS)).isTrue();
            return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            process.destroyForcibly();
            Files.delete(out);
            Files.delete(err);
        }
    }

    private static ProcessBuilder builder(
            List<String> jvm, List<String> wrapper, Path directory, List<String> arguments) {
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData"));
        command.addAll(jvm);
        command.addAll(List.of("-jar", jar().toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("TOKEN_CACHE_"));
        return builder;
    }

    /** The jar under test. */
    static Path jar() {
        String jar = System.getProperty("server.jar");
        assertThat(jar).as("system property server.jar").isNotNull();
        return Path.of(jar).toAbsolutePath();
    }

    int port() {
        return ready.port();
    }

    /** How much memory the process has in use, in bytes. */
    long residentBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .map(line -> line.replaceAll("[^0-9]", ""))
                        .mapToLong(Long::parseLong)
                        .findFirst()
                        .orElseThrow()
                * 1024;
    }

    /** The directory of the projects. */
    Path root() {
        return directory.resolve("accounts");
    }

    Path stateDir() {
        return directory.resolve("state");
    }

    /** What it has printed on standard output so far. */
    String stdout() {
        return ready.printed();
    }

    /** What it has printed on standard error so far. */
    String stderr() throws IOException {
        return Files.readString(stderrFile(directory));
    }

    private static Path stderrFile(Path directory) {
        return directory.resolve("stderr.log");
    }

    /** A caller with everything on all projects. */
    Api admin() {
        return api(List.of(Scope.values()), JwtIssuer.ALL_PROJECTS);
    }

    /** A caller with these scopes on these projects. */
    Api api(Collection<Scope> scopes, String... projects) {
        return new Api(port(), token(scopes, projects));
    }

    /** A bearer token with these scopes on these projects, signed with the key of the first start. */
    String token(Collection<Scope> scopes, String... projects) {
        return JwtIssuer.issue(
                "main",
                "HS256",
                SigningKeyFile.read(stateDir().resolve("signing.key")),
                "tester",
                scopes,
                List.of(projects),
                Duration.ofHours(1),
                null,
                null,
                Clock.systemUTC());
    }

    /** Its process id; that of the wrapper, if there is one that doesn't become the server. */
    long pid() {
        return process.pid();
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** The exit code, once it has ended. */
    int awaitEnd(Duration most) throws InterruptedException {
        assertThat(process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS))
                .as("ended within " + most)
                .isTrue();
        return process.exitValue();
    }

    /** Kills it, if it still runs, and waits until it is gone. */
    @Override
    public void close() {
        process.destroyForcibly()
                .onExit()
                .orTimeout(END.toSeconds(), TimeUnit.SECONDS)
                .join();
    }
}
