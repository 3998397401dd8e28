package dev.tokencache.cache;

import java.util.Locale;
import java.util.Map;

/** Hit rates over the bound of bytes, as SVG: the bound on a scale of logarithms, both in percent. */
final class HitRatePlot {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 360;
    private static final int LEFT = 60;
    private static final int TOP = 50;
    private static final int RIGHT = 120;
    private static final int BOTTOM = 60;
    private static final Map<EvictionPolicy, String> COLORS =
            Map.of(EvictionPolicy.PRODUCT, "#06c", EvictionPolicy.LRU, "#888", EvictionPolicy.OPTIMUM, "#2a2");

    private final StringBuilder out = new StringBuilder();
    private final double[] bounds;

    private HitRatePlot(double[] bounds) {
        this.bounds = bounds;
    }

    static String svg(String title, double[] bounds, Map<EvictionPolicy, double[]> rates) {
        return new HitRatePlot(bounds).draw(title, rates);
    }

    private String draw(String title, Map<EvictionPolicy, double[]> rates) {
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">",
                WIDTH, HEIGHT);
        add("<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>", WIDTH, HEIGHT);
        text(LEFT, 24, "start", title + ": hit rate");
        for (int rate = 0; rate <= 100; rate += 20) {
            add("<path d=\"M%d %.1fH%d\" stroke=\"#ddd\"/>", LEFT, y(rate), WIDTH - RIGHT);
            text(LEFT - 8, y(rate) + 4, "end", rate + "%");
        }
        for (double bound : bounds) {
            text(x(bound), HEIGHT - BOTTOM + 20, "middle", String.format(Locale.ROOT, "%.0f%%", bound));
        }
        text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 16, "middle", "bound, of what all values weigh");
        int row = 0;
        for (Map.Entry<EvictionPolicy, double[]> policy : rates.entrySet()) {
            series(policy.getKey(), policy.getValue(), row++);
        }
        return out.append("</svg>\n").toString();
    }

    private void series(EvictionPolicy policy, double[] rates, int row) {
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < rates.length; i++) {
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(bounds[i]), y(rates[i])));
        }
        String color = COLORS.get(policy);
        add(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>",
                points.toString().trim(), color);
        add("<path d=\"M%d %dh16\" stroke=\"%s\" stroke-width=\"2\"/>", WIDTH - RIGHT + 12, TOP + 20 * row, color);
        text(WIDTH - RIGHT + 34, TOP + 20 * row + 4, "start", policy.name().toLowerCase(Locale.ROOT));
    }

    private double x(double bound) {
        double first = Math.log(bounds[0]);
        double last = Math.log(bounds[bounds.length - 1]);
        return LEFT + (Math.log(bound) - first) / (last - first) * (WIDTH - LEFT - RIGHT - 20) + 10;
    }

    private double y(double rate) {
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - rate / 100);
    }

    private void text(double x, double y, String anchor, String text) {
        add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, text);
    }

    private void add(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
