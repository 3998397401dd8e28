package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Holds what a page shows against what was printed. An ellipsis in a text stands for whatever is there. */
final class DocReplies {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String ANY = "…";
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d+Z");

    private DocReplies() {}

    /** The JSON values of a text, one after the other. */
    static List<JsonNode> values(String text) throws IOException {
        try (var values = MAPPER.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
            return values.readAll();
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }

    /** Fails unless the reply is what the block shows of it. */
    static void compare(DocPage.Block shown, String printed) throws IOException {
        if (shown.is("shape")) {
            assertThat(shapes(printed)).as(shown.toString()).isEqualTo(shapes(shown.text()));
        } else if (shown.language().equals("json")) {
            List<JsonNode> expected = values(TIME.matcher(shown.text()).replaceAll(ANY));
            List<JsonNode> actual = values(printed);
            assertThat(actual).as("%s%n%s", shown, printed).hasSameSizeAs(expected);
            for (int i = 0; i < expected.size(); i++) {
                String fault = fault(expected.get(i), actual.get(i), "");
                assertThat(fault).as("%s%n%s", shown, actual.get(i)).isNull();
            }
        } else {
            assertThat(printed.replace("\r\n", "\n").strip() + '\n')
                    .as(shown.toString())
                    .matches(pattern(shown.text().strip() + '\n'));
        }
    }

    /** Where a value differs from what is expected, or null. */
    private static String fault(JsonNode expected, JsonNode actual, String place) {
        if (expected.isObject() && actual.isObject()) {
            return members(expected, actual, place);
        }
        if (expected.isArray() && actual.isArray() && expected.size() == actual.size()) {
            for (int i = 0; i < expected.size(); i++) {
                String fault = fault(expected.get(i), actual.get(i), place + "/" + i);
                if (fault != null) {
                    return fault;
                }
            }
            return null;
        }
        if (expected.isTextual() && expected.textValue().contains(ANY)) {
            boolean any = expected.textValue().equals(ANY);
            return any || actual.asText().matches(pattern(expected.textValue()).pattern()) ? null : place;
        }
        return expected.equals(actual) ? null : place;
    }

    private static String members(JsonNode expected, JsonNode actual, String place) {
        if (!names(expected).equals(names(actual))) {
            return place + " has " + names(actual);
        }
        for (String name : names(expected)) {
            String fault = fault(expected.get(name), actual.get(name), place + "/" + name);
            if (fault != null) {
                return fault;
            }
        }
        return null;
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<Object> shapes(String text) throws IOException {
        return values(text).stream().map(DocReplies::shape).toList();
    }

    /** Names and types without values; the elements of an array as a set. */
    private static Object shape(JsonNode value) {
        if (value.isObject()) {
            Map<String, Object> members = new TreeMap<>();
            Iterator<Map.Entry<String, JsonNode>> fields = value.fields();
            fields.forEachRemaining(field -> members.put(field.getKey(), shape(field.getValue())));
            return members;
        }
        if (value.isArray()) {
            TreeSet<String> shapes = new TreeSet<>();
            value.forEach(element -> shapes.add(shape(element).toString()));
            return shapes;
        }
        return value.getNodeType().toString();
    }

    /** A line that is only an ellipsis stands for any lines, one in a line for any characters. */
    private static Pattern pattern(String shown) {
        String quoted = Pattern.quote(shown)
                .replace("\n" + ANY + "\n", "\\E\n(?s:.*\n)?\\Q")
                .replace(ANY, "\\E.*\\Q");
        return Pattern.compile(quoted);
    }
}
