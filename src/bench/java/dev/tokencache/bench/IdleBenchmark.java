package dev.tokencache.bench;

import dev.tokencache.bench.HttpServers.TokenCacheServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a server with its defaults takes of a core while nobody asks and nothing changes, with 10,000 files. */
final class IdleBenchmark implements Benchmark {
    private static final int FILES = 10_000;

    /** What it takes to start, and what the compilers do of that afterwards, is over then. */
    private static final Duration WARM_UP = Duration.ofMinutes(2);

    /** Several scans: one each five to ten seconds. */
    private static final Duration WINDOW = Duration.ofMinutes(1);

    private static final int WINDOWS = 5;
    private static final double MOST_PERCENT = 1.5;

    @Override
    public void run(Bench bench) throws IOException, InterruptedException {
        Path root = HttpServers.rootOf(bench, 1, FILES);
        List<Plot.Point> points = new ArrayList<>();
        StringBuilder table = new StringBuilder(String.format(Locale.ROOT, "%-18s %12s%n", "", "% of a core"));
        try (TokenCacheServer server = HttpServers.start(bench, "token-cache-idle", root)) {
            Thread.sleep(WARM_UP.toMillis());
            for (int i = 1; i <= WINDOWS; i++) {
                Duration before = server.process().cpuTime();
                long start = System.nanoTime();
                Thread.sleep(WINDOW.toMillis());
                Duration cpu = server.process().cpuTime().minus(before);
                double percent = 100.0 * cpu.toNanos() / (System.nanoTime() - start);
                points.add(new Plot.Point(i, percent));
                table.append(String.format(Locale.ROOT, "%-18s %12.2f%n", WINDOW.toSeconds() + " s, " + i, percent));
            }
        }
        double median = Comparison.median(points.stream().map(Plot.Point::y).toList());
        bench.table("idle", "Idle at the defaults, " + FILES + " files", table.toString());
        bench.plot(
                "idle",
                new Plot("Idle at the defaults, " + FILES + " files", WINDOW.toSeconds() + " s", "% of a core")
                        .add("token-cache", points));
        bench.outcomes.atMost("idle at the defaults, 10,000 files", "% of a core", MOST_PERCENT, median);
    }
}
