package dev.tokencache.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The table of routes on the page about REST is the server's. */
class RestPageTest {
    private static final String BASE = "/api/v0/";
    private static final String HEAD = "| route | scope | parameters |";

    private List<String> lines;

    @BeforeEach
    void read() throws IOException {
        lines = Files.readAllLines(Path.of("src", "docs", "rest.md"));
    }

    @Test
    void routes_methodScopeAndParameters_areThoseOfTheTable() {
        List<String> table = lines.stream()
                .dropWhile(line -> !line.startsWith(HEAD))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.substring(0, line.lastIndexOf(" | ")).replace("`?", "`"))
                .toList();

        assertThat(table)
                .containsExactlyInAnyOrderElementsOf(routes().filter(route -> route.scope() != null)
                        .map(RestPageTest::row)
                        .toList());
    }

    private static Stream<Route> routes() {
        return new RestHandler(null, new HttpOptions(), null, null, null).routes().stream();
    }

    private static String row(Route route) {
        String whole = route.path().text();
        String path = whole.startsWith(BASE) ? whole.substring(BASE.length()) : whole;
        String all = route.target() == Route.Target.ALL ? ", all projects" : "";
        String names = route.names().stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
        return "| `" + route.method() + " " + path + "` | `" + route.scope().wireName() + "`" + all + " |"
                + (names.isEmpty() ? "" : " " + names);
    }

    @Test
    void publicRoutes_areNamed() {
        assertThat(routes().filter(route -> route.scope() == null))
                .isNotEmpty()
                .allSatisfy(route -> assertThat(lines)
                        .anyMatch(line -> line.contains("`" + route.path().text() + "`")));
    }
}
