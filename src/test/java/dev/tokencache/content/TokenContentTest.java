package dev.tokencache.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenContentTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                " \t\r\n{ \t\r\n} \t\r\n",
                "{\"\":0}",
                "{\"a\":null,\"b\":true,\"c\":false,\"d\":[],\"e\":{}}",
                "{\"a\":0,\"b\":-0,\"c\":1.5,\"d\":-1.5e+10,\"e\":1E-7,\"f\":0e0,\"g\":1e999999999}",
                "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\u00e4\\ud83d\\ude00\"}",
                "{\"lone\":\"\\ud800\",\"swapped\":\"\\udc00\\ud800\"}",
                "{\"a\":\"\u007f\u00e4\u20ac\ud83d\ude00\uffff\"}",
                "{\"inside\":\"\ufeff\"}",
                "{\"a\":{\"a\":{\"a\":1}},\"b\":[{\"a\":1},{\"a\":2}]}",
                "{\"a\":1,\"A\":2,\"\u00e4\":3,\"a\u0308\":4}",
                "{\"__proto__\":1,\"constructor\":2}",
            })
    void check_validObject_accepts(String json) throws Exception {
        assertThat(TokenContent.check(utf8(json)).expirySource()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,}",
                "{,}",
                "{\"a\":[1,]}",
                "{\"a\":[,1]}",
                "{\"a\" 1}",
                "{\"a\"::1}",
                "{\"a\":}",
                "{\"a\":1 \"b\":2}",
                "{a:1}",
                "{'a':1}",
                "{\"a\":'1'}",
                "{1:1}",
                "{\"a\":1 /* c */}",
                "{\"a\":1 // c\n}",
                "{\"a\":1 # c\n}",
                "{\"a\":NaN}",
                "{\"a\":Infinity}",
                "{\"a\":-Infinity}",
                "{\"a\":-}",
                "{\"a\":+1}",
                "{\"a\":01}",
                "{\"a\":-01}",
                "{\"a\":00}",
                "{\"a\":.5}",
                "{\"a\":5.}",
                "{\"a\":1.e5}",
                "{\"a\":1e}",
                "{\"a\":1e+}",
                "{\"a\":1x}",
                "{\"a\":0x1}",
                "{\"a\":1_000}",
                "{\"a\":tru}",
                "{\"a\":truee}",
                "{\"a\":True}",
                "{\"a\":nul}",
                "{\"a\":undefined}",
                "{\"a\":\"\t\"}",
                "{\"a\":\"\n\"}",
                "{\"a\":\"\u001f\"}",
                "{\"a\":\"\\x41\"}",
                "{\"a\":\"\\u12g4\"}",
                "{\"a\":\"\\u12\"}",
                "{\"a\":\"\\'\"}",
                "{\"a\":\"\\\n\"}",
                "{\"a\\q\":1}",
                "{\"a\n\":1}",
                "{\"a\":[1}",
                "{\"a\":[1}]",
                "{\"a\":{]}",
                "{",
                "{\"a",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":\"b",
                "{\u00a0}",
                "{\u000b}",
                "{\f}",
                "{\u2028}",
                "{\u0085}",
                "{\ufeff}",
                "\u001e{}",
                "@",
                "nope",
                "'a'",
            })
    void check_notJson_isRefused(String json) {
        assertThat(faultOf(utf8(json)).reason()).isEqualTo(MalformedContentException.NOT_JSON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "true", "false", "0", "-1.5e3", "\"{}\"", "[]", "[{}]", " \n[1,2", "[[[["})
    void check_otherValue_isNotAnObject(String json) {
        assertThat(faultOf(utf8(json)).reason()).isEqualTo(MalformedContentException.NOT_AN_OBJECT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n", " \t\r\n \n"})
    void check_nothing_isEmpty(String json) {
        assertThat(faultOf(utf8(json)))
                .extracting(
                        MalformedContentException::reason,
                        MalformedContentException::line,
                        MalformedContentException::column)
                .containsExactly(MalformedContentException.EMPTY, 0, 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}{}", "{} {}", "{}\n[]", "{}1", "{}x", "{}}", "{}]", "{},", "{}//c", "{} #c", "{}\"", "{}\f"})
    void check_moreThanTheObject_isTrailingContent(String json) {
        assertThat(faultOf(utf8(json)).reason()).isEqualTo(MalformedContentException.TRAILING_CONTENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,\"a\":1}",
                "{\"a\":1,\"b\":2,\"a\":{}}",
                "{\"\":1,\"\":2}",
                "{\"a\":1,\"\\u0061\":2}",
                "{\"x\":{\"y\":[1,{\"z\":1,\"z\":2}]}}",
                "{\"a\":{\"b\":1},\"c\":2,\"a\":3}",
                "{\"a\":[{},{\"b\":{}}],\"a\":3}",
                "{\"\\ud83d\\ude00\":1,\"\ud83d\ude00\":2}",
            })
    void check_nameTwice_isDuplicateKey(String json) {
        assertThat(faultOf(utf8(json)).reason()).isEqualTo(MalformedContentException.DUPLICATE_KEY);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 11, 12, 13, 14, 5_000})
    void check_lastOfManyNamesRepeatsOne_isDuplicateKey(int names) throws Exception {
        for (int repeated : new int[] {0, names / 2, names - 1}) {
            String json = manyNames(names);
            TokenContent.check(utf8("{" + json + "}"));

            assertThat(faultOf(utf8("{" + json + ",\"n" + repeated + "\":0}")).reason())
                    .isEqualTo(MalformedContentException.DUPLICATE_KEY);
        }
    }

    @Test
    void check_smallObjectsAfterALargeOne_forgetsItsNames() throws Exception {
        String large = "{" + manyNames(10_000) + "}";

        TokenContent.check(utf8("{\"list\":[" + large + ",{\"n0\":1},{\"n9999\":1,\"n1\":2}," + large + "]}"));
    }

    @Test
    void check_depth100_acceptsAndDepth101_isTooDeep() throws Exception {
        TokenContent.check(utf8(nested(99, "[", "]")));
        TokenContent.check(utf8(nested(99, "{\"a\":", "}").replace(":}", ":0}")));
        TokenContent.check(
                utf8("{\"a\":" + "[".repeat(99) + "]".repeat(99) + ",\"b\":" + "[".repeat(99) + "]".repeat(99) + "}"));

        assertThat(faultOf(utf8(nested(100, "[", "]"))).reason()).isEqualTo(MalformedContentException.TOO_DEEP);
        assertThat(faultOf(utf8(nested(100, "{\"a\":", "}").replace(":}", ":0}")))
                        .reason())
                .isEqualTo(MalformedContentException.TOO_DEEP);
        assertThat(faultOf(utf8("{\"a\":" + "[".repeat(1_000_000))).reason())
                .isEqualTo(MalformedContentException.TOO_DEEP);
    }

    @Test
    void check_longNumbersStringsAndNames_accepts() throws Exception {
        TokenContent.check(utf8("{\"number\":" + "9".repeat(200_000) + "}"));
        TokenContent.check(utf8("{\"number\":-0." + "1".repeat(200_000) + "e" + "9".repeat(200_000) + "}"));
        TokenContent.check(utf8("{\"string\":\"" + "s".repeat(21_000_000) + "\"}"));
        TokenContent.check(utf8("{\"" + "n".repeat(200_000) + "\":1}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"expired", "timestamp", "expires_in", "access_token", "refresh_token"})
    void check_longValueOfAKnownMember_accepts(String member) throws Exception {
        TokenContent.check(utf8("{\"" + member + "\":" + "9".repeat(200_000) + "}"));
        TokenContent.check(utf8("{\"" + member + "\":\"\\n" + "9".repeat(21_000_000) + "\"}"));
    }

    /** Both halves of a pair have the same hash under 31, as strings have it, or under 33, as the parser's names have it. */
    @ParameterizedTest
    @CsvSource({"Aa, BB", "Bb, CA"})
    void check_namesThatCollide_acceptsInTime(String one, String other) {
        StringBuilder json = new StringBuilder("{\"first\":0");
        for (int i = 0; i < 1 << 14; i++) {
            json.append(",\"");
            for (int bit = 0; bit < 14; bit++) {
                json.append((i >> bit & 1) == 0 ? one : other);
            }
            json.append("\":0");
        }
        byte[] bytes = utf8(json.append('}').toString());

        assertTimeout(Duration.ofSeconds(5), () -> TokenContent.check(bytes));
    }

    /** RFC 3629: what a lenient decoder takes for text. */
    @ParameterizedTest
    @CsvSource({
        "80, a continuation alone",
        "c080, overlong NUL",
        "c1a2, overlong quote",
        "e08080, overlong",
        "f0808080, overlong",
        "eda080, high surrogate",
        "edb080, low surrogate",
        "eda0bdedb880, CESU-8 pair",
        "f4908080, beyond U+10FFFF",
        "f5808080, no lead byte",
        "ff, no byte of UTF-8",
        "e282, cut",
        "e4, Latin-1 letter",
    })
    void check_notStrictUtf8_isRefusedWithPlace(String hex, String what) {
        byte[] bytes = join(utf8("{\n\"\u00e4\":\""), HexFormat.of().parseHex(hex), utf8("\"}"));

        MalformedContentException fault = faultOf(bytes);

        assertThat(fault.reason()).as(what).isEqualTo(MalformedContentException.NOT_UTF8);
        assertThat(fault.line()).isEqualTo(2);
        assertThat(fault.column()).isEqualTo(6);
    }

    @Test
    void check_cutSequenceAtTheEnd_isNotUtf8() {
        assertThat(faultOf(join(utf8("{}"), new byte[] {(byte) 0xe2, (byte) 0x82}))
                        .reason())
                .isEqualTo(MalformedContentException.NOT_UTF8);
    }

    static Stream<Arguments> otherEncodings() {
        return Stream.of(
                Arguments.of("UTF-16", MalformedContentException.NOT_UTF8),
                Arguments.of("UTF-16BE", MalformedContentException.NUL),
                Arguments.of("UTF-16LE", MalformedContentException.NUL),
                Arguments.of("UTF-32", MalformedContentException.NUL),
                Arguments.of("UTF-32LE", MalformedContentException.NUL));
    }

    @ParameterizedTest
    @MethodSource("otherEncodings")
    void check_otherEncoding_isRefused(String charset, String reason) {
        assertThat(faultOf("{\"a\":1}".getBytes(Charset.forName(charset))).reason())
                .isEqualTo(reason);
    }

    @Test
    void check_byteOrderMark_isRefused() {
        assertThat(faultOf(utf8("\ufeff{}")).reason()).isEqualTo(MalformedContentException.BOM);
    }

    @ParameterizedTest
    @CsvSource({"'@{}', 1, 1", "'{\"a\":\"x@\"}', 1, 8", "'{\n}\n@', 3, 1", "'@', 1, 1", "'{}@@@@', 1, 3"})
    void check_nul_isRefusedWithPlace(String json, int line, int column) {
        MalformedContentException fault = faultOf(utf8(json.replace('@', '\0')));

        assertThat(fault.reason()).isEqualTo(MalformedContentException.NUL);
        assertThat(fault.line()).isEqualTo(line);
        assertThat(fault.column()).isEqualTo(column);
    }

    @ParameterizedTest
    @CsvSource({
        "'{\n  \"a\": x\n}', 2, 9",
        "'{\"a\":1,}', 1, 8",
        "'{\n \"a\":1,\n \"a\":2}', 3, 2",
        "'{} x', 1, 5",
        "'{}\n {}', 2, 2",
        "'\n\n  []', 3, 3",
        "'{\"a\":1', 1, 7",
    })
    void check_fault_hasLineAndColumn(String json, int line, int column) {
        MalformedContentException fault = faultOf(utf8(json));

        assertThat(fault.line()).isEqualTo(line);
        assertThat(fault.column()).isEqualTo(column);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CANARY",
                "CANARY{}",
                "\"CANARY\"",
                "{CANARY:1}",
                "{\"a\":CANARY}",
                "{\"a\":\"CANARY}",
                "{\"a\":\"CANARY\\q\"}",
                "{\"CANARY\":1,\"CANARY\":2}",
                "{\"a\":1}CANARY",
                "{\"a\":\"CANARY\n\"}",
            })
    void check_fault_carriesNoContent(String json) {
        MalformedContentException fault = faultOf(utf8(json));

        assertThat(fault.toString() + fault.getMessage() + fault.reason()).doesNotContain("CANARY");
        assertThat(fault.getMessage()).isEqualTo(fault.reason());
        assertThat(fault.getCause()).isNull();
        assertThat(fault.getSuppressed()).isEmpty();
        assertThat(fault.getStackTrace()).isEmpty();
    }

    private static MalformedContentException faultOf(byte[] bytes) {
        MalformedContentException fault =
                catchThrowableOfType(MalformedContentException.class, () -> TokenContent.check(bytes));
        assertThat(fault).isNotNull();
        return fault;
    }

    private static String manyNames(int count) {
        StringBuilder json = new StringBuilder();
        for (int i = 0; i < count; i++) {
            json.append(i == 0 ? "\"n" : ",\"n").append(i).append("\":0");
        }
        return json.toString();
    }

    private static String nested(int inner, String open, String close) {
        return "{\"a\":" + open.repeat(inner) + close.repeat(inner) + "}";
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
