package dev.tokencache.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Rounds of two things in turns, the reference first, and their ratios. Neighbouring rounds see the same machine, so the
 * median of the ratios by pairs is steadier than the ratio of the medians on a machine that others use too.
 */
final class Comparison {
    private final String reference;
    private final String ours;
    private final List<Column> columns;
    private final List<Pair> pairs = new ArrayList<>();

    /**
     * A figure of each round.
     *
     * @param decimals how many are printed
     */
    record Column(String name, int decimals) {}

    /** @param counts whether it says something of the two, and not of the machine alone */
    private record Pair(List<Double> reference, List<Double> ours, boolean counts) {}

    Comparison(String reference, String ours, Column... columns) {
        this.reference = reference;
        this.ours = ours;
        this.columns = List.of(columns);
    }

    /** Takes a round of each, with a figure for each column. */
    void add(List<Double> referenceRound, List<Double> ourRound) {
        add(referenceRound, ourRound, true);
    }

    /** Takes a round of each that counts in the ratio only if it may; when none may, all count. */
    void add(List<Double> referenceRound, List<Double> ourRound, boolean counts) {
        pairs.add(new Pair(List.copyOf(referenceRound), List.copyOf(ourRound), counts));
    }

    /** The median of the pairs' ratios in a column, of those that count. */
    double ratio(int column) {
        return ratio(column, counting());
    }

    private static double ratio(int column, List<Pair> of) {
        return median(of.stream()
                .map(pair -> pair.ours.get(column) / pair.reference.get(column))
                .toList());
    }

    private List<Pair> counting() {
        List<Pair> counting = pairs.stream().filter(Pair::counts).toList();
        return counting.isEmpty() ? pairs : counting;
    }

    /** The median of the reference's figures in a column. */
    double reference(int column) {
        return median(references(pairs).stream().map(round -> round.get(column)).toList());
    }

    /** The median of our figures in a column. */
    double ours(int column) {
        return median(ours(pairs).stream().map(round -> round.get(column)).toList());
    }

    /** Medians, ratios, and every round. */
    String table() {
        StringBuilder out = new StringBuilder(
                line("medians", columns.stream().map(Column::name).toList()));
        out.append(figures(reference, medians(references(pairs)))).append(figures(ours, medians(ours(pairs))));
        out.append(ratios("by pairs", pairs));
        if (counting().size() < pairs.size()) {
            out.append(ratios(counting().size() + " of them", counting()));
        }
        out.append('\n');
        for (int i = 0; i < pairs.size(); i++) {
            out.append(figures(reference + ' ' + (i + 1), pairs.get(i).reference))
                    .append(figures(ours + ' ' + (i + 1), pairs.get(i).ours));
        }
        return out.toString();
    }

    /** The rounds' figures of a column, both from zero. */
    Plot plot(String title, int column) {
        Plot plot = new Plot(title, "round", columns.get(column).name());
        plot.add(reference, points(references(pairs), column));
        plot.add(ours, points(ours(pairs), column));
        return plot;
    }

    private static List<Plot.Point> points(List<List<Double>> rounds, int column) {
        List<Plot.Point> points = new ArrayList<>();
        for (int i = 0; i < rounds.size(); i++) {
            points.add(new Plot.Point(i + 1, rounds.get(i).get(column)));
        }
        return points;
    }

    private static List<List<Double>> references(List<Pair> pairs) {
        return pairs.stream().map(Pair::reference).toList();
    }

    private static List<List<Double>> ours(List<Pair> pairs) {
        return pairs.stream().map(Pair::ours).toList();
    }

    private List<Double> medians(List<List<Double>> rounds) {
        List<Double> medians = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            int column = i;
            medians.add(median(rounds.stream().map(round -> round.get(column)).toList()));
        }
        return medians;
    }

    private String ratios(String name, List<Pair> of) {
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            cells.add(String.format(Locale.ROOT, "%.2f", ratio(i, of)));
        }
        return line(name, cells);
    }

    private String figures(String name, List<Double> round) {
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            cells.add(String.format(Locale.ROOT, "%." + columns.get(i).decimals + "f", round.get(i)));
        }
        return line(name, cells);
    }

    private static String line(String name, List<String> cells) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-18s", name));
        cells.forEach(cell -> line.append(String.format(Locale.ROOT, " %15s", cell)));
        return line.append('\n').toString();
    }

    /** The middle one, or the mean of the two in the middle. */
    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }
}
