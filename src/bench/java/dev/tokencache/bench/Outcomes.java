package dev.tokencache.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was measured against each bar, in the order of the run. */
final class Outcomes {
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
    void atLeast(String work, String unit, double bar, double figure) {
        all.add(new Outcome(work, unit, figure, bar, true));
    }

    /** A figure that should be this much or less. */
    void atMost(String work, String unit, double bar, double figure) {
        all.add(new Outcome(work, unit, figure, bar, false));
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
