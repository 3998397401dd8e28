package dev.tokencache.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long something took, in buckets. Recording is two plain adders: a Micrometer timer with buckets costs ten times that,
 * which shows on a request that takes a few microseconds. For any thread.
 */
final class Durations {
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long MICROS = 1_000;
    private static final long MILLIS = 1_000_000;

    private final long[] bounds;
    private final LongAdder[] counts;
    private final LongAdder nanos = new LongAdder();

    /** @param bounds upper ends of the buckets in nanoseconds, ascending; one more takes the rest */
    Durations(long... bounds) {
        this.bounds = bounds;
        counts = new LongAdder[bounds.length + 1];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    /** With buckets for requests and loads, which take from less than 100 microseconds to seconds. */
    static Durations ofCalls() {
        return new Durations(
                100 * MICROS,
                500 * MICROS,
                2_500 * MICROS,
                10 * MILLIS,
                50 * MILLIS,
                250 * MILLIS,
                1_000 * MILLIS,
                5_000 * MILLIS);
    }

    void record(long took) {
        int bucket = 0;
        while (bucket < bounds.length && took > bounds[bucket]) {
            bucket++;
        }
        counts[bucket].increment();
        nanos.add(took);
    }

    HistogramDataPointSnapshot snapshot(Labels labels) {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        for (int i = 0; i < counts.length; i++) {
            double bound = i == bounds.length ? Double.POSITIVE_INFINITY : bounds[i] / NANOS;
            buckets.bucket(bound, counts[i].sum());
        }
        return HistogramDataPointSnapshot.builder()
                .labels(labels)
                .classicHistogramBuckets(buckets.build())
                .sum(nanos.sum() / NANOS)
                .build();
    }
}
