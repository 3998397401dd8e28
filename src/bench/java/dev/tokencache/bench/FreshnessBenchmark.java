package dev.tokencache.bench;

import dev.tokencache.bench.HttpServers.TokenCacheServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * How long after an outside edit the new value is served, with 10,000 files: from the rename that puts the file in place to the
 * first reply with what is in it, asked over and over.
 */
final class FreshnessBenchmark implements Benchmark {
    private static final int FILES = 10_000;
    private static final int EDITS = 200;
    private static final int EDITS_WITHOUT_HINTS = 40;
    private static final long SEED = 7;
    private static final double MOST_MILLIS = 100;

    /** The interval of the watcher when nothing else is said, and what a scan of so many files may take beside it. */
    private static final double MOST_MILLIS_WITHOUT_HINTS = 1_000 + 250;

    @Override
    public void run(Bench bench) throws IOException, InterruptedException {
        Path root = HttpServers.rootOf(bench, 1, FILES);
        StringBuilder table = new StringBuilder(
                String.format(Locale.ROOT, "%-18s %8s %10s %10s %10s%n", "", "edits", "p50 ms", "p99 ms", "most ms"));
        Plot plot = new Plot("From an outside edit to the new value, by rank", "% of the edits", "ms");
        double hints = measure(bench, root, "hints on", EDITS, table, plot);
        double scans = measure(
                bench, root, "hints off", EDITS_WITHOUT_HINTS, table, plot, "watch.hints=false", "watch.maxLoad=1");
        // Scans take one hundredth of a core at the default: so many files are looked at every few seconds then.
        measure(bench, root, "off, 1 % load", EDITS_WITHOUT_HINTS, table, plot, "watch.hints=false");
        bench.table("freshness", "From an outside edit to the new value served, " + FILES + " files", table.toString());
        bench.plot("freshness", plot);
        bench.outcomes.atMost("outside edit to new value, hints on, p99", "ms", MOST_MILLIS, hints);
        bench.outcomes.atMost(
                "outside edit to new value, hints off, watch.maxLoad=1, p99", "ms", MOST_MILLIS_WITHOUT_HINTS, scans);
    }

    private static double measure(
            Bench bench, Path root, String name, int edits, StringBuilder table, Plot plot, String... sets)
            throws IOException, InterruptedException {
        Random random = new Random(SEED);
        Latencies latencies = new Latencies();
        List<Double> millis = new ArrayList<>();
        Path staging = bench.directory("staging");
        try (TokenCacheServer server = HttpServers.start(bench, "token-cache-freshness", root, sets);
                HttpConnection connection = new HttpConnection(server.process().address())) {
            for (int i = 0; i < edits; i++) {
                String filename = HttpServers.filename(random.nextInt(FILES));
                HttpRequest request = server.request(HttpServers.target("p0", filename));
                connection.get(request);
                Thread.sleep(random.nextInt(100)); // not in step with the watcher
                String value = String.format(Locale.ROOT, "not-a-secret-%s-%d", name.replace(' ', '-'), i);
                Path file = Files.writeString(
                        staging.resolve(filename), "{\"type\":\"fake\",\"access_token\":\"" + value + "\"}");
                Files.move(file, root.resolve("p0").resolve(filename), StandardCopyOption.ATOMIC_MOVE);
                long took = untilServed(connection, request, value);
                latencies.record(took);
                millis.add(took / 1e6);
            }
        }
        millis.sort(null);
        List<Plot.Point> points = new ArrayList<>();
        for (int i = 0; i < millis.size(); i++) {
            points.add(new Plot.Point(100.0 * (i + 1) / millis.size(), millis.get(i)));
        }
        plot.add(name, points);
        double p99 = latencies.micros(0.99) / 1e3;
        table.append(String.format(
                Locale.ROOT,
                "%-18s %8d %10.1f %10.1f %10.1f%n",
                name,
                edits,
                latencies.micros(0.5) / 1e3,
                p99,
                millis.get(millis.size() - 1)));
        return p99;
    }

    private static long untilServed(HttpConnection connection, HttpRequest request, String value) throws IOException {
        long start = System.nanoTime();
        while (!connection.get(request).contains('"' + value + '"')) {
            if (System.nanoTime() - start > Duration.ofSeconds(30).toNanos()) {
                throw new IOException("an edit was not served within 30 s");
            }
        }
        return System.nanoTime() - start;
    }
}
