package dev.tokencache.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A server in a JVM of its own, with the flags that all of them get. It is ended by its handle. */
final class ServerProcess implements AutoCloseable {
    /** Same heap for all; the rest is what a server is started with by default. */
    static final List<String> FLAGS = List.of("-Xms512m", "-Xmx512m");

    private static final String READY = "ready on ";
    private static final int START_SECONDS = 30;
    private static final int STOP_SECONDS = 10;

    private final Process process;
    private final InetSocketAddress address;

    private ServerProcess(Process process, InetSocketAddress address) {
        this.process = process;
        this.address = address;
    }

    /**
     * Starts a server and waits until it says where it serves.
     *
     * @param log takes its standard error
     * @param what its class path and main class, or its jar, and its arguments
     */
    static ServerProcess start(Path log, String... what) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.addAll(List.of(what));
        Process process =
                new ProcessBuilder(command).redirectError(log.toFile()).start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        try {
            URI uri = CompletableFuture.supplyAsync(() -> readAddress(process)).get(START_SECONDS, TimeUnit.SECONDS);
            return new ServerProcess(process, new InetSocketAddress(uri.getHost(), uri.getPort()));
        } catch (ExecutionException | TimeoutException e) {
            process.destroyForcibly();
            throw new IOException("a server did not start; see " + log.getFileName(), e);
        }
    }

    private static URI readAddress(Process process) {
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        return lines.lines()
                .filter(line -> line.startsWith(READY))
                .findFirst()
                .map(line -> URI.create(line.substring(READY.length()).trim()))
                .orElseThrow();
    }

    InetSocketAddress address() {
        return address;
    }

    /** Asks it to end, and waits until it has, or kills it after that long. */
    void end(long timeout, TimeUnit unit) throws InterruptedException {
        process.destroy();
        process.waitFor(timeout, unit);
        process.destroyForcibly();
    }

    long pid() {
        return process.pid();
    }

    /** User and system time it has taken so far; the system counts in hundredths of a second. */
    Duration cpuTime() {
        return process.toHandle()
                .info()
                .totalCpuDuration()
                .orElseThrow(() -> new IllegalStateException("this system does not tell a process's CPU time"));
    }

    @Override
    public void close() {
        try {
            end(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
