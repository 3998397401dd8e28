package dev.tokencache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms of {@code If-Match} in RFC 9110, sections 5.6.1, 8.8.3 and 13.1.1. */
class PreconditionTest {

    @Test
    void ifMatch_noHeader_demandsNothing() {
        Precondition none = Precondition.ifMatch(null);
        assertThat(none.isConditional()).isFalse();
        assertThat(none.holds(null)).isTrue();
        assertThat(none.holds("a")).isTrue();
        assertThat(none.header()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", " *", "*\t", " \t* "})
    void ifMatch_star_demandsAnyVersion(String header) {
        Precondition any = Precondition.ifMatch(header);
        assertThat(any.holds(null)).isFalse();
        assertThat(any.holds("")).isTrue();
        assertThat(any.holds("a")).isTrue();
        assertThat(Precondition.ifMatch(any.header()).holds("b")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"a\"",
                " \"a\" ",
                "\"x\", \"a\"",
                "\"x\",\"a\"",
                "\"x\"\t,\t\"a\"",
                ",\"a\"",
                "\"a\",",
                ", ,\"x\",, \"a\" ,",
                "W/\"a\", \"a\"",
                "\"a,b\", \"a\"",
                "\"\", \"a\"",
                "\"*\", \"a\""
            })
    void ifMatch_listWithTheTag_holdsForItAlone(String header) {
        Precondition match = Precondition.ifMatch(header);
        assertThat(match.isConditional()).isTrue();
        assertThat(match.demandsAbsence()).isFalse();
        assertThat(match.holds("a")).isTrue();
        assertThat(match.holds("b")).isFalse();
        assertThat(match.holds(null)).isFalse();
        assertThat(Precondition.ifMatch(match.header()).holds("a")).isTrue();
        assertThat(Precondition.ifMatch(match.header()).holds("b")).isFalse();
    }

    @Test
    void ifMatch_commaAndObsoleteTextInATag_belongToIt() {
        assertThat(Precondition.ifMatch("\"a,b\"").holds("a,b")).isTrue();
        assertThat(Precondition.ifMatch("\"a,b\"").holds("a")).isFalse();
        assertThat(Precondition.ifMatch("\"\u00e9\"").holds("\u00e9")).isTrue();
        assertThat(Precondition.ifMatch("\"\"").holds("")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"W/\"a\"", "W/\"a\", W/\"b\""})
    void ifMatch_weakTagsOnly_holdsForNothing(String header) {
        Precondition weak = Precondition.ifMatch(header);
        assertThat(weak.holds("a")).isFalse();
        assertThat(weak.holds(null)).isFalse();
        assertThat(Precondition.ifMatch(weak.header()).holds("a")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ",",
                " , ",
                "a",
                "\"a",
                "a\"",
                "\"a\" \"b\"",
                "\"a\"b",
                "w/\"a\"",
                "W/a",
                "W/ \"a\"",
                "*, \"a\"",
                "\"a\", *",
                "\"a b\"",
                "\"a\"\n",
                "\n\"a\"",
                "\"a\n\"",
                "\"\u0100\"",
                "\"a\"\u00a0",
                "'a'",
                "\"a\";",
                "**"
            })
    void ifMatch_anythingElse_isABadRequest(String header) {
        assertThatThrownBy(() -> Precondition.ifMatch(header))
                .isInstanceOfSatisfying(
                        TokenCacheException.class, e -> assertThat(e.failure()).isEqualTo(Failure.BAD_REQUEST));
    }

    @Test
    @Timeout(10)
    void ifMatch_longHostileHeader_isReadOnceOnly() {
        String tags = "\"a\",".repeat(20_000);
        assertThat(Precondition.ifMatch(tags).holds("a")).isTrue();
        assertThatThrownBy(() -> Precondition.ifMatch(tags + "\"")).hasMessage("bad_request");
        assertThatThrownBy(() -> Precondition.ifMatch(" ".repeat(100_000) + "x"))
                .hasMessage("bad_request");
        assertThatThrownBy(() -> Precondition.ifMatch("\"" + "x".repeat(100_000)))
                .hasMessage("bad_request");
    }

    @Test
    void absent_holdsForNoTokenOnly() {
        assertThat(Precondition.ABSENT.holds(null)).isTrue();
        assertThat(Precondition.ABSENT.holds("a")).isFalse();
        assertThat(Precondition.ABSENT.demandsAbsence()).isTrue();
        assertThat(Precondition.match("a").holds("a")).isTrue();
        assertThat(Precondition.match("a").header()).isEqualTo("\"a\"");
    }
}
