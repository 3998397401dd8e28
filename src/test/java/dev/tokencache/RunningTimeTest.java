package dev.tokencache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RunningTimeTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private final RunningTime clock = new RunningTime(0);

    @Test
    void at_ticksInTime_isTheTime() {
        clock.tick(10 * MILLI);
        clock.tick(100 * MILLI);

        assertThat(clock.at(150 * MILLI)).isEqualTo(150 * MILLI);
    }

    @Test
    void at_aTickLate_standsStillUntilItComes() {
        clock.tick(10 * MILLI);

        assertThat(clock.at(110 * MILLI)).isEqualTo(110 * MILLI);
        assertThat(clock.at(5_000 * MILLI)).isEqualTo(110 * MILLI);
        clock.tick(5_000 * MILLI);
        assertThat(clock.at(5_000 * MILLI)).isEqualTo(110 * MILLI);
        assertThat(clock.at(5_050 * MILLI)).isEqualTo(160 * MILLI);
        clock.tick(5_050 * MILLI);
        clock.tick(6_050 * MILLI);
        assertThat(clock.at(6_060 * MILLI)).isEqualTo(270 * MILLI);
    }

    @Test
    void nanoTime_goesOn() {
        long start = RunningTime.nanoTime();
        long now = start;
        while (now - start < 30 * MILLI) {
            long next = RunningTime.nanoTime();
            assertThat(next).isGreaterThanOrEqualTo(now);
            now = next;
        }
    }
}
