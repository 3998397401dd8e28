package dev.tokencache.cache;

import java.util.Arrays;
import java.util.Random;

/** Draws ranks from 0 by Zipf's law: the chance of a rank falls with a power of it. */
final class Zipf {
    private final double[] sums;
    private final Random random;

    Zipf(int ranks, double exponent, Random random) {
        this.random = random;
        this.sums = new double[ranks];
        double sum = 0;
        for (int rank = 0; rank < ranks; rank++) {
            sum += 1 / Math.pow(rank + 1, exponent);
            sums[rank] = sum;
        }
    }

    int next() {
        int found = Arrays.binarySearch(sums, random.nextDouble() * sums[sums.length - 1]);
        return Math.min(found < 0 ? ~found : found + 1, sums.length - 1);
    }
}
