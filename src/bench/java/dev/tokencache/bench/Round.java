package dev.tokencache.bench;

import dev.tokencache.bench.Comparison.Column;
import dev.tokencache.bench.LoadGenerator.Load;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * The figures of one round with one server.
 *
 * @param perSecond replies in a second
 * @param p50Micros median latency
 * @param p99Micros 99 % of the latencies stayed below
 * @param cpuMicros CPU time of the server's process for one request, user and system
 * @param cores how many cores the server kept busy
 */
record Round(double perSecond, double p50Micros, double p99Micros, double cpuMicros, double cores) {
    /** A server on one event loop that takes this much of a core is what limits the rate. */
    private static final double BUSY = 0.9;

    /** Sends load to a server for this long. Blocking. */
    static Round measure(LoadGenerator generator, ServerProcess server, int connections, Duration length)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        Duration before = server.cpuTime();
        Load load = generator.run(server.address(), connections, length);
        Duration cpu = server.cpuTime().minus(before);
        return of(load, cpu, Duration.ofNanos(System.nanoTime() - start));
    }

    static Round of(Load load, Duration cpu, Duration elapsed) {
        return new Round(
                load.perSecond(),
                load.p50Micros(),
                load.p99Micros(),
                cpu.toNanos() / 1e3 / Math.max(1, load.requests()),
                (double) cpu.toNanos() / elapsed.toNanos());
    }

    /** What the table shows of a round. */
    static Column[] columns() {
        return new Column[] {
            new Column("requests/s", 0),
            new Column("p50 us", 0),
            new Column("p99 us", 0),
            new Column("CPU us/request", 2),
            new Column("cores", 2)
        };
    }

    static final int RATE = 0;
    static final int P99 = 2;
    static final int CPU = 3;

    List<Double> figures() {
        return List.of(perSecond, p50Micros, p99Micros, cpuMicros, cores);
    }

    /** Whether the server was what everything waited for: only then does the rate say something of it. */
    boolean isBusy() {
        return cores >= BUSY;
    }
}
