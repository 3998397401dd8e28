package dev.tokencache.cache;

import java.util.Arrays;

/** How long the last loads took: a ring of samples, in nanoseconds. */
final class LoadTimes {
    private static final int SAMPLES = 1_024;

    private final long[] ring = new long[SAMPLES];
    private long count;

    void record(long nanos) {
        ring[(int) (count++ % SAMPLES)] = nanos;
    }

    /**
     * A quantile of the last loads by nearest rank, in milliseconds; 0 before the first load.
     *
     * @param quantile from 0 to 1
     */
    double quantileMillis(double quantile) {
        int filled = (int) Math.min(count, SAMPLES);
        if (filled == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(ring, filled);
        Arrays.sort(sorted);
        int rank = (int) Math.ceil(quantile * filled);
        return Math.round(sorted[Math.max(0, rank - 1)] / 1_000.0) / 1_000.0;
    }
}
