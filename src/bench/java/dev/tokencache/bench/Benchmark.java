package dev.tokencache.bench;

/** One thing that is measured. */
interface Benchmark {
    /** Measures, and leaves a table and a plot with {@code bench}. Blocking. */
    void run(Bench bench) throws Exception;
}
