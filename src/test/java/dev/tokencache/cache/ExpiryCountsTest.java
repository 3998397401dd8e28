package dev.tokencache.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The counts of expired and expiring tokens, against counting them. {@code -Dexpiry.seed=N} replays a run. */
class ExpiryCountsTest {
    private static final long START = 1_700_000_000_000L;

    private final ExpiryCounts counts = new ExpiryCounts();
    private final List<Long> expiries = new ArrayList<>();

    private void check(String step, long nowMillis) {
        counts.moveTo(nowMillis);
        long now = Math.floorDiv(nowMillis, 1_000);
        long expired =
                expiries.stream().filter(each -> Math.ceil(each / 1e3) <= now).count();
        long soon = expiries.stream()
                .filter(each -> Math.ceil(each / 1e3) <= now + 3_600)
                .count();
        assertThat(counts.expired()).as(step).isEqualTo((int) expired);
        assertThat(counts.expiring()).as(step).isEqualTo((int) (soon - expired));
    }

    @Test
    void counts_whileTokensComeAndGoAndTheClockRunsAndIsSet_areThoseOfAPlainCount() {
        long seed = Long.getLong("expiry.seed", new Random().nextLong());
        Random random = new Random(seed);
        long now = START;
        for (int i = 0; i < 5_000; i++) {
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    long expiry = now + random.nextInt(20_000_000) - 10_000_000;
                    expiries.add(expiry);
                    counts.add(expiry);
                }
                case 2 -> {
                    if (!expiries.isEmpty()) {
                        counts.remove(expiries.remove(random.nextInt(expiries.size())));
                    }
                }
                case 3 -> now += random.nextInt(3_000);
                case 4 -> now += random.nextInt(7_000_000);
                default -> now -= random.nextInt(random.nextInt(20) == 0 ? 20_000_000 : 7_000_000);
            }
            check("seed " + seed + ", step " + i, now);
        }
    }

    @Test
    void counts_aroundTheMoments_turnAtFullSeconds() {
        counts.add(START);
        counts.add(START + 1);
        counts.add(START + 3_600_000);
        expiries.addAll(List.of(START, START + 1, START + 3_600_000));
        counts.moveTo(START - 1);
        assertThat(counts.expired()).isZero();
        assertThat(counts.expiring()).isEqualTo(2);
        counts.moveTo(START);
        assertThat(counts.expired()).isEqualTo(1);
        assertThat(counts.expiring()).isEqualTo(2);
        counts.moveTo(START + 1_000);
        assertThat(counts.expired()).isEqualTo(2);
        assertThat(counts.expiring()).isEqualTo(1);
        check("later", START + 3_600_000);
    }

    @Test
    void counts_afterALeapOfTheClock_catchUpInSteps() {
        int tokens = ExpiryCounts.MAX_STEP * 5 / 2;
        for (int i = 1; i <= tokens; i++) {
            counts.add(i * 1_000L);
        }
        for (int expected : new int[] {ExpiryCounts.MAX_STEP, 2 * ExpiryCounts.MAX_STEP, tokens, tokens}) {
            counts.moveTo(START);
            assertThat(counts.expired()).isEqualTo(expected);
        }
        for (int expected : new int[] {tokens - ExpiryCounts.MAX_STEP, tokens - 2 * ExpiryCounts.MAX_STEP, 0, 0}) {
            counts.moveTo(0);
            assertThat(counts.expired()).isEqualTo(expected);
        }
        assertThat(counts.expiring()).isEqualTo(3_600);
        counts.remove(3_600_000);
        assertThat(counts.expiring()).isEqualTo(3_599);
    }

    @Test
    void counts_ofTimesThatNoTokenHas_areKept() {
        counts.add(Long.MAX_VALUE);
        counts.add(Long.MIN_VALUE + 1);
        counts.moveTo(START);
        assertThat(counts.expired()).isEqualTo(1);
        assertThat(counts.expiring()).isZero();
        counts.remove(Long.MIN_VALUE + 1);
        assertThat(counts.expired()).isZero();
    }
}
