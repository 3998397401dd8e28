package dev.tokencache.bench;

import dev.tokencache.bench.LoadGenerator.Load;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The get of a cached token over HTTP, beside {@link BareServer}. Both servers live through the whole run, each in a JVM of
 * its own; the rounds alternate, so that whatever else the machine does hits both.
 *
 * <p>System properties: {@code server.jar} (the server), {@code bench.directory} (where the results go), {@code bench.rounds},
 * {@code bench.seconds} (of one round), {@code bench.connections}.
 */
final class HttpGetBenchmark {
    private static final int DEFAULT_ROUNDS = 15;
    private static final int DEFAULT_SECONDS = 2;
    private static final int DEFAULT_CONNECTIONS = 64;

    /** Until the compiler has ended its work, which it does beside the server on the same cores. */
    private static final Duration WARM_UP = Duration.ofSeconds(12);

    private static final String TARGET = "/api/v0/management/tokens/get?project=bench&filename=token.json";

    /** 300 bytes. */
    private static final String TOKEN = String.format(
            "{\"type\":\"fake\",\"access_token\":\"not-a-secret-%s\",\"refresh_token\":\"not-a-secret-%s\"}",
            "a".repeat(117), "b".repeat(105));

    private final int rounds = Integer.getInteger("bench.rounds", DEFAULT_ROUNDS);
    private final Duration length = Duration.ofSeconds(Integer.getInteger("bench.seconds", DEFAULT_SECONDS));
    private final int connections = Integer.getInteger("bench.connections", DEFAULT_CONNECTIONS);
    private final Path jar = Path.of(System.getProperty("server.jar"));
    private final Path results = Path.of(System.getProperty("bench.directory"));
    private final Path work;

    private HttpGetBenchmark(Path work) {
        this.work = work;
    }

    /** Runs it, prints the table and writes the table and a plot. */
    public static void main(String[] args) throws Exception {
        Path work = Files.createTempDirectory("token-cache-bench");
        try {
            new HttpGetBenchmark(work).run();
        } finally {
            delete(work);
        }
    }

    private void run() throws IOException, InterruptedException {
        Files.createDirectories(results);
        Path root = directory("root");
        directory("root/bench");
        Files.writeString(root.resolve("bench/token.json"), TOKEN);
        try (ServerProcess ours = startOurs(root)) {
            String jwt = Files.readString(work.resolve("state/admin.jwt")).trim();
            HttpRequest request = new HttpRequest(TARGET, "Bearer " + jwt);
            byte[] reply = cachedReply(ours.address(), request);
            try (ServerProcess bare = startBare(reply)) {
                if (!Arrays.equals(withoutAge(reply), withoutAge(HttpReply.fetch(bare.address(), request.closing())))) {
                    throw new IOException("the two servers don't give the same reply");
                }
                measure(LoadGenerator.choose(request), bare, ours);
            }
        }
    }

    private ServerProcess startOurs(Path root) throws IOException, InterruptedException {
        return ServerProcess.start(
                results.resolve("token-cache.log"),
                "-jar",
                jar.toString(),
                "--set",
                "http.port=0",
                "--set",
                "http.instances=1",
                "--set",
                "root=" + root,
                "--set",
                "stateDir=" + work.resolve("state"));
    }

    private ServerProcess startBare(byte[] reply) throws IOException, InterruptedException {
        Path file = Files.write(work.resolve("reply"), reply);
        // The server's jar goes first: both run the same classes of Vert.x and Netty.
        URI own;
        try {
            own = BareServer.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI();
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
        String classPath = jar + File.pathSeparator + Path.of(own);
        return ServerProcess.start(
                results.resolve("bare.log"), "-cp", classPath, BareServer.class.getName(), file.toString());
    }

    /** The reply of the second get: the first one loads. */
    private static byte[] cachedReply(InetSocketAddress address, HttpRequest request) throws IOException {
        HttpReply.fetch(address, request.closing());
        byte[] wire = HttpReply.fetch(address, request.closing());
        HttpReply reply = HttpReply.parse(wire);
        boolean hit = reply.headers().entrySet().stream()
                .anyMatch(header -> header.getKey().equalsIgnoreCase("x-cache")
                        && header.getValue().equals("HIT"));
        if (reply.status() != 200 || !hit) {
            throw new IOException("no cached token: status " + reply.status());
        }
        return wire;
    }

    private static byte[] withoutAge(byte[] wire) {
        return new String(wire, StandardCharsets.ISO_8859_1)
                .replaceFirst("(?i)\r\nage: \\d+", "")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private void measure(LoadGenerator load, ServerProcess bare, ServerProcess ours)
            throws IOException, InterruptedException {
        load.run(bare.address(), connections, WARM_UP);
        load.run(ours.address(), connections, WARM_UP);
        List<Round> bareRounds = new ArrayList<>();
        List<Round> ourRounds = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            bareRounds.add(round(load, bare));
            ourRounds.add(round(load, ours));
        }
        String title = "GET of a cached token of " + TOKEN.length() + " bytes, " + connections + " connections, "
                + load.name();
        Report report = new Report(title, length, bareRounds, ourRounds);
        String table = report.table();
        System.out.print(table);
        Files.writeString(results.resolve("http-get.txt"), table);
        Files.writeString(results.resolve("http-get.svg"), RoundPlot.svg(title, bareRounds, ourRounds));
    }

    private Round round(LoadGenerator generator, ServerProcess server) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Duration before = server.cpuTime();
        Load load = generator.run(server.address(), connections, length);
        Duration cpu = server.cpuTime().minus(before);
        return Round.of(load, cpu, Duration.ofNanos(System.nanoTime() - start));
    }

    private Path directory(String name) throws IOException {
        Set<PosixFilePermission> owner = PosixFilePermissions.fromString("rwx------");
        FileAttribute<Set<PosixFilePermission>> mode = PosixFilePermissions.asFileAttribute(owner);
        return Files.createDirectory(work.resolve(name), mode);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
