package dev.tokencache.bench;

import dev.tokencache.bench.HttpServers.TokenCacheServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Mixed load for {@code -Dbench.minutes} (an hour): gets, writes, edits from outside, projects that come and go, connections and
 * event streams that come and go. Each minute gives what the server holds after a garbage collection, its descriptors and
 * threads, and the p99 of the gets. Flat means: the last quarter is like the second; the first one warms up.
 */
final class EnduranceBenchmark implements Benchmark {
    private static final int QUARTERS = 4;
    private static final double MOST_HEAP = 1.1;
    private static final double MOST_DESCRIPTORS = 1.1;
    private static final double MOST_THREADS = 1.1;
    private static final double MOST_LATENCY = 1.5;

    private final int minutes = Integer.getInteger("bench.minutes", 60);

    @Override
    public void run(Bench bench) throws Exception {
        if (minutes < QUARTERS) {
            throw new IllegalArgumentException("bench.minutes is at least " + QUARTERS);
        }
        Path root = HttpServers.rootOf(bench, MixedLoad.PROJECTS, MixedLoad.TOKENS);
        List<Minute> all = new ArrayList<>();
        long failures;
        try (TokenCacheServer server = HttpServers.start(bench, "token-cache-endurance", root);
                MixedLoad load = new MixedLoad(bench, server, root)) {
            load.start();
            ProcessFacts facts = new ProcessFacts(server.process().pid());
            System.out.println(Minute.head());
            for (int i = 1; i <= minutes; i++) {
                Thread.sleep(Duration.ofMinutes(1).toMillis());
                Latencies latencies = load.latencies();
                Minute minute = new Minute(
                        i,
                        latencies.count(),
                        latencies.micros(0.99),
                        facts.heapAfterCollection(),
                        facts.residentBytes(),
                        facts.descriptors(),
                        facts.threads(),
                        load.failures());
                all.add(minute);
                System.out.println(minute.line());
            }
            failures = load.failures();
        }
        report(bench, all, failures);
    }

    /**
     * What was seen at the end of a minute.
     *
     * @param gets in this minute
     * @param p99Micros of them
     * @param heapBytes in use after a collection
     * @param residentBytes of the process
     * @param failures requests and edits that failed since the start
     */
    private record Minute(
            int number,
            long gets,
            double p99Micros,
            long heapBytes,
            long residentBytes,
            int descriptors,
            int threads,
            long failures) {
        static String head() {
            return String.format(
                    Locale.ROOT,
                    "%8s %10s %10s %12s %14s %12s %8s %8s",
                    "minute",
                    "gets",
                    "p99 us",
                    "heap MiB",
                    "resident MiB",
                    "descriptors",
                    "threads",
                    "failed");
        }

        String line() {
            return String.format(
                    Locale.ROOT,
                    "%8d %10d %10.0f %12.1f %14.1f %12d %8d %8d",
                    number,
                    gets,
                    p99Micros,
                    mebibytes(heapBytes),
                    mebibytes(residentBytes),
                    descriptors,
                    threads,
                    failures);
        }
    }

    private static double mebibytes(long bytes) {
        return bytes / (double) (1 << 20);
    }

    private static void report(Bench bench, List<Minute> all, long failures) throws IOException {
        StringBuilder table = new StringBuilder(Minute.head()).append('\n');
        all.forEach(minute -> table.append(minute.line()).append('\n'));
        table.append(String.format(Locale.ROOT, "%nfailed requests: %d%n", failures));
        bench.table("endurance", MixedLoad.TITLE, table.toString());
        curve(bench, all, "endurance-heap", "heap after a collection, MiB", minute -> mebibytes(minute.heapBytes));
        curve(bench, all, "endurance-resident", "resident, MiB", minute -> mebibytes(minute.residentBytes));
        curve(bench, all, "endurance-descriptors", "descriptors", Minute::descriptors);
        curve(bench, all, "endurance-threads", "threads", Minute::threads);
        curve(bench, all, "endurance-p99", "p99 of gets, us", Minute::p99Micros);
        bench.outcomes.atMost(
                "endurance: heap after a collection",
                "last/2nd quarter",
                MOST_HEAP,
                growth(all, minute -> mebibytes(minute.heapBytes)));
        bench.outcomes.atMost(
                "endurance: descriptors", "last/2nd quarter", MOST_DESCRIPTORS, growth(all, Minute::descriptors));
        bench.outcomes.atMost("endurance: threads", "last/2nd quarter", MOST_THREADS, growth(all, Minute::threads));
        bench.outcomes.atMost("endurance: p99", "last/2nd quarter", MOST_LATENCY, growth(all, Minute::p99Micros));
        bench.outcomes.atMost("endurance: failed requests", "requests", 0, (double) failures);
    }

    private static void curve(Bench bench, List<Minute> all, String name, String up, ToDoubleFunction<Minute> figure)
            throws IOException {
        List<Plot.Point> points = all.stream()
                .map(minute -> new Plot.Point(minute.number, figure.applyAsDouble(minute)))
                .toList();
        bench.plot(name, new Plot(MixedLoad.TITLE, "minute", up).add("token-cache", points));
    }

    private static double growth(List<Minute> all, ToDoubleFunction<Minute> figure) {
        int quarter = all.size() / QUARTERS;
        return median(all.subList(all.size() - quarter, all.size()), figure)
                / median(all.subList(quarter, 2 * quarter), figure);
    }

    private static double median(List<Minute> some, ToDoubleFunction<Minute> figure) {
        return Comparison.median(some.stream().map(figure::applyAsDouble).toList());
    }
}
