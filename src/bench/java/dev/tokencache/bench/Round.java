package dev.tokencache.bench;

import dev.tokencache.bench.LoadGenerator.Load;
import java.time.Duration;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The figures of one round with one server, or medians of them.
 *
 * @param perSecond replies in a second
 * @param p50Micros median latency
 * @param p99Micros 99 % of the latencies stayed below
 * @param cpuMicros CPU time of the server's process for one request, user and system
 * @param cores how many cores the server kept busy
 */
record Round(double perSecond, double p50Micros, double p99Micros, double cpuMicros, double cores) {
    static Round of(Load load, Duration cpu, Duration elapsed) {
        return new Round(
                load.perSecond(),
                load.p50Micros(),
                load.p99Micros(),
                cpu.toNanos() / 1e3 / Math.max(1, load.requests()),
                (double) cpu.toNanos() / elapsed.toNanos());
    }

    /** Each figure divided by the other's. */
    Round dividedBy(Round other) {
        return new Round(
                perSecond / other.perSecond,
                p50Micros / other.p50Micros,
                p99Micros / other.p99Micros,
                cpuMicros / other.cpuMicros,
                cores / other.cores);
    }

    /** The median of each figure by itself. */
    static Round median(List<Round> rounds) {
        return new Round(
                median(rounds, Round::perSecond),
                median(rounds, Round::p50Micros),
                median(rounds, Round::p99Micros),
                median(rounds, Round::cpuMicros),
                median(rounds, Round::cores));
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
