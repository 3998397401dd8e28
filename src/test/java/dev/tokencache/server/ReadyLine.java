package dev.tokencache.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a server prints on standard output, on a thread of its own, and finds the line that says where it serves. */
final class ReadyLine {
    private final Process process;
    private final Pattern pattern;
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Integer> port = new CompletableFuture<>();

    /** @param pattern of the line, with the port as its first group */
    ReadyLine(Process process, Pattern pattern) {
        this.process = process;
        this.pattern = pattern;
        Thread reader = new Thread(this::read, "server stdout");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
                Matcher matcher = pattern.matcher(line);
                if (matcher.matches()) {
                    port.complete(Integer.parseInt(matcher.group(1)));
                }
            }
        } catch (IOException e) {
            port.completeExceptionally(e);
        }
        port.completeExceptionally(new IOException("ended before it was ready"));
    }

    /** Waits for the line; fails when the server ends, or takes longer, before it. */
    void await(Duration most) throws ExecutionException, TimeoutException, InterruptedException {
        port.get(most.toSeconds(), TimeUnit.SECONDS);
    }

    /** The port in the line. */
    int port() {
        return port.join();
    }

    /** All that was printed so far. */
    String printed() {
        return String.join("\n", lines);
    }
}
