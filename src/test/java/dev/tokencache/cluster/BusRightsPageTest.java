package dev.tokencache.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Operation;
import dev.tokencache.TokenCacheException;
import dev.tokencache.TokenKeys;
import dev.tokencache.auth.Caller;
import dev.tokencache.auth.Scope;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page on the event bus says what each scope is good for over a cluster. */
class BusRightsPageTest {
    private static final Pattern OPERATION = Pattern.compile("`(\\.[a-z]+)`( with values)?");
    private static final JsonObject PROJECT = new JsonObject().put("project", "demo");

    private static Set<String> said(String scope) throws IOException {
        return Files.readAllLines(Path.of("src", "docs", "bus.md")).stream()
                .filter(line -> line.startsWith("| `" + scope + "` |"))
                .flatMap(line -> OPERATION.matcher(line.split("\\|", -1)[2]).results())
                .map(found -> found.group(1) + (found.group(2) == null ? "" : found.group(2)))
                .collect(Collectors.toSet());
    }

    /** Bodies by what the page calls the operation. */
    private static List<Object> bodies(Operation operation) {
        return switch (operation) {
            case GET -> List.of("demo/a.json");
            case GETS -> List.of(TokenKeys.of(List.of("demo/a.json")));
            case LIST, PRELOAD -> List.of("demo");
            case PAGE -> List.of(PROJECT, PROJECT.copy().put("values", true));
            case INVALIDATE -> List.of(new JsonArray().add("demo/"));
            case STATS, PROJECTS -> List.of("nothing that counts");
            default -> List.of(PROJECT);
        };
    }

    @ParameterizedTest
    @EnumSource(Scope.class)
    void scope_aloneAndForOneProject_allowsWhatThePageSays(Scope scope) throws IOException {
        Caller caller = new Caller("tester", Set.of(scope), Set.of("demo"), false, Long.MAX_VALUE, null);
        Set<String> allowed = Arrays.stream(Operation.values())
                .flatMap(operation -> bodies(operation).stream()
                        .filter(body -> isAllowed(operation, body, caller))
                        .map(body -> operation.address("") + (isOfValues(body) ? " with values" : "")))
                .collect(Collectors.toSet());

        assertThat(said(scope.wireName())).isEqualTo(allowed);
    }

    private static boolean isOfValues(Object body) {
        return body instanceof JsonObject object && object.containsKey("values");
    }

    private static boolean isAllowed(Operation operation, Object body, Caller caller) {
        try {
            BusRights.require(operation, body, caller);
            return BusRights.isExposed(operation);
        } catch (TokenCacheException refused) {
            return false;
        }
    }

    @Test
    void whatIsNotExposed_isNamed() throws IOException {
        String page = String.join(" ", Files.readAllLines(Path.of("src", "docs", "bus.md")));
        String before = page.substring(0, page.indexOf(" are not exposed"));
        String sentence = before.substring(before.lastIndexOf(". ") + 1);

        assertThat(OPERATION.matcher(sentence).results().map(found -> found.group(1)))
                .containsExactlyElementsOf(Arrays.stream(Operation.values())
                        .filter(operation -> !BusRights.isExposed(operation))
                        .map(operation -> operation.address(""))
                        .toList());
    }
}
