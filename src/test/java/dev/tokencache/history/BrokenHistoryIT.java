package dev.tokencache.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The proof that {@link HistoryIT} would notice: the same run on a cache that is broken on purpose. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class BrokenHistoryIT {
    private static final long SEED = Long.getLong("history.seed", System.nanoTime());
    private static final int MOST_SECONDS = 90;

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void answers_brokenInvalidation_violateTheRule(Breakage breakage) throws Exception {
        System.out.printf("history broken by %s: -Dhistory.seed=%d%n", breakage, SEED);

        Object missing = new BrokenLoader(breakage)
                .loadClass(BrokenRun.class.getName())
                .getMethod("run", Path.class, String.class, long.class, int.class)
                .invoke(null, directory, breakage.name(), SEED, MOST_SECONDS);

        assertThat(missing).as("rules not seen to be broken").isEqualTo("[]");
    }
}
