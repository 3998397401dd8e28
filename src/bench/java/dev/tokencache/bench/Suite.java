package dev.tokencache.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Runs the benchmarks one after the other, or those that {@code -Dbench.only} names, and prints which bars are reached. */
final class Suite {
    private static final Map<String, Benchmark> ALL = new LinkedHashMap<>();

    /** What runs only when it is named. */
    private static final Set<String> BY_NAME_ONLY = Set.of("endurance");

    static {
        ALL.put("http-get", new HttpGetBenchmark());
        ALL.put("http-304", new NotModifiedBenchmark());
        ALL.put("http-list", new ListBenchmark());
        ALL.put("bus", new BusBenchmark());
        ALL.put("preload", new PreloadBenchmark());
        ALL.put("scan", new ScanBenchmark());
        ALL.put("idle", new IdleBenchmark());
        ALL.put("freshness", new FreshnessBenchmark());
        ALL.put("start", new StartBenchmark());
        ALL.put("growth", new GrowthBenchmark());
        ALL.put("front-node", new FrontNodeBenchmark());
        ALL.put("redis", new RedisBenchmark());
        ALL.put("eviction", new Forked("eviction", "dev.tokencache.cache.EvictionBenchmark"));
        ALL.put("jmh", new Forked("jmh", "dev.tokencache.bench.MicroBenchmarks"));
        ALL.put("heap", new Forked("heap", "dev.tokencache.bench.memory.HeapBenchmark", "-Xmx8g"));
        ALL.put("endurance", new EnduranceBenchmark());
    }

    private Suite() {}

    /** No arguments; see {@link Bench} for the system properties. */
    public static void main(String[] args) throws Exception {
        Path work = Files.createTempDirectory("token-cache-bench");
        try {
            Bench bench = new Bench(work);
            for (String name : chosen(System.getProperty("bench.only", ""))) {
                System.out.println("== " + name);
                ALL.get(name).run(bench);
            }
            bench.summary();
        } finally {
            Bench.delete(work);
        }
    }

    private static List<String> chosen(String only) {
        if (only.isBlank()) {
            return ALL.keySet().stream()
                    .filter(name -> !BY_NAME_ONLY.contains(name))
                    .toList();
        }
        Set<String> wanted = new TreeSet<>(Arrays.asList(only.split("[, ]+", -1)));
        if (!ALL.keySet().containsAll(wanted)) {
            throw new IllegalArgumentException("bench.only takes " + ALL.keySet());
        }
        return ALL.keySet().stream().filter(wanted::contains).toList();
    }
}
