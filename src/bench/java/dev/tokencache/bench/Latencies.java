package dev.tokencache.bench;

/** A histogram of times in nanoseconds: 64 buckets for each doubling, so that a quantile is at most 1.6 % off. One thread. */
final class Latencies {
    private static final int STEPS_BITS = 6;
    private static final int STEPS = 1 << STEPS_BITS;

    private final long[] counts = new long[STEPS * (65 - STEPS_BITS)];
    private long total;

    void record(long nanos) {
        counts[bucket(Math.max(0, nanos))]++;
        total++;
    }

    private static int bucket(long nanos) {
        int shift = Math.max(0, 63 - Long.numberOfLeadingZeros(nanos | 1) - STEPS_BITS);
        return shift * STEPS + (int) (nanos >>> shift);
    }

    private static long middle(int bucket) {
        int shift = Math.max(0, bucket / STEPS - 1);
        return ((bucket - (long) shift * STEPS) << shift) + ((1L << shift) >> 1);
    }

    /** How many there are. */
    long count() {
        return total;
    }

    /** The time that this share of all stays below, in microseconds; 0 without any. */
    double micros(double share) {
        long wanted = (long) Math.ceil(share * total);
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= wanted && seen > 0) {
                return middle(i) / 1_000.0;
            }
        }
        return 0;
    }
}
