package dev.tokencache.cache;

import dev.tokencache.bench.Outcomes;
import dev.tokencache.bench.Plot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How well the store keeps what is asked for again: its hit rate under several bounds of bytes, beside plain LRU's and the
 * optimum. Nothing is timed; every run gives the same figures but for what the store draws by lot.
 *
 * <p>System property: {@code bench.directory} (where the table and a plot for each trace go).
 */
final class EvictionBenchmark {
    private static final int KEYS = 20_000;
    private static final int LENGTH = 500_000;

    /** Parts of what all values weigh, in percent. */
    private static final double[] BOUNDS = {1, 2, 5, 10, 20, 40, 80};

    /** Where in the bounds a tenth is. */
    private static final int TENTH = 3;

    private EvictionBenchmark() {}

    public static void main(String[] args) throws IOException {
        Path results = Files.createDirectories(Path.of(System.getProperty("bench.directory")));
        StringBuilder table = new StringBuilder();
        Outcomes outcomes = new Outcomes();
        line(table, "hit rates in %%, %,d gets of %,d keys; %s", LENGTH, KEYS, LocalDate.now(ZoneOffset.UTC));
        for (boolean mixed : new boolean[] {false, true}) {
            for (Trace trace : Traces.all(KEYS, LENGTH, mixed)) {
                String title = trace.name() + (mixed ? ", values of 300 bytes to 16 KB" : ", values of 300 bytes");
                Rates rates = rates(trace);
                table.append(table(title, rates));
                outcomes.atLeast(
                        "hit rate within a tenth: " + title,
                        "points over LRU",
                        0,
                        rates.all().get(EvictionPolicy.PRODUCT)[TENTH]
                                - rates.all().get(EvictionPolicy.LRU)[TENTH]);
                String plot = plot(title, rates.all()).svg();
                String name = "eviction-" + trace.name() + (mixed ? "-mixed" : "") + ".svg";
                Files.writeString(results.resolve(name), plot);
            }
        }
        System.out.print(table);
        Files.writeString(results.resolve("eviction.txt"), table);
        outcomes.writeTo(results, "eviction");
    }

    /**
     * Hit rates under each bound.
     *
     * @param all of all gets, those of the empty cache too
     * @param late of the second half, when who learns from the gets has learned
     */
    private record Rates(Map<EvictionPolicy, double[]> all, Map<EvictionPolicy, double[]> late) {}

    private static Rates rates(Trace trace) {
        Rates rates = new Rates(new EnumMap<>(EvictionPolicy.class), new EnumMap<>(EvictionPolicy.class));
        for (EvictionPolicy policy : EvictionPolicy.values()) {
            double[] all = new double[BOUNDS.length];
            double[] late = new double[BOUNDS.length];
            for (int i = 0; i < BOUNDS.length; i++) {
                boolean[] hits = policy.hits(trace, (long) (trace.weight() * BOUNDS[i] / 100));
                all[i] = EvictionPolicy.hitRate(hits, 0);
                late[i] = EvictionPolicy.hitRate(hits, hits.length / 2);
            }
            rates.all().put(policy, all);
            rates.late().put(policy, late);
        }
        return rates;
    }

    private static Plot plot(String title, Map<EvictionPolicy, double[]> rates) {
        Plot plot = new Plot(title, "bound, % of what all values weigh", "hits, %").logarithmic();
        rates.forEach((policy, of) -> plot.add(
                policy.name().toLowerCase(Locale.ROOT),
                IntStream.range(0, BOUNDS.length)
                        .mapToObj(i -> new Plot.Point(BOUNDS[i], of[i]))
                        .toList()));
        return plot;
    }

    private static String table(String title, Rates rates) {
        StringBuilder table = new StringBuilder("\n");
        table.append(String.format(Locale.ROOT, "%-40s", title));
        for (double bound : BOUNDS) {
            table.append(String.format(Locale.ROOT, "%7.0f%%", bound));
        }
        table.append('\n');
        rates.all().forEach((policy, of) -> row(table, policy, "", of));
        rates.late().forEach((policy, of) -> row(table, policy, ", second half", of));
        return table.toString();
    }

    private static void row(StringBuilder table, EvictionPolicy policy, String what, double[] rates) {
        table.append(String.format(Locale.ROOT, "  %-38s", policy.name().toLowerCase(Locale.ROOT) + what));
        for (double rate : rates) {
            table.append(String.format(Locale.ROOT, "%8.2f", rate));
        }
        table.append('\n');
    }

    private static void line(StringBuilder table, String format, Object... values) {
        table.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
