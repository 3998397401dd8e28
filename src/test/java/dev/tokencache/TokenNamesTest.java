package dev.tokencache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenNamesTest {
    @Test
    void read_anyNumberOfNames_givesThemInOrderAndRendered() {
        for (int count : new int[] {0, 1, 2, 3, 100}) {
            Set<String> names = IntStream.range(0, count)
                    .mapToObj(i -> "x".repeat(i % 7) + i + ".json")
                    .collect(Collectors.toSet());
            TokenNames list = TokenNames.read("p", names, 0);

            assertThat(list.names()).containsExactlyElementsOf(new TreeSet<>(names));
            assertThat(list.count()).isEqualTo(count);
            Buffer json = list.appendTo(Buffer.buffer());
            assertThat(new JsonArray(json)).isEqualTo(new JsonArray(list.names()));
            assertThat(json.length()).isEqualTo(list.renderedSize());
        }
    }

    @Test
    void contains_each_andNothingElse() {
        TokenNames list = TokenNames.read("p", List.of("b.json", "ab.json", "c.json"), 0);

        assertThat(List.of("ab.json", "b.json", "c.json")).allMatch(list::contains);
        assertThat(List.of("", "a.json", "b.jso", "b.jsonx", "d.json", ",", "\""))
                .noneMatch(list::contains);
        assertThat(TokenNames.read("p", List.of(), 0).contains("a.json")).isFalse();
    }

    @Test
    void read_whatIsNoName_spoilsNoOther() {
        TokenNames list = TokenNames.read("p", List.of("a.json", "b\uD83D\uDE00.json", "\u00e9.json", "c.json"), 0);

        assertThat(list.names()).contains("a.json", "c.json").hasSize(4);
        assertThat(new JsonArray(list.appendTo(Buffer.buffer()))).isEqualTo(new JsonArray(list.names()));
    }

    @Test
    void names_cannotBeChanged() {
        List<String> names = TokenNames.read("p", List.of("a.json"), 0).names();

        assertThatThrownBy(() -> names.set(0, "b.json")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> names.get(1)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
