package dev.tokencache.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the micro-benchmarks, each in a JVM of its own, prints their table and writes it.
 *
 * <p>System properties: {@code bench.directory} (where the results go), {@code bench.jmh} (a pattern of the benchmarks to run;
 * all if unset).
 */
final class MicroBenchmarks {
    private static final TimeValue ITERATION = TimeValue.milliseconds(800);

    private MicroBenchmarks() {}

    public static void main(String[] args) throws IOException, RunnerException {
        Path results = Files.createDirectories(Path.of(System.getProperty("bench.directory")));
        Collection<RunResult> runs = new Runner(new OptionsBuilder()
                        .include(System.getProperty("bench.jmh", "dev[.]tokencache[.]"))
                        .mode(Mode.AverageTime)
                        .timeUnit(TimeUnit.NANOSECONDS)
                        .forks(1)
                        .warmupIterations(3)
                        .warmupTime(ITERATION)
                        .measurementIterations(5)
                        .measurementTime(ITERATION)
                        .shouldFailOnError(true)
                        .build())
                .run();
        StringBuilder table = new StringBuilder();
        table.append(String.format(
                Locale.ROOT,
                "micro-benchmarks, JMH, one thread; JDK %s, %s %s; %s%n",
                Runtime.version(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                LocalDate.now(ZoneOffset.UTC)));
        table.append(
                String.format(Locale.ROOT, "%-36s %12s %12s %12s%n", "ns for a call", "least", "mean", "+- (99.9%)"));
        for (RunResult run : runs) {
            Result<?> result = run.getPrimaryResult();
            String name = run.getParams().getBenchmark();
            String method = name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1);
            table.append(String.format(
                    Locale.ROOT,
                    "%-36s %12.1f %12.1f %12.1f%n",
                    method,
                    result.getStatistics().getMin(),
                    result.getScore(),
                    result.getScoreError()));
        }
        System.out.print(table);
        Files.writeString(results.resolve("jmh.txt"), table);
    }
}
