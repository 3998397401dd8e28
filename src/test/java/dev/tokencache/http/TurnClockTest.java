package dev.tokencache.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TurnClockTest {
    private long now = 100;
    private int looks;

    private final TurnClock clock = new TurnClock(() -> {
        looks++;
        return now;
    });

    @Test
    void askedAndAnswered_inTurns_takeOneLookEach() {
        assertThat(clock.asked()).isEqualTo(100);
        now = 110;
        assertThat(clock.asked()).isEqualTo(100);
        now = 120;
        assertThat(clock.answered()).isEqualTo(120);
        now = 130;
        assertThat(clock.answered()).isEqualTo(120);
        assertThat(looks).isEqualTo(2);

        assertThat(clock.asked()).isEqualTo(130);
        now = 140;
        assertThat(clock.answered()).isEqualTo(140);
        assertThat(looks).isEqualTo(4);
    }
}
