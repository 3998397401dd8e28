package dev.tokencache.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokencache.Failure;
import dev.tokencache.contract.Contract;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The contract speaks of exactly the routes that there are, and of each what the table says. */
class ContractRoutesTest {
    private static final Contract CONTRACT = Contract.published();
    private static final Set<String> WITHOUT_CALLER = Set.of("401", "403", "429");
    private static final Set<String> OF_BOUNDED_BODIES = Set.of("408", "413");

    private static List<Route> routes() {
        return new RestHandler(null, new HttpOptions(), null, null, null).routes();
    }

    @Test
    void routes_andTheirMethods_areTheSame() {
        Map<String, Set<String>> table = new TreeMap<>();
        routes().forEach(route -> table.computeIfAbsent(route.path().text(), path -> new TreeSet<>())
                .add(route.method().name()));
        Map<String, Set<String>> contract = CONTRACT.methods();
        // HEAD comes with GET, and is written out where it has a use of its own.
        contract.forEach((path, methods) -> assertThat(!methods.remove("HEAD") || methods.contains("GET"))
                .as(path)
                .isTrue());

        assertThat(contract).isEqualTo(table);
    }

    @TestFactory
    Stream<DynamicTest> operation_isThatOfTheTable() {
        return routes().stream()
                .map(route -> DynamicTest.dynamicTest(
                        route.method() + " " + route.path().text(), () -> check(route)));
    }

    private static void check(Route route) {
        String path = route.path().text();
        String method = route.method().name();
        JsonNode operation = CONTRACT.operation(path, method);
        String description = operation.path("description").asText();
        assertThat(description)
                .startsWith(
                        route.scope() == null
                                ? "Needs no token."
                                : "Scope `" + route.scope().wireName() + "`");
        assertThat(operation.has("security")).isEqualTo(route.scope() == null);
        assertThat(description.contains("for all projects")).isEqualTo(route.target() == Route.Target.ALL);
        checkParameters(route, path, method);
        checkStatuses(route, statuses(operation));
    }

    private static void checkParameters(Route route, String path, String method) {
        Set<String> names = new TreeSet<>(route.names());
        boolean json = route.body() == Route.Body.JSON;
        assertThat(CONTRACT.bodyMembers(path, method)).isEqualTo(json ? names : Set.of());
        assertThat(CONTRACT.parameters(path, method, "query")).isEqualTo(json ? Set.of() : names);
        assertThat(CONTRACT.parameters(path, method, "path"))
                .isEqualTo(Arrays.stream(path.split("/"))
                        .filter(segment -> segment.startsWith("{"))
                        .map(segment -> segment.substring(1, segment.length() - 1))
                        .collect(Collectors.toSet()));
        Set<String> types = new TreeSet<>();
        CONTRACT.operation(path, method)
                .path("requestBody")
                .path("content")
                .fieldNames()
                .forEachRemaining(types::add);
        boolean wanted = json ? !names.isEmpty() : route.body() != Route.Body.NONE;
        assertThat(types).isEqualTo(wanted ? Set.of(route.body().mediaType()) : Set.of());
    }

    private static Set<String> statuses(JsonNode operation) {
        Set<String> statuses = new TreeSet<>();
        operation.path("responses").fieldNames().forEachRemaining(statuses::add);
        return statuses;
    }

    /** What the pipeline can answer to any request of that kind has to be there, and what it can't must not. */
    private static void checkStatuses(Route route, Set<String> statuses) {
        assertThat(statuses).contains("400", "500").doesNotContain("405", "414", "431");
        assertThat(statuses.stream().filter(status -> status.startsWith("2"))).isNotEmpty();
        if (route.scope() == null) {
            assertThat(statuses).doesNotContainAnyElementsOf(WITHOUT_CALLER);
        } else {
            assertThat(statuses).containsAll(WITHOUT_CALLER).contains("503");
        }
        assertThat(statuses.contains("415")).isEqualTo(route.body() != Route.Body.NONE);
        if (route.body() == Route.Body.NONE || route.body() == Route.Body.LINES) {
            assertThat(statuses).doesNotContainAnyElementsOf(OF_BOUNDED_BODIES);
        } else {
            assertThat(statuses).containsAll(OF_BOUNDED_BODIES);
        }
        if (!route.isChange()) {
            assertThat(statuses).doesNotContain("201", "204", "409", "507");
            // Only a strong tag can be demanded of a read (RFC 9110 section 13.1.1).
            assertThat(statuses.contains("412")).isEqualTo(route.path().text().endsWith("{filename}"));
        }
        boolean conditional = CONTRACT.parameters(
                        route.path().text(), route.method().name(), "header")
                .contains("If-None-Match");
        assertThat(statuses.contains("304")).isEqualTo(conditional && !route.isChange());
    }

    @Test
    void head_whereItIsWrittenOut_isAsTheGet() {
        CONTRACT.methods().forEach((path, methods) -> {
            if (methods.contains("HEAD")) {
                assertThat(statuses(CONTRACT.operation(path, "HEAD")))
                        .isEqualTo(statuses(CONTRACT.operation(path, "GET")));
                for (String in : List.of("query", "header")) {
                    assertThat(CONTRACT.parameters(path, "HEAD", in)).isEqualTo(CONTRACT.parameters(path, "GET", in));
                }
            }
        });
    }

    @Test
    void failures_allAreInTheContract_underTheirStatus() {
        JsonNode schemas = CONTRACT.root().path("components").path("schemas");
        List<String> names = new ArrayList<>();
        schemas.path("ErrorName").path("enum").forEach(name -> names.add(name.asText()));
        assertThat(names)
                .containsExactlyElementsOf(Arrays.stream(Failure.values())
                        .map(Failure::machineName)
                        .toList());

        Map<String, Set<String>> byStatus = new TreeMap<>();
        for (Failure failure : Failure.values()) {
            byStatus.computeIfAbsent(Integer.toString(failure.code()), code -> new TreeSet<>())
                    .add(failure.machineName());
        }
        Map<String, Set<String>> documented = new TreeMap<>();
        List<JsonNode> holders = new ArrayList<>(List.of(CONTRACT.root().path("x-any-path")));
        CONTRACT.methods()
                .forEach((path, methods) -> methods.forEach(method -> holders.add(CONTRACT.operation(path, method))));
        holders.forEach(holder -> holder.path("responses").fields().forEachRemaining(response -> {
            String pointer = response.getValue().path("$ref").asText();
            if (response.getKey().compareTo("400") >= 0) {
                String text = CONTRACT.root()
                        .at(pointer.substring(1))
                        .path("description")
                        .asText();
                TreeSet<String> named = Arrays.stream(
                                text.substring(0, text.indexOf(". ")).split("`"))
                        .filter(names::contains)
                        .collect(Collectors.toCollection(TreeSet::new));
                documented
                        .computeIfAbsent(response.getKey(), key -> new TreeSet<>())
                        .addAll(named);
            }
        }));
        assertThat(documented).isEqualTo(byStatus);
    }

    @Test
    void anyPath_hasWhatIsSaidBeforeARouteIsFound() {
        assertThat(CONTRACT.statusesOfAnyPath()).containsExactly("204", "400", "404", "405", "414", "431", "500");
    }
}
