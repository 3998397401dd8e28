package dev.tokencache.bench;

import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** Servers of a benchmark, each in a JVM of its own: Token Cache with its defaults on a root, and {@link BareServer}. */
final class HttpServers {
    /** The token of a benchmark: 300 bytes. */
    static final String TOKEN = String.format(
            "{\"type\":\"fake\",\"access_token\":\"not-a-secret-%s\",\"refresh_token\":\"not-a-secret-%s\"}",
            "a".repeat(117), "b".repeat(105));

    private static final String AGE = "(?i)\r\nage: \\d+";

    private HttpServers() {}

    /**
     * A server on a root, its state in a new directory.
     *
     * @param sets what is set beside its place: {@code key=value} each
     */
    static TokenCacheServer start(Bench bench, String name, Path root, String... sets)
            throws IOException, InterruptedException {
        return start(bench, name, root, List.of(), sets);
    }

    /** As the other, with options for its JVM beside those that all get. */
    static TokenCacheServer start(Bench bench, String name, Path root, List<String> jvm, String... sets)
            throws IOException, InterruptedException {
        Path state = bench.directory("state");
        List<String> command = new ArrayList<>(jvm);
        command.addAll(List.of("-jar", bench.jar.toString()));
        List<String> all = new ArrayList<>(List.of("http.port=0", "root=" + root, "stateDir=" + state));
        all.addAll(List.of(sets));
        all.forEach(set -> command.addAll(List.of("--set", set)));
        ServerProcess process = ServerProcess.start(bench.log(name), command.toArray(String[]::new));
        return new TokenCacheServer(process, state.resolve("admin.jwt"), bench.log(name));
    }

    /** Token Cache as a process, and the token that opens it. */
    record TokenCacheServer(ServerProcess process, Path jwt, Path log) implements AutoCloseable {
        HttpRequest request(String target) throws IOException {
            return new HttpRequest(target, "Bearer " + Files.readString(jwt).trim());
        }

        /** Whether Vert.x has warned that an event loop was blocked. */
        boolean wasBlocked() throws IOException {
            return Files.readString(log).contains("has been blocked");
        }

        @Override
        public void close() {
            process.close();
        }
    }

    /** A server that answers everything with these bytes; it runs the same classes of Vert.x and Netty. */
    static ServerProcess startBare(Bench bench, byte[] reply) throws IOException, InterruptedException {
        Path file = Files.write(bench.directory("bare").resolve("reply"), reply);
        return ServerProcess.start(
                bench.log("bare"), "-cp", classPath(bench), BareServer.class.getName(), file.toString());
    }

    /**
     * The server's jar, then the benchmarks' classes: in a jar as well, since the JVM archives no classes of directories.
     */
    static String classPath(Bench bench) throws IOException {
        String own = BareServer.class.getPackageName().replace('.', '/');
        Path classes;
        try {
            classes = Path.of(BareServer.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
        Path jar = bench.directory("classes").resolve("bench.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                DirectoryStream<Path> files = Files.newDirectoryStream(classes.resolve(own), "*.class")) {
            for (Path file : files) {
                out.putNextEntry(new JarEntry(own + '/' + file.getFileName()));
                Files.copy(file, out);
                out.closeEntry();
            }
        }
        return bench.jar + File.pathSeparator + jar;
    }

    /** The reply of the second get, which comes from memory: the first one loads. */
    static byte[] cachedReply(InetSocketAddress address, HttpRequest request) throws IOException {
        HttpReply.fetch(address, request.closing());
        byte[] wire = HttpReply.fetch(address, request.closing());
        HttpReply reply = HttpReply.parse(wire);
        if (!"HIT".equals(header(reply, "x-cache"))) {
            throw new IOException("not from memory: status " + reply.status());
        }
        return wire;
    }

    /** A header of a reply, or null. */
    static String header(HttpReply reply, String name) {
        return reply.headers().entrySet().stream()
                .filter(header -> header.getKey().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .map(Map.Entry::getValue)
                .orElse(null);
    }

    /** Fails when two servers give different replies, but for the age: then the comparison is none. */
    static void demandEqual(byte[] reply, InetSocketAddress other, HttpRequest request) throws IOException {
        byte[] theirs = HttpReply.fetch(other, request.closing());
        if (!Arrays.equals(withoutAge(reply), withoutAge(theirs))) {
            throw new IOException("the two servers don't give the same reply");
        }
    }

    private static byte[] withoutAge(byte[] wire) {
        return new String(wire, StandardCharsets.ISO_8859_1)
                .replaceFirst(AGE, "")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A root with one project {@code bench} that holds {@code token.json}. */
    static Path rootOfOne(Bench bench) throws IOException {
        Path root = bench.directory("root");
        Files.writeString(Bench.directory(root, "bench").resolve("token.json"), TOKEN);
        return root;
    }

    /** A root with this many projects {@code p0}, {@code p1} ... of as many tokens each, {@code t0000000.json} and on. */
    static Path rootOf(Bench bench, int projects, int tokens) throws IOException {
        Path root = bench.directory("root");
        byte[] token = TOKEN.getBytes(StandardCharsets.UTF_8);
        for (int project = 0; project < projects; project++) {
            Path directory = Bench.directory(root, "p" + project);
            for (int i = 0; i < tokens; i++) {
                Files.write(directory.resolve(filename(i)), token);
            }
        }
        return root;
    }

    static String filename(int index) {
        return String.format(Locale.ROOT, "t%07d.json", index);
    }

    /** The path of a get. */
    static String target(String project, String filename) {
        return "/api/v0/management/tokens/get?project=" + project + "&filename=" + filename;
    }
}
