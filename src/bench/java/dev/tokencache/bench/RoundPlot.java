package dev.tokencache.bench;

import java.util.List;
import java.util.Locale;

/** A plot of the rounds as SVG: requests in a second of both servers, from zero. */
final class RoundPlot {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 360;
    private static final int LEFT = 70;
    private static final int TOP = 50;
    private static final int RIGHT = 120;
    private static final int BOTTOM = 40;
    private static final int TICKS = 5;

    private final StringBuilder out = new StringBuilder();
    private final int rounds;
    private final double top;

    private RoundPlot(int rounds, double top) {
        this.rounds = rounds;
        this.top = top;
    }

    static String svg(String title, List<Round> bare, List<Round> ours) {
        double highest = Math.max(highest(bare), highest(ours));
        double step = niceStep(highest / TICKS);
        return new RoundPlot(bare.size(), step * Math.ceil(highest / step)).draw(title, step, bare, ours);
    }

    private static double highest(List<Round> rounds) {
        return rounds.stream().mapToDouble(Round::perSecond).max().orElse(1);
    }

    private static double niceStep(double least) {
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        double digit = least / power;
        return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
    }

    private String draw(String title, double step, List<Round> bare, List<Round> ours) {
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">",
                WIDTH, HEIGHT);
        add("<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>", WIDTH, HEIGHT);
        text(LEFT, 24, "start", title + ": requests/s in each round");
        for (double value = 0; value <= top + step / 2; value += step) {
            add("<path d=\"M%d %.1fH%d\" stroke=\"#ddd\"/>", LEFT, y(value), WIDTH - RIGHT);
            text(LEFT - 8, y(value) + 4, "end", String.format(Locale.ROOT, "%,.0f", value));
        }
        for (int i = 0; i < rounds; i++) {
            text(x(i), HEIGHT - BOTTOM + 20, "middle", Integer.toString(i + 1));
        }
        series("bare", "#888", bare);
        series("token-cache", "#06c", ours);
        return out.append("</svg>\n").toString();
    }

    private void series(String name, String color, List<Round> figures) {
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < rounds; i++) {
            double y = y(figures.get(i).perSecond());
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(i), y));
            add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"/>", x(i), y, color);
        }
        add(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>",
                points.toString().trim(), color);
        text(WIDTH - RIGHT + 8, y(figures.get(rounds - 1).perSecond()) + 4, "start", name);
    }

    private double x(int round) {
        return LEFT + (round + 0.5) * (WIDTH - LEFT - RIGHT) / rounds;
    }

    private double y(double value) {
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
    }

    private void text(double x, double y, String anchor, String text) {
        add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, text);
    }

    private void add(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
