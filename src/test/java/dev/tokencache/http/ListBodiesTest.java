package dev.tokencache.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.CacheStatus;
import dev.tokencache.TokenNames;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ListBodiesTest {
    private final ListBodies bodies = new ListBodies();

    private static TokenNames names(String project, int count) {
        List<String> names =
                IntStream.range(0, count).mapToObj(i -> "t" + i + ".json").toList();
        return TokenNames.read(project, names, 0);
    }

    private static JsonObject expected(TokenNames names) {
        return new JsonObject()
                .put("success", true)
                .put("project", names.project())
                .put("count", names.count())
                .put("tokens", new JsonArray(List.copyOf(names.names())));
    }

    @Test
    void of_shortAndLongLists_areTheNames() {
        for (int count : new int[] {0, 1, 20_000}) {
            TokenNames names = names("demo", count);

            assertThat(bodies.of(names).toJsonObject()).isEqualTo(expected(names));
        }
    }

    @Test
    void of_longListAgain_isMadeOnce() {
        TokenNames names = names("demo", 20_000);

        assertThat(bodies.of(names.withStatus(CacheStatus.HIT))).isSameAs(bodies.of(names));
    }

    @Test
    void of_anotherReadOrProject_isMadeAnew() {
        TokenNames first = names("demo", 20_000);
        TokenNames other = names("other", 20_000);
        TokenNames later = names("demo", 20_001);

        assertThat(bodies.of(first).toJsonObject()).isEqualTo(expected(first));
        assertThat(bodies.of(other).toJsonObject()).isEqualTo(expected(other));
        assertThat(bodies.of(later).toJsonObject()).isEqualTo(expected(later));
    }
}
