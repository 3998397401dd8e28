package dev.tokencache.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Fingerprint;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenStoreTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final Fingerprint FINGERPRINT = new Fingerprint(1, 1, 1, 1);

    /** Not 0: the monotonic clock may start anywhere, below zero too. */
    private long now = -700 * SECOND - 3;

    private final ProjectState project = new ProjectState("p");
    private final TokenStore store = new TokenStore(1L << 30, () -> now);

    @Test
    void get_deadline_isTheFirstMomentWithoutValue() {
        put(1, now + SECOND);
        now += SECOND - 1;
        assertThat(store.get(key(1))).isNotNull();
        assertThat(store.peek(key(1))).isNotNull();

        now += 1;
        assertThat(store.peek(key(1))).isNull();
        assertThat(store.get(key(1))).isNull();
        assertHolds(0, 1);
    }

    @Test
    void put_deadlinePassed_dropsWhatWasThereAndStoresNothing() {
        put(1, now + SECOND);
        put(1, now);
        assertThat(store.get(key(1))).isNull();
        assertHolds(0, 0);
    }

    @Test
    void put_again_takesTheNewDeadline() {
        put(1, now + SECOND);
        put(1, now + 10 * SECOND);
        now += 5 * SECOND;
        store.dropOld();
        assertThat(store.get(key(1))).isNotNull();
        assertHolds(1, 0);
    }

    @Test
    void dropOld_nobodyAsks_dropsWhatIsOverASecondLater() {
        put(1, now + SECOND);
        put(2, now + 3_000 * SECOND);
        now += 2 * SECOND;
        store.dropOld();
        assertHolds(1, 1);

        now += 2_000 * SECOND;
        store.dropOld();
        assertHolds(1, 1);

        now += 1_000 * SECOND;
        store.dropOld();
        assertHolds(0, 2);
    }

    @Test
    void dropOld_many_dropsSoManyAtOnceAndSaysThatThereAreMore() {
        IntStream.range(0, TokenStore.MOST_AT_ONCE + 1).forEach(i -> put(i, now + 1));
        now += 2 * SECOND;
        assertThat(store.dropOld()).isTrue();
        assertHolds(1, TokenStore.MOST_AT_ONCE);
        assertThat(store.dropOld()).isFalse();
        assertHolds(0, TokenStore.MOST_AT_ONCE + 1);
    }

    @Test
    void clear_some_leavesNothingToDropLater() {
        put(1, now + SECOND);
        assertThat(store.clear(List.of(project))).isEqualTo(1);
        now += 2 * SECOND;
        store.dropOld();
        assertHolds(0, 0);
    }

    @Test
    void anyOrder_ofPutsRemovalsAndTime_holdsExactlyWhatLives() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Map<Integer, Long> deadlines = new HashMap<>();
        for (int step = 0; step < 50_000; step++) {
            int number = random.nextInt(200);
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> {
                    long deadline = now + (long) (SECOND * 1_500 * Math.pow(random.nextDouble(), 6)) + 1;
                    put(number, deadline);
                    deadlines.put(number, deadline);
                }
                case 4 -> {
                    store.remove(key(number));
                    deadlines.remove(number);
                }
                case 5 -> now += random.nextLong(2 * SECOND);
                case 6 -> {
                    now += random.nextInt(50) == 0 ? random.nextLong(900 * SECOND) : 0;
                    store.dropOld();
                    deadlines
                            .values()
                            .removeIf(deadline -> Math.floorDiv(deadline, SECOND) < Math.floorDiv(now, SECOND));
                    long live = deadlines.values().stream()
                            .filter(deadline -> deadline - now > 0)
                            .count();
                    assertThat((long) store.size())
                            .as("seed %d, step %d", seed, step)
                            .isBetween(live, (long) deadlines.size());
                }
                default ->
                    assertThat(store.get(key(number)) != null)
                            .as("seed %d, step %d", seed, step)
                            .isEqualTo(deadlines.containsKey(number) && deadlines.get(number) - now > 0);
            }
        }
        now += 1_501 * SECOND;
        store.dropOld();
        assertThat(store.size()).as("seed %d", seed).isZero();
        assertThat(store.bytes()).isZero();
    }

    private void assertHolds(int values, long expirations) {
        assertThat(store.size()).isEqualTo(values);
        assertThat(store.bytes()).isEqualTo(values * (10L + TokenStore.ENTRY_OVERHEAD));
        assertThat(store.expirations()).isEqualTo(expirations);
        assertThat(project.cachedTokens).isEqualTo(values);
    }

    private static String key(int number) {
        return "p/" + number + ".json";
    }

    private void put(int number, long deadline) {
        TokenFile file = TokenFile.read(
                new TokenKey("p", number + ".json"),
                new byte[10],
                "not-a-secret-tag",
                FINGERPRINT,
                now,
                TokenFile.NO_EXPIRY,
                null,
                false);
        store.put(key(number), file, new FileRecord(project, number + ".json"), deadline);
    }
}
