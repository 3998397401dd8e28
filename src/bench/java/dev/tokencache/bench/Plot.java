package dev.tokencache.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A plot of a few curves as SVG, the vertical axis from zero. */
public final class Plot {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 360;
    private static final int LEFT = 80;
    private static final int TOP = 50;
    private static final int RIGHT = 130;
    private static final int BOTTOM = 50;
    private static final int TICKS = 5;
    private static final int MOST_LABELS = 16;
    private static final String[] COLORS = {"#888", "#06c", "#c50", "#080", "#909"};

    private final String title;
    private final String across;
    private final String up;
    private final List<Curve> curves = new ArrayList<>();
    private final StringBuilder out = new StringBuilder();
    private boolean logarithmic;
    private double top;

    /** One point of a curve. */
    public record Point(double x, double y) {}

    private record Curve(String name, List<Point> points) {}

    /**
     * An empty plot.
     *
     * @param across what goes across, with its unit
     * @param up what goes up, with its unit
     */
    public Plot(String title, String across, String up) {
        this.title = title;
        this.across = across;
        this.up = up;
    }

    /** Each step across is a factor. */
    public Plot logarithmic() {
        logarithmic = true;
        return this;
    }

    /** Adds a curve; its points go from left to right, at least one. */
    public Plot add(String name, List<Point> points) {
        curves.add(new Curve(name, List.copyOf(points)));
        return this;
    }

    /** The whole file. */
    public String svg() {
        out.setLength(0);
        double highest = all().stream().mapToDouble(Point::y).max().orElse(1);
        double step = niceStep(Math.max(highest, 1e-9) / TICKS);
        top = step * Math.ceil(highest / step);
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">",
                WIDTH, HEIGHT);
        add("<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>", WIDTH, HEIGHT);
        text(LEFT, 20, "start", title);
        text(LEFT, 38, "start", up);
        for (double value = 0; value <= top + step / 2; value += step) {
            add("<path d=\"M%d %.1fH%d\" stroke=\"#ddd\"/>", LEFT, y(value), WIDTH - RIGHT);
            text(LEFT - 8, y(value) + 4, "end", number(value, step));
        }
        List<Double> labels = all().stream().map(Point::x).distinct().sorted().toList();
        int every = 1 + labels.size() / MOST_LABELS;
        for (int i = 0; i < labels.size(); i += every) {
            text(x(labels.get(i)), HEIGHT - BOTTOM + 18, "middle", number(labels.get(i), 1));
        }
        text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 12, "middle", across);
        for (int i = 0; i < curves.size(); i++) {
            draw(curves.get(i), COLORS[i % COLORS.length], 14 * i);
        }
        return out.append("</svg>\n").toString();
    }

    private void draw(Curve curve, String color, int legend) {
        StringBuilder points = new StringBuilder();
        for (Point point : curve.points) {
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(point.x), y(point.y)));
            add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>", x(point.x), y(point.y), color);
        }
        add(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>",
                points.toString().trim(), color);
        add(
                "<rect x=\"%d\" y=\"%d\" width=\"10\" height=\"10\" fill=\"%s\"/>",
                WIDTH - RIGHT + 10, TOP + legend, color);
        text(WIDTH - RIGHT + 24, TOP + legend + 9, "start", curve.name);
    }

    private List<Point> all() {
        return curves.stream().flatMap(curve -> curve.points.stream()).toList();
    }

    private static double niceStep(double least) {
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        double digit = least / power;
        return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
    }

    private static String number(double value, double step) {
        return String.format(Locale.ROOT, step >= 1 ? "%,.0f" : step >= 0.1 ? "%.1f" : "%.3f", value);
    }

    private double x(double value) {
        double least = scaled(all().stream().mapToDouble(Point::x).min().orElse(0));
        double most = scaled(all().stream().mapToDouble(Point::x).max().orElse(1));
        double share = most == least ? 0.5 : (scaled(value) - least) / (most - least);
        return LEFT + 20 + share * (WIDTH - LEFT - RIGHT - 40);
    }

    private double scaled(double value) {
        return logarithmic ? Math.log10(value) : value;
    }

    private double y(double value) {
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
    }

    private void text(double x, double y, String anchor, String text) {
        add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, escaped(text));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private void add(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
