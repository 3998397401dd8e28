package dev.tokencache.bench;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table: medians of both servers, their ratio, and every round. */
final class Report {
    /** A server on one event loop that takes this much of a core is what limits the rate. */
    private static final double BUSY = 0.9;

    private final String title;
    private final Duration length;
    private final List<Round> bare;
    private final List<Round> ours;

    Report(String title, Duration length, List<Round> bare, List<Round> ours) {
        this.title = title;
        this.length = length;
        this.bare = bare;
        this.ours = ours;
    }

    String table() {
        Round bareMedian = Round.median(bare);
        Round ourMedian = Round.median(ours);
        StringBuilder out = new StringBuilder()
                .append(title)
                .append('\n')
                .append(conditions())
                .append("\n\n")
                .append(line("medians", "requests/s", "p50 us", "p99 us", "CPU us/request", "cores"))
                .append(line("bare", bareMedian))
                .append(line("token-cache", ourMedian))
                .append(ratios("ratio", ourMedian.dividedBy(bareMedian)))
                .append(pairs())
                .append('\n');
        for (int i = 0; i < bare.size(); i++) {
            out.append(line("bare " + (i + 1), bare.get(i))).append(line("token-cache " + (i + 1), ours.get(i)));
        }
        return out.toString();
    }

    /**
     * Neighbouring rounds see the same machine: on one that others use too, this is the steadier figure. The rate says
     * something of a server only where the server was what everything waited for.
     */
    private String pairs() {
        List<Round> all = new ArrayList<>();
        List<Round> busy = new ArrayList<>();
        for (int i = 0; i < bare.size(); i++) {
            Round pair = ours.get(i).dividedBy(bare.get(i));
            all.add(pair);
            if (Math.min(ours.get(i).cores(), bare.get(i).cores()) >= BUSY) {
                busy.add(pair);
            }
        }
        String lines = ratios("by pairs", Round.median(all));
        return busy.isEmpty() ? lines : lines + ratios(busy.size() + " busy", Round.median(busy));
    }

    private static String ratios(String name, Round ratios) {
        return line(
                name,
                two(ratios.perSecond()),
                two(ratios.p50Micros()),
                two(ratios.p99Micros()),
                two(ratios.cpuMicros()),
                two(ratios.cores()));
    }

    private String conditions() {
        return String.format(
                Locale.ROOT,
                "%d rounds of %d s each, alternating; %s, %d cores, %s %s, load generator on the same machine; %s",
                bare.size(),
                length.toSeconds(),
                "JDK " + Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                LocalDate.now(ZoneOffset.UTC));
    }

    private static String line(String name, Round round) {
        return line(
                name,
                String.format(Locale.ROOT, "%.0f", round.perSecond()),
                String.format(Locale.ROOT, "%.0f", round.p50Micros()),
                String.format(Locale.ROOT, "%.0f", round.p99Micros()),
                two(round.cpuMicros()),
                two(round.cores()));
    }

    private static String line(String name, String rate, String p50, String p99, String cpu, String cores) {
        return String.format(Locale.ROOT, "%-15s %11s %9s %9s %15s %7s%n", name, rate, p50, p99, cpu, cores);
    }

    private static String two(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
