package dev.tokencache.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Links are led in and out of the project while 100,000 gets run: none ever brings a byte from outside. */
@Timeout(400)
class ToggledLinkIT {
    private static final int CONNECTIONS = 8;
    private static final int BATCH = 50;
    private static final int BATCHES = 100_000 / CONNECTIONS / BATCH;
    private static final String INSIDE = "{\"token\":\"made-up\"}";
    private static final String CANARY = "CANARY-outside";

    @TempDir
    Path directory;

    private Path project;

    @BeforeEach
    void makeFiles() throws IOException {
        project = Files.createDirectories(directory.resolve("accounts/demo"));
        Path sibling = Files.createDirectories(directory.resolve("accounts/sibling"));
        Files.writeString(project.resolve("inside.json"), INSIDE);
        Files.writeString(directory.resolve("outside.json"), "{\"token\":\"" + CANARY + "\"}");
        Files.createDirectories(project.resolve("real"));
        Files.writeString(project.resolve("real/token.json"), INSIDE);
        Files.writeString(sibling.resolve("token.json"), "{\"token\":\"" + CANARY + "\"}");
        Files.createSymbolicLink(project.resolve("way"), Path.of("real"));
        Files.createSymbolicLink(project.resolve("through.json"), Path.of("way/token.json"));
        Files.createSymbolicLink(project.resolve("link.json"), Path.of("inside.json"));
    }

    @Test
    void linksToggledWhileGetsRun_neverBringAByteFromOutside() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(CONNECTIONS + 1);
        AtomicBoolean over = new AtomicBoolean();
        try (ServerProcess server =
                ServerProcess.start(directory, "cache.tokenTtl=10ms", "watch.interval=10ms", "watch.maxLoad=0.2")) {
            Future<Integer> toggler = pool.submit(() -> toggle(over));
            List<Future<Map<String, Integer>>> readers = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                String name = i % 2 == 0 ? "link.json" : "through.json";
                readers.add(pool.submit(() -> read(server, name)));
            }
            Map<String, Integer> seen = new TreeMap<>();
            for (Future<Map<String, Integer>> reader : readers) {
                reader.get(380, TimeUnit.SECONDS).forEach((what, count) -> seen.merge(what, count, Integer::sum));
            }
            over.set(true);

            assertThat(toggler.get()).isGreaterThan(1_000);
            assertThat(seen.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(100_000);
            assertThat(seen.keySet()).isSubsetOf("200 HIT", "200 MISS", "404", "503");
            assertThat(seen.get("200 MISS")).as(seen.toString()).isGreaterThan(100);
            assertThat(seen.get("404")).as(seen.toString()).isGreaterThan(100);
            assertThat(server.stderr()).doesNotContain(CANARY);
        } finally {
            over.set(true);
            pool.shutdownNow();
        }
    }

    /** Leads both links in and out, each time with one rename; how often it did. */
    private int toggle(AtomicBoolean over) throws IOException {
        int count = 0;
        while (!over.get()) {
            boolean out = count++ % 2 == 0;
            lead("link.json", out ? Path.of("../../outside.json") : Path.of("inside.json"));
            lead("way", out ? Path.of("../sibling") : Path.of("real"));
        }
        return count;
    }

    private void lead(String name, Path target) throws IOException {
        Path temporary = project.resolve(".new-" + name);
        Files.createSymbolicLink(temporary, target);
        Files.move(temporary, project.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Statuses, with where the content came from, and how often each came. */
    private static Map<String, Integer> read(ServerProcess server, String name) throws IOException {
        String request = "GET " + Api.BASE + "tokens/get?project=demo&filename=" + name
                + " HTTP/1.1\r\nHost: localhost\r\n" + server.admin().credentials() + "\r\n";
        byte[] batch = request.repeat(BATCH).getBytes(ISO_8859_1);
        Map<String, Integer> seen = new TreeMap<>();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(60_000);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (int i = 0; i < BATCHES; i++) {
                socket.getOutputStream().write(batch);
                for (int j = 0; j < BATCH; j++) {
                    seen.merge(reply(in), 1, Integer::sum);
                }
            }
        }
        return seen;
    }

    private static String reply(InputStream in) throws IOException {
        String status = line(in).substring(9, 12);
        int length = 0;
        String cache = "";
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.startsWith("content-length: ")) {
                length = Integer.parseInt(header.substring(16));
            } else if (header.startsWith("x-cache: ")) {
                cache = header.substring(8);
            }
        }
        String body = new String(in.readNBytes(length), ISO_8859_1);
        assertThat(body).doesNotContain(CANARY);
        if (status.equals("200")) {
            assertThat(body).endsWith("\"data\":" + INSIDE + "}");
        }
        return status + cache;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\r'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the server closed the connection");
            }
            line.append((char) c);
        }
        assertThat(in.read()).isEqualTo('\n');
        return line.toString();
    }
}
