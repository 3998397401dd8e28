package dev.tokencache.metrics;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A scrape in Prometheus's text format, version 0.0.4, read strictly: whatever it does not allow fails. */
public final class ScrapeText {
    private static final Pattern HELP = Pattern.compile("# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");
    private static final Pattern TYPE =
            Pattern.compile("# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram|summary|untyped)");
    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? ([+-]?[0-9.]+(?:E-?[0-9]+)?|NaN|[+-]Inf)");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\\"n])*)\"(?:,|$)");

    private final Map<String, Family> families = new LinkedHashMap<>();
    private final Map<String, Double> values = new LinkedHashMap<>();
    private Family current;

    /** What belongs to one name. */
    public record Family(String name, String help, String type, List<Sample> samples) {}

    /** One value. */
    public record Sample(String name, Map<String, String> labels, double value) {}

    private ScrapeText() {}

    /** Reads it; an {@link AssertionError} says what is wrong. */
    public static ScrapeText parse(String text) {
        ScrapeText scrape = new ScrapeText();
        require(text.endsWith("\n"), "the last line has no end");
        String help = null;
        for (String line : text.substring(0, text.length() - 1).split("\n", -1)) {
            Matcher helps = HELP.matcher(line);
            Matcher types = TYPE.matcher(line);
            if (helps.matches()) {
                require(help == null, "two helps: " + line);
                help = line;
            } else if (types.matches()) {
                Matcher before = HELP.matcher(String.valueOf(help));
                require(before.matches() && before.group(1).equals(types.group(1)), "no help before: " + line);
                scrape.begin(types.group(1), before.group(2), types.group(2));
                help = null;
            } else {
                require(help == null, "no type before: " + line);
                scrape.sample(line);
            }
        }
        scrape.families.values().forEach(ScrapeText::check);
        return scrape;
    }

    private static void require(boolean right, String message) {
        if (!right) {
            throw new AssertionError(message);
        }
    }

    private void begin(String name, String help, String type) {
        current = new Family(name, help, type, new ArrayList<>());
        require(families.put(name, current) == null, "twice: " + name);
        require(type.equals("counter") == name.endsWith("_total"), type + " is called " + name);
    }

    private void sample(String line) {
        Matcher sample = SAMPLE.matcher(line);
        require(sample.matches(), "no sample: " + line);
        require(current != null && belongs(sample.group(1)), "not below its type: " + line);
        Map<String, String> labels = labels(sample.group(2), line);
        double value = Double.parseDouble(sample.group(3).replace("Inf", "Infinity"));
        current.samples().add(new Sample(sample.group(1), labels, value));
        require(values.put(sample.group(1) + labels, value) == null, "twice: " + line);
    }

    private boolean belongs(String name) {
        return switch (current.type()) {
            case "histogram" -> name.matches(Pattern.quote(current.name()) + "_(bucket|sum|count)");
            case "summary" -> name.matches(Pattern.quote(current.name()) + "(_sum|_count)?");
            default -> name.equals(current.name());
        };
    }

    private static Map<String, String> labels(String text, String line) {
        Map<String, String> labels = new TreeMap<>();
        Matcher label = LABEL.matcher(text == null ? "" : text);
        int end = 0;
        while (label.find() && label.start() == end) {
            require(labels.put(label.group(1), label.group(2)) == null, "label twice: " + line);
            end = label.end();
        }
        require(text == null || end == text.length(), "labels: " + line);
        return labels;
    }

    /** Buckets only grow, the last is the count, and all series have the same labels. */
    private static void check(Family family) {
        require(!family.samples().isEmpty(), "empty: " + family.name());
        Set<Set<String>> names = new HashSet<>();
        Map<Map<String, String>, Double> last = new LinkedHashMap<>();
        for (Sample sample : family.samples()) {
            Map<String, String> series = new TreeMap<>(sample.labels());
            String bound = series.remove("le");
            names.add(series.keySet());
            if (sample.name().endsWith("_bucket")) {
                require(bound != null, "bucket without bound: " + family.name());
                require(last.getOrDefault(series, 0.0) <= sample.value(), "buckets shrink: " + family.name());
                last.put(series, sample.value());
            } else if (family.type().equals("histogram") && sample.name().endsWith("_count")) {
                require(last.get(series) == sample.value(), "the last bucket is not the count: " + family.name());
            } else if (family.type().equals("counter")) {
                require(sample.value() >= 0, "negative: " + family.name());
            }
        }
        require(names.size() == 1, "different labels: " + family.name() + names);
    }

    /** By name, in the order of the scrape. */
    public Map<String, Family> families() {
        return families;
    }

    /** All values there are. */
    public Stream<Sample> samples() {
        return families.values().stream().flatMap(family -> family.samples().stream());
    }

    /**
     * A value, or 0 when it isn't there.
     *
     * @param labels name, value, name, value …; all of them
     */
    public double value(String name, String... labels) {
        Map<String, String> all = new TreeMap<>();
        for (int i = 0; i < labels.length; i += 2) {
            all.put(labels[i], labels[i + 1]);
        }
        return values.getOrDefault(name + all, 0.0);
    }
}
