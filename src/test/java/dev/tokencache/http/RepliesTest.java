package dev.tokencache.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepliesTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 59, 300, 599, 600, 601, 86_400, Long.MAX_VALUE})
    void age_anyNumber_isItsDigits(long seconds) {
        assertThat(Replies.age(seconds)).hasToString(Long.toString(seconds));
    }

    @Test
    void json_isNamedWithItsCharacterSet() {
        assertThat(Replies.JSON).hasToString("application/json; charset=utf-8");
    }
}
