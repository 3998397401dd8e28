package dev.tokencache.bench;

import dev.tokencache.bench.Comparison.Column;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * From the start of the process until the server is ready, with an empty root and state that is there already, beside
 * {@link BareServer}. Once as the jar is, and once as the package installs it: with an archive of the classes.
 */
final class StartBenchmark implements Benchmark {
    private static final double MOST = 1.5;
    private static final byte[] REPLY =
            "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);

    @Override
    public void run(Bench bench) throws IOException, InterruptedException {
        Path root = bench.directory("root");
        Path state = bench.directory("state");
        Path archives = bench.directory("archives");
        List<String> ours = List.of(
                "-jar",
                bench.jar.toString(),
                "serve",
                "--set",
                "http.port=0",
                "--set",
                "root=" + root,
                "--set",
                "stateDir=" + state);
        Path reply = Files.write(bench.directory("bare").resolve("reply"), REPLY);
        List<String> bare = List.of("-cp", HttpServers.classPath(bench), BareServer.class.getName(), reply.toString());

        Comparison plain = new Comparison("bare", "token-cache", columns());
        Comparison archived = new Comparison("bare, archive", "with archive", columns());
        Path bareArchive = archive(bench, archives.resolve("bare.jsa"), bare);
        Path ourArchive = archive(bench, archives.resolve("ours.jsa"), ours);
        for (int i = 0; i <= bench.rounds; i++) {
            List<Double> one = start(bench, null, bare);
            List<Double> two = start(bench, null, ours);
            List<Double> three = start(bench, bareArchive, bare);
            List<Double> four = start(bench, ourArchive, ours);
            if (i > 0) { // the first one fills the page cache
                plain.add(one, two);
                archived.add(three, four);
            }
        }
        bench.table("start", "Start of the process to ready, empty cache", plain.table() + '\n' + archived.table());
        bench.plot("start", plain.plot("Start of the process to ready", 0));
        bench.outcomes.atMost("start to ready, empty cache", "of bare", MOST, plain.ratio(0));
        bench.outcomes.atMost("the same with an archive of the classes, both", "of bare", MOST, archived.ratio(0));
        bench.outcomes.atMost(
                "the same, ours as installed", "of bare as it is", MOST, archived.ours(0) / plain.reference(0));
    }

    private static Column[] columns() {
        return new Column[] {new Column("ms", 0), new Column("CPU ms", 0)};
    }

    /** Milliseconds to ready, and of CPU until then. */
    private static List<Double> start(Bench bench, Path archive, List<String> what)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        List<String> command = archive == null ? what : with("-XX:SharedArchiveFile=" + archive, what);
        try (ServerProcess process = ServerProcess.start(bench.log("start"), command.toArray(String[]::new))) {
            double millis = (System.nanoTime() - start) / 1e6;
            return List.of(millis, process.cpuTime().toNanos() / 1e6);
        }
    }

    /** Writes an archive of the classes that a start loads. */
    private static Path archive(Bench bench, Path file, List<String> what) throws IOException, InterruptedException {
        try (ServerProcess process = ServerProcess.start(
                bench.log("archive"),
                with("-XX:ArchiveClassesAtExit=" + file, what).toArray(String[]::new))) {
            process.end(1, TimeUnit.MINUTES);
        }
        if (!Files.exists(file)) {
            throw new IOException("the JVM left no archive of the classes");
        }
        return file;
    }

    private static List<String> with(String option, List<String> what) {
        return Stream.concat(Stream.of(option), what.stream()).toList();
    }
}
