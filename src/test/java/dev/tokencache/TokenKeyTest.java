package dev.tokencache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenKeyTest {
    private static final Pattern PROJECT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern FILENAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._@+-]*\\.json");
    private static final String LETTERS = "aZ09_-.@+/\\ \n\0%\u00e9\u0660json";

    private static boolean isProjectByRule(String name) {
        return PROJECT.matcher(name).matches() && !name.contains("..");
    }

    private static boolean isFilenameByRule(String name) {
        return FILENAME.matcher(name).matches() && !name.contains("..") && name.length() <= 255;
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "Z", "9", "a.b", "a-", "a_", "a.", "0-._"})
    void isProject_nameOfTheRule_holds(String name) {
        assertThat(TokenKey.isProject(name)).isTrue();
        assertThat(TokenKey.requireProject(name)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", ".", "..", ".a", "-a", "_a", "a..b", "a..", "a/b", "a\\b", "a b", "a\n", "a\0", "a@b", "\u00e9"
            })
    void isProject_anyOtherName_doesNotHold(String name) {
        assertThat(TokenKey.isProject(name)).isFalse();
        assertThatThrownBy(() -> TokenKey.requireProject(name)).hasMessage("invalid_name");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a.json", "_.json", "A@b+c-d.e.json", "session-1700000000000.json", "a.json.json", "-.json.json"
            })
    void isFilename_agreesWithTheRule(String name) {
        assertThat(TokenKey.isFilename(name)).isEqualTo(isFilenameByRule(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".json",
                "json",
                "a",
                "a.JSON",
                "a.json ",
                "a.json\n",
                "a..json",
                ".a.json",
                "-a.json",
                "+a.json",
                "@a.json",
                "a/b.json",
                "../a.json",
                "a\0.json",
                "\u00e9.json",
                "a%2f.json",
                ".token-cache-1.json"
            })
    void isFilename_anyOtherName_doesNotHold(String name) {
        assertThat(TokenKey.isFilename(name)).isFalse();
    }

    @Test
    void names_atTheirLongest_hold() {
        assertThat(TokenKey.isProject("a".repeat(64))).isTrue();
        assertThat(TokenKey.isProject("a".repeat(65))).isFalse();
        assertThat(TokenKey.isFilename("a".repeat(250) + ".json")).isTrue();
        assertThat(TokenKey.isFilename("a".repeat(251) + ".json")).isFalse();
        assertThat(TokenKey.isProject(null)).isFalse();
        assertThat(TokenKey.isFilename(null)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "p",
                "p/",
                "/a.json",
                "p/a",
                "p//a.json",
                "p/q/a.json",
                "../a.json",
                "p/../a.json",
                "a.json"
            })
    void parse_noKey_isAnInvalidName(String text) {
        assertThatThrownBy(() -> TokenKey.parse(text)).hasMessage("invalid_name");
    }

    @Test
    void parse_ofItsOwnText_isTheSameKey() {
        TokenKey key = new TokenKey("p.q", "a@b.json");
        assertThat(TokenKey.parse(key.toString())).isEqualTo(key);
        assertThatThrownBy(() -> TokenKey.parse(null)).hasMessage("invalid_name");
    }

    @Test
    void anyName_agreesWithTheRegularExpressions() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int projects = 0;
        int filenames = 0;
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(5);
            for (int j = 0; j < length; j++) {
                text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
            }
            String name = random.nextBoolean() ? text + ".json" : text.toString();
            assertThat(TokenKey.isProject(name)).as("seed %s, %s", seed, name).isEqualTo(isProjectByRule(name));
            assertThat(TokenKey.isFilename(name)).as("seed %s, %s", seed, name).isEqualTo(isFilenameByRule(name));
            projects += TokenKey.isProject(name) ? 1 : 0;
            filenames += TokenKey.isFilename(name) ? 1 : 0;
        }
        assertThat(projects).as("projects among them, seed %s", seed).isPositive();
        assertThat(filenames).as("file names among them, seed %s", seed).isPositive();
    }

    @Test
    void isFilenamePrefix_ofEveryBeginningOfEveryName_holds() {
        String longest = "a".repeat(TokenKey.MAX_FILENAME - 5) + ".json";
        for (String name : new String[] {"a.json", "_.b.json", "a.json.json", "session-1.json", "a.j.json", longest}) {
            for (int length = 0; length <= name.length(); length++) {
                assertThat(TokenKey.isFilenamePrefix(name.substring(0, length)))
                        .as(name.substring(0, length))
                        .isTrue();
            }
        }
    }

    @Test
    void isFilenamePrefix_ofAnyText_holdsWhenSomeNameBeginsSo() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(6);
            for (int j = 0; j < length; j++) {
                text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
            }
            boolean some = text.isEmpty() || isFilenameByRule(text + ".json") || isFilenameByRule(text + "a.json");
            assertThat(TokenKey.isFilenamePrefix(text.toString()))
                    .as("seed %s, %s", seed, text)
                    .isEqualTo(some);
        }
    }

    @Test
    void isFilenamePrefix_ofWhatIsTooLongForAName_doesNotHold() {
        assertThat(TokenKey.isFilenamePrefix("a".repeat(TokenKey.MAX_FILENAME - 5)))
                .isTrue();
        assertThat(TokenKey.isFilenamePrefix("a".repeat(TokenKey.MAX_FILENAME - 4)))
                .isFalse();
        assertThat(TokenKey.isFilenamePrefix("a".repeat(TokenKey.MAX_FILENAME - 4) + ".js"))
                .isFalse();
        assertThat(TokenKey.isFilenamePrefix("a".repeat(100_000))).isFalse();
        assertThat(TokenKey.isFilenamePrefix(null)).isFalse();
    }
}
