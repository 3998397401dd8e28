package dev.tokencache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.cache.FakeClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a node without files relies on the tier. */
class TrustTest {
    private final FakeClock clock = new FakeClock();
    private final Trust trust = new Trust(new RedisSourceOptions()
            .setInterval(Duration.ofSeconds(1))
            .setTtl(Duration.ofMinutes(5))
            .setNanoTime(clock::nanoTime)
            .setCurrentMillis(clock::currentMillis));

    private void hear(String node, long number) {
        trust.hear(List.of(new Beat.Said(node, number, 1_000)), clock.nanoTime());
    }

    private void pass(Duration time) {
        clock.advance(time);
        trust.tick();
    }

    @Test
    void firstWord_mayBeOld_givesNoTrust() {
        hear("a", 7);
        assertThat(trust.isGiven()).isFalse();

        hear("a", 8);
        assertThat(trust.isGiven()).isTrue();
    }

    @Test
    void wordAgain_orAnOlderOne_givesNoTrust() {
        hear("a", 7);
        hear("a", 7);
        hear("a", 6);
        hear("a", 7);

        assertThat(trust.isGiven()).isFalse();
    }

    @Test
    void silence_endsTrust() {
        hear("a", 1);
        hear("a", 2);
        pass(Duration.ofSeconds(3));
        assertThat(trust.isGiven()).isTrue();

        hear("a", 2);
        pass(Duration.ofSeconds(1));
        assertThat(trust.isGiven()).isFalse();
    }

    @Test
    void anotherNode_keepsTrust() {
        hear("a", 1);
        hear("b", 1);
        for (int i = 2; i < 10; i++) {
            hear("b", i);
            pass(Duration.ofSeconds(2));
            assertThat(trust.isGiven()).isTrue();
        }
    }

    @Test
    void wallClockSet_endsTrustForTheLifeOfValues() {
        hear("a", 1);
        hear("a", 2);
        clock.stepWallClock(Duration.ofHours(-1));
        pass(Duration.ofMillis(100));
        assertThat(trust.isGiven()).isFalse();

        for (int i = 3; i < 302; i++) {
            hear("a", i);
            assertThat(trust.isGiven()).isFalse();
            pass(Duration.ofSeconds(1));
        }
        pass(Duration.ofSeconds(2));
        hear("a", 400);
        assertThat(trust.isGiven()).isTrue();
    }
}
