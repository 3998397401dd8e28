package dev.tokencache.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The benchmark's traces, shorter; {@link EvictionBenchmark} gives the curves. */
class EvictionTest {
    private static final int KEYS = 2_000;
    private static final int LENGTH = 40_000;
    private static final double[] BOUNDS = {0.05, 0.1, 0.2};

    @ParameterizedTest
    @ValueSource(strings = {"zipf", "drift", "scan"})
    void hitRate_demandByZipfsLaw_isAtLeastThatOfLru(String name) {
        for (boolean mixed : new boolean[] {false, true}) {
            Trace trace = trace(name, mixed);
            for (double bound : BOUNDS) {
                long maxBytes = (long) (bound * trace.weight());
                assertThat(hitRate(EvictionPolicy.PRODUCT, trace, maxBytes))
                        .as("%s at %s of the bytes, mixed sizes %s", name, bound, mixed)
                        .isGreaterThanOrEqualTo(hitRate(EvictionPolicy.LRU, trace, maxBytes))
                        .isLessThanOrEqualTo(hitRate(EvictionPolicy.OPTIMUM, trace, maxBytes));
            }
        }
    }

    private static Trace trace(String name, boolean mixed) {
        List<Trace> all = Traces.all(KEYS, LENGTH, mixed);
        return all.stream()
                .filter(trace -> trace.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static double hitRate(EvictionPolicy policy, Trace trace, long maxBytes) {
        return EvictionPolicy.hitRate(policy.hits(trace, maxBytes), 0);
    }
}
