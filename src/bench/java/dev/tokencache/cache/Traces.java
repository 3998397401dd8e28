package dev.tokencache.cache;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;

/** The sequences of gets, the same ones at each run: every seed is fixed. */
final class Traces {
    private static final double EXPONENT = 0.9;
    private static final int EQUAL_BYTES = 300;
    private static final int MOST_BYTES = 16 * 1024;

    private final int keys;
    private final int length;
    private final int[] sizes;
    private final Random random;

    private Traces(int keys, int length, boolean mixed) {
        this.keys = keys;
        this.length = length;
        this.random = new Random(20_261_126);
        this.sizes = new int[keys];
        // Most tokens are small, a few are large: the logarithm of the size is even.
        double spread = Math.log((double) MOST_BYTES / EQUAL_BYTES);
        Arrays.setAll(sizes, key -> mixed ? (int) (EQUAL_BYTES * Math.exp(spread * random.nextDouble())) : EQUAL_BYTES);
    }

    /**
     * All of them.
     *
     * @param keys how many keys there are
     * @param length how many gets each has
     * @param mixed whether values have 300 bytes to 16 KB, or all of them 300
     */
    static List<Trace> all(int keys, int length, boolean mixed) {
        return List.of(
                new Traces(keys, length, mixed).zipf(),
                new Traces(keys, length, mixed).drift(),
                new Traces(keys, length, mixed).scan(),
                new Traces(keys, length, mixed).loop(),
                new Traces(keys, length, mixed).sessions());
    }

    /** Demand by Zipf's law that stays as it is. */
    private Trace zipf() {
        int[] byRank = shuffled();
        Zipf zipf = new Zipf(keys, EXPONENT, random);
        return trace("zipf", i -> byRank[zipf.next()]);
    }

    /** The same law, but what is in demand changes: a hundred times, one key in 200 trades places, hot ones mostly. */
    private Trace drift() {
        int[] byRank = shuffled();
        Zipf zipf = new Zipf(keys, EXPONENT, random);
        int period = Math.max(1, length / 100);
        return trace("drift", i -> {
            for (int moves = i % period == 0 ? keys / 200 : 0; moves > 0; moves--) {
                int hot = zipf.next();
                int other = random.nextInt(keys);
                int key = byRank[hot];
                byRank[hot] = byRank[other];
                byRank[other] = key;
            }
            return byRank[zipf.next()];
        });
    }

    /** The same law, and every other get in half of the time is one of a walk over all keys, as exports and crawlers do. */
    private Trace scan() {
        int[] byRank = shuffled();
        Zipf zipf = new Zipf(keys, EXPONENT, random);
        int[] next = {0};
        int period = 4 * keys;
        return trace("scan", i -> i % 2 == 0 && i % period < period / 2 ? next[0]++ % keys : byRank[zipf.next()]);
    }

    /** All keys in turn, again and again: what was used last is needed last. */
    private Trace loop() {
        return trace("loop", i -> i % keys);
    }

    /** Users who come, read a few tokens again and again, and leave for long: what was used last is needed next. */
    private Trace sessions() {
        int most = Math.max(1, keys / 100);
        int[] first = random.ints(most, 0, keys).toArray();
        return trace("sessions", i -> {
            int session = random.nextInt(most);
            if (random.nextInt(30) == 0) {
                first[session] = random.nextInt(keys);
            }
            return (first[session] + random.nextInt(4)) % keys;
        });
    }

    private int[] shuffled() {
        int[] all = new int[keys];
        Arrays.setAll(all, i -> i);
        for (int i = keys - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int key = all[i];
            all[i] = all[other];
            all[other] = key;
        }
        return all;
    }

    private Trace trace(String name, IntUnaryOperator request) {
        int[] requests = new int[length];
        for (int i = 0; i < length; i++) {
            requests[i] = request.applyAsInt(i);
        }
        return new Trace(name, requests, sizes);
    }
}
