package dev.tokencache.bench;

import dev.tokencache.bench.Comparison.Column;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * How long something took in this JVM.
 *
 * @param seconds by the clock
 * @param cpuSeconds of all threads of this JVM, user and system
 */
record Timed(double seconds, double cpuSeconds) {
    static final int SECONDS = 0;

    /** What is timed. */
    interface Work {
        void run() throws Exception;
    }

    static Timed run(Work work) throws Exception {
        System.gc(); // what came before should not be paid for by what comes now
        long cpu = cpuNanos();
        long start = System.nanoTime();
        work.run();
        return new Timed((System.nanoTime() - start) / 1e9, (cpuNanos() - cpu) / 1e9);
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    static Column[] columns() {
        return new Column[] {new Column("seconds", 3), new Column("CPU seconds", 3)};
    }

    List<Double> figures() {
        return List.of(seconds, cpuSeconds);
    }
}
