package dev.tokencache.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {
    private static Map<String, Object> read(String text) {
        return StrictJson.object(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void object_everyKindOfValue_isRead() {
        assertThat(read(" {\"s\":\"\\u00e9\\ud83d\\ude00\",\"i\":-7,\"l\":9223372036854775807,\"t\":true,\"f\":false,"
                        + "\"n\":null,\"d\":1.0,\"e\":1e3,\"b\":9223372036854775808,\"a\":[1,\"x\"],\"o\":{\"k\":1}} "))
                .isEqualTo(Map.ofEntries(
                        Map.entry("s", "\u00e9\ud83d\ude00"),
                        Map.entry("i", -7L),
                        Map.entry("l", Long.MAX_VALUE),
                        Map.entry("t", true),
                        Map.entry("f", false),
                        Map.entry("n", StrictJson.NULL),
                        Map.entry("d", StrictJson.OTHER_NUMBER),
                        Map.entry("e", StrictJson.OTHER_NUMBER),
                        Map.entry("b", StrictJson.OTHER_NUMBER),
                        Map.entry("a", List.of(1L, "x")),
                        Map.entry("o", Map.of("k", 1L))));
        assertThat(read("{}")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "1",
                "\"x\"",
                "[]",
                "{",
                "}",
                "{}}",
                "{}{}",
                "{} 1",
                "{} x",
                "{\"a\":1",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{,}",
                "{a:1}",
                "{'a':1}",
                "{\"a\":1 \"b\":2}",
                "{\"a\":[1,]}",
                "{\"a\":[1}",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":.5}",
                "{\"a\":NaN}",
                "{\"a\":0x1}",
                "{\"a\":tru}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\n\"}",
                "{}//",
                "/**/{}",
                "\ufeff{}",
                "{\"a\":1,\"a\":1}",
                "{\"a\":1,\"\\u0061\":1}",
                "{\"x\":{\"a\":1,\"a\":1}}",
                "{\"x\":[[{\"a\":1,\"a\":1}]]}",
                "{\"a\":\"\\ud83d\"}",
                "{\"a\":\"\\ude00\\ud83d\"}",
                "{\"\\ud83d\":1}",
            })
    void object_anythingElse_isRefused(String text) {
        assertThat(read(text)).isNull();
    }

    @Test
    void object_otherEncodings_areRefused() {
        byte[] overlong = {'{', '"', (byte) 0xc1, (byte) 0xa1, '"', ':', '1', '}'};
        byte[] surrogate = {'{', '"', (byte) 0xed, (byte) 0xa0, (byte) 0xbd, '"', ':', '1', '}'};

        assertThat(StrictJson.object(overlong)).isNull();
        assertThat(StrictJson.object(surrogate)).isNull();
        assertThat(StrictJson.object("{\"\u00e9\":1}".getBytes(StandardCharsets.ISO_8859_1)))
                .isNull();
        assertThat(StrictJson.object("{}".getBytes(StandardCharsets.UTF_16LE))).isNull();
        assertThat(StrictJson.object("{}".getBytes(StandardCharsets.UTF_16))).isNull();
    }

    @Test
    void object_deeperThanAnybodyNeeds_isRefused() {
        assertThat(read("{\"a\":" + "[".repeat(31) + "]".repeat(31) + "}")).isNotNull();
        assertThat(read("{\"a\":" + "[".repeat(32) + "]".repeat(32) + "}")).isNull();
        assertThat(read("{\"a\":".repeat(100_000))).isNull();
    }
}
