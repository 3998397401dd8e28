package dev.tokencache.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The published contract as it lies in the jar: which routes it has, and what it says of a reply. Immutable, for any thread. */
public final class Contract {
    /** The file on the class path. */
    static final String FILE = "dev/tokencache/http/openapi.yaml";

    private static final Contract PUBLISHED = new Contract();

    private final JsonNode root = read();
    private final JsonNode anyPath = root.path("x-any-path");

    private Contract() {}

    /** The one there is. */
    public static Contract published() {
        return PUBLISHED;
    }

    private static JsonNode read() {
        try (InputStream in = Contract.class.getClassLoader().getResourceAsStream(FILE)) {
            return new YAMLMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A place in the file, references followed. */
    record Place(String pointer, JsonNode node) {}

    /** What is at a JSON pointer, or at the end of the references that start there. */
    Place at(String pointer) {
        JsonNode node = root.at(pointer);
        return node.has("$ref") ? at(node.get("$ref").asText().substring(1)) : new Place(pointer, node);
    }

    /** The methods of each path, in capitals. */
    public Map<String, Set<String>> methods() {
        Map<String, Set<String>> methods = new TreeMap<>();
        root.path("paths").fields().forEachRemaining(path -> {
            Set<String> names = methods.computeIfAbsent(path.getKey(), key -> new TreeSet<>());
            path.getValue().fieldNames().forEachRemaining(name -> {
                if (!name.equals("parameters")) {
                    names.add(name.toUpperCase(Locale.ROOT));
                }
            });
        });
        return methods;
    }

    /** The operation itself; missing when there is none. */
    public JsonNode operation(String path, String method) {
        return root.path("paths").path(path).path(method.toLowerCase(Locale.ROOT));
    }

    /** The whole file. */
    public JsonNode root() {
        return root;
    }

    /** The names of the parameters at that place in a request (path, query or header), the path's own included. */
    public Set<String> parameters(String path, String method, String in) {
        Set<String> names = new TreeSet<>();
        for (String pointer : List.of(
                pointer(path) + "/parameters", pointer(path) + "/" + method.toLowerCase(Locale.ROOT) + "/parameters")) {
            for (int i = 0; i < root.at(pointer).size(); i++) {
                JsonNode parameter = at(pointer + "/" + i).node();
                if (parameter.path("in").asText().equals(in)) {
                    names.add(parameter.path("name").asText());
                }
            }
        }
        return names;
    }

    /** The members of a JSON request body; none when there is none. */
    public Set<String> bodyMembers(String path, String method) {
        Place schema = at(pointer(path) + "/" + method.toLowerCase(Locale.ROOT)
                + "/requestBody/content/application~1json/schema");
        Set<String> names = new TreeSet<>();
        schema.node().path("properties").fieldNames().forEachRemaining(names::add);
        return names;
    }

    static String pointer(String path) {
        return "/paths/" + path.replace("~", "~0").replace("/", "~1");
    }

    /** The template that a raw path is of, or null. A path that is written out wins over one with parameters. */
    String template(String rawPath) {
        if (root.path("paths").has(rawPath)) {
            return rawPath;
        }
        for (Iterator<String> templates = root.path("paths").fieldNames(); templates.hasNext(); ) {
            String template = templates.next();
            if (matches(template.split("/", -1), rawPath.split("/", -1))) {
                return template;
            }
        }
        return null;
    }

    private static boolean matches(String[] template, String[] path) {
        boolean same = template.length == path.length;
        for (int i = 0; same && i < path.length; i++) {
            same = template[i].startsWith("{") ? !path[i].isEmpty() : template[i].equals(path[i]);
        }
        return same;
    }

    /** Where the contract may speak of a reply, in the order to look; the file says nothing of it when none of them exists. */
    List<Place> replies(String method, String rawPath, int status) {
        String template = template(rawPath);
        String any = "/x-any-path/responses/" + status;
        List<Place> places = new ArrayList<>();
        if (template == null) {
            // OPTIONS included: an unknown path has no methods.
            return status == 204 || status == 405 ? List.of() : existing(any);
        }
        JsonNode methods = root.path("paths").path(template);
        String name = method.equals("HEAD") ? "get" : method.toLowerCase(Locale.ROOT);
        if (method.equals("OPTIONS") || !methods.has(name)) {
            int expected = method.equals("OPTIONS") ? 204 : 405;
            return status == expected || isOdd(rawPath) ? existing(any) : List.of();
        }
        places.addAll(existing(pointer(template) + "/" + name + "/responses/" + status));
        if (status == 414 || status == 431 || (status == 404 && isOdd(rawPath))) {
            places.addAll(existing(any));
        }
        return places;
    }

    /** Whether a path might be no route for its spelling alone. */
    private static boolean isOdd(String rawPath) {
        return rawPath.contains("%") || rawPath.contains("/.") || rawPath.contains(";");
    }

    private List<Place> existing(String pointer) {
        Place place = at(pointer);
        return place.node().isMissingNode() ? List.of() : List.of(place);
    }

    /** The statuses that the contract has for any path. */
    public Set<String> statusesOfAnyPath() {
        Set<String> statuses = new TreeSet<>();
        anyPath.path("responses").fieldNames().forEachRemaining(statuses::add);
        return statuses;
    }
}
