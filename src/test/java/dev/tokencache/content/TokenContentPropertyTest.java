package dev.tokencache.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Texts made by the grammar of RFC 8259, not by a JSON library. A failure prints its seed. */
class TokenContentPropertyTest {
    @Property(tries = 300)
    void check_validObject_accepts(@ForAll("objects") String json) throws Exception {
        TokenContent.check(utf8(json));
    }

    @Property(tries = 100)
    void check_everyPrefix_isRefused(@ForAll("objects") String json) {
        byte[] bytes = utf8(json.stripTrailing());
        for (int length = 0; length < bytes.length; length++) {
            byte[] prefix = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> TokenContent.check(prefix))
                    .as("the first %d bytes", length)
                    .isInstanceOf(MalformedContentException.class);
        }
    }

    @Property(tries = 300)
    void check_contentBehind_isRefused(@ForAll("objects") String json, @ForAll("objects") String other) {
        assertThatThrownBy(() -> TokenContent.check(utf8(json + other)))
                .hasMessage(MalformedContentException.TRAILING_CONTENT);
    }

    @Property(tries = 1_000)
    void check_anyBytes_answersOrRefuses(@ForAll byte[] bytes) {
        refusesAtMost(bytes);
    }

    @Property(tries = 300)
    void check_oneByteChanged_answersOrRefuses(
            @ForAll("objects") String json, @ForAll int position, @ForAll byte replacement) {
        byte[] bytes = utf8(json);
        bytes[Math.floorMod(position, bytes.length)] = replacement;
        refusesAtMost(bytes);
    }

    private static void refusesAtMost(byte[] bytes) {
        try {
            assertThat(TokenContent.check(bytes)).isNotNull();
        } catch (MalformedContentException e) {
            assertThat(e).hasMessage(e.reason());
        }
    }

    @Provide
    Arbitrary<String> objects() {
        return Combinators.combine(spaces(), object(values(3)), spaces()).as((a, b, c) -> a + b + c);
    }

    private static Arbitrary<String> values(int depth) {
        Arbitrary<String> scalars =
                Arbitraries.oneOf(strings(), numbers(), Arbitraries.of("true", "false", "null", "{}", "[]"));
        if (depth == 0) {
            return scalars;
        }
        Arbitrary<String> inner = Arbitraries.lazy(() -> values(depth - 1));
        return Arbitraries.frequencyOf(Tuple.of(4, scalars), Tuple.of(1, object(inner)), Tuple.of(1, array(inner)));
    }

    /** Names get their index in front, so that none is there twice. */
    private static Arbitrary<String> object(Arbitrary<String> values) {
        return Combinators.combine(spaces(), names(), strings(), values)
                .as((space, name, text, value) -> List.of(space, name, text.substring(1), value))
                .list()
                .ofMaxSize(5)
                .map(members -> {
                    StringBuilder json = new StringBuilder("{");
                    for (int i = 0; i < members.size(); i++) {
                        List<String> member = members.get(i);
                        json.append(i == 0 ? "" : ",").append(member.get(0));
                        // A known member keeps its name when it is the only one.
                        String known = members.size() == 1 ? member.get(1) + '"' : i + member.get(2);
                        json.append('"').append(known).append(member.get(0));
                        json.append(':').append(member.get(3)).append(member.get(0));
                    }
                    return json.append('}').toString();
                });
    }

    private static Arbitrary<String> array(Arbitrary<String> values) {
        return values.list().ofMaxSize(5).map(all -> "[ " + String.join(" , ", all) + "]");
    }

    private static Arbitrary<String> names() {
        return Arbitraries.of("token", "tokens", "claudeAiOauth", "exp", "expired", "timestamp", "access_token");
    }

    private static Arbitrary<String> strings() {
        Arbitrary<String> plain = Arbitraries.strings()
                .withChars("az09 {}[],:/'#")
                .withChars('\u00e4', '\u20ac', '\u2028', '\ufeff', '\uffff', '\u007f')
                .ofMaxLength(4);
        Arbitrary<String> escapes = Arbitraries.of(
                "\\\"", "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t", "\\u0000", "\\uD83d\\uDE00", "\\udc00");
        Arbitrary<String> beyond = Arbitraries.of("\ud83d\ude00", "\ud840\udc00", "\udbff\udfff");
        return Arbitraries.oneOf(plain, escapes, beyond)
                .list()
                .ofMaxSize(4)
                .map(parts -> parts.stream().collect(Collectors.joining("", "\"", "\"")));
    }

    private static Arbitrary<String> numbers() {
        Arbitrary<String> digits =
                Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(30);
        Arbitrary<String> whole =
                digits.map(text -> text.charAt(0) == '0' ? "0" : text).injectDuplicates(0.05);
        Arbitrary<String> fraction = Arbitraries.oneOf(Arbitraries.of(""), digits.map(text -> "." + text));
        Arbitrary<String> exponent =
                Arbitraries.of("", "e0", "E5", "e+17", "e-3", "E999999999", "e-999999999", "e0007");
        return Combinators.combine(Arbitraries.of("", "-"), whole, fraction, exponent)
                .as((sign, a, b, c) -> sign + a + b + c);
    }

    private static Arbitrary<String> spaces() {
        return Arbitraries.of("", "", " ", "\n", "\t\r\n ");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
