package dev.tokencache.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was measured against each bar, in the order of the run. */
public final class Outcomes {
    /** What a file of bars is called, behind the name of the benchmark. */
    static final String SUFFIX = ".bars";

    private static final String SEPARATOR = ";";

    private final List<Outcome> all = new ArrayList<>();

    /**
     * One bar.
     *
     * @param work what was measured
     * @param figure what came out
     * @param bar what it should be
     * @param least whether the bar is the least it should be; else the most
     */
    private record Outcome(String work, String unit, double figure, double bar, boolean least) {
        boolean isReached() {
            return least ? figure >= bar : figure <= bar;
        }
    }

    /** A figure that should be this much or more. */
    public void atLeast(String work, String unit, double bar, double figure) {
        all.add(new Outcome(work, unit, figure, bar, true));
    }

    /** A figure that should be this much or less. */
    public void atMost(String work, String unit, double bar, double figure) {
        all.add(new Outcome(work, unit, figure, bar, false));
    }

    /** Leaves all bars in a directory, for the suite that a benchmark with a JVM of its own belongs to. */
    public void writeTo(Path directory, String benchmark) throws IOException {
        List<String> lines = all.stream()
                .map(one -> String.join(
                        SEPARATOR,
                        one.work,
                        one.unit,
                        Double.toString(one.figure),
                        Double.toString(one.bar),
                        Boolean.toString(one.least)))
                .toList();
        Files.write(directory.resolve(benchmark + SUFFIX), lines);
    }

    /** Takes what {@link #writeTo} has left, if there is anything. */
    void readFrom(Path file) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        for (String line : Files.readAllLines(file)) {
            String[] parts = line.split(SEPARATOR, -1);
            all.add(new Outcome(
                    parts[0],
                    parts[1],
                    Double.parseDouble(parts[2]),
                    Double.parseDouble(parts[3]),
                    Boolean.parseBoolean(parts[4])));
        }
    }

    String table() {
        StringBuilder out = new StringBuilder(String.format(
                Locale.ROOT, "%-58s %-16s %12s %12s  %s%n", "work", "unit", "bar", "measured", "reached"));
        for (Outcome one : all) {
            out.append(String.format(
                    Locale.ROOT,
                    "%-58s %-16s %12s %12s  %s%n",
                    one.work,
                    one.unit,
                    (one.least ? ">= " : "<= ") + number(one.bar),
                    number(one.figure),
                    one.isReached() ? "yes" : "NO"));
        }
        return out.toString();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 20 ? "%.0f" : "%.2f", value);
    }
}
