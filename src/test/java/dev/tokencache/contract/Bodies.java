package dev.tokencache.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import dev.tokencache.Failure;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Holds contents against the schemas of the contract: JSON as a whole, lines and events one by one. */
final class Bodies {
    private static final Contract CONTRACT = Contract.published();
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
    private static final SchemaValidatorsConfig CONFIG = SchemaValidatorsConfig.builder()
            .pathType(PathType.JSON_POINTER)
            .formatAssertionsEnabled(true)
            .build();

    /** By pointer: compiled once, for any thread. */
    private static final Map<String, JsonSchema> SCHEMAS = new ConcurrentHashMap<>();

    private static final Set<String> EVENTS = Set.of("added", "changed", "removed", "reset");
    private static final String RESET = "reset";

    private Bodies() {}

    /** Adds what is wrong with a body; the pointer is that of the media type in the contract. */
    static void check(String pointer, String type, int status, byte[] body, List<String> faults) {
        String text = new String(body, StandardCharsets.UTF_8);
        switch (type) {
            case "application/json" -> checkJson(pointer + "/schema", "", text, status, faults);
            case "application/x-ndjson" -> checkLines(pointer + "/x-item-schema", text, faults);
            case "text/event-stream" -> checkEvents(pointer + "/x-item-schema", text, faults);
            default -> {
                if (text.isEmpty()) {
                    faults.add("no body");
                }
            }
        }
    }

    private static void checkLines(String pointer, String text, List<String> faults) {
        if (!text.isEmpty() && !text.endsWith("\n")) {
            faults.add("the last line has no end");
        }
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length - 1; i++) {
            checkJson(pointer, "line " + (i + 1) + " ", lines[i], 200, faults);
        }
    }

    /** Events that have ended; the last may be cut off. */
    private static void checkEvents(String pointer, String text, List<String> faults) {
        String[] blocks = text.split("\n\n", -1);
        for (int i = 0; i < blocks.length - 1; i++) {
            List<String> fields = Arrays.stream(blocks[i].split("\n"))
                    .filter(line -> !line.startsWith(":"))
                    .toList();
            if (!fields.isEmpty()) {
                checkEvent(pointer, "event " + (i + 1) + " ", fields, faults);
            }
        }
    }

    /** An id alone is a place and no event; a reset says nothing but itself. */
    private static void checkEvent(String pointer, String where, List<String> fields, List<String> faults) {
        boolean place = fields.size() == 1;
        if (field("id: ", fields).isEmpty() || fields.size() != (place ? 1 : 3)) {
            faults.add(where + "has other fields than id, event and data");
        } else if (!place) {
            String event = field("event: ", fields);
            String data = field("data: ", fields);
            if (!EVENTS.contains(event)) {
                faults.add(where + "is a " + event);
            }
            if (!event.equals(RESET)) {
                checkJson(pointer, where, data, 200, faults);
            } else if (!data.equals("{}")) {
                faults.add(where + "is a reset with data");
            }
        }
    }

    private static String field(String name, List<String> fields) {
        return fields.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()))
                .findFirst()
                .orElse("");
    }

    private static void checkJson(String pointer, String where, String text, int status, List<String> faults) {
        JsonNode json;
        try {
            json = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            faults.add(where + "is not JSON");
            return;
        }
        validate(pointer, where, json, faults);
        if (status >= 400 && (json.path("statusCode").asInt() != status || code(json) != status)) {
            faults.add(where + "/error is " + json.path("error") + " of status " + json.path("statusCode"));
        }
    }

    private static int code(JsonNode json) {
        String name = json.path("error").asText().toUpperCase(Locale.ROOT);
        return Arrays.stream(Failure.values())
                .filter(failure -> failure.name().equals(name))
                .mapToInt(Failure::code)
                .findFirst()
                .orElse(0);
    }

    /** Adds what is wrong with a header's value. */
    static void checkHeader(String pointer, String name, String value, List<String> faults) {
        boolean number = CONTRACT.at(pointer).node().path("type").asText().equals("integer");
        JsonNode node = number && value.matches("[0-9]{1,9}")
                ? IntNode.valueOf(Integer.parseInt(value))
                : TextNode.valueOf(value);
        validate(pointer, "header " + name + " ", node, faults);
    }

    private static void validate(String pointer, String where, JsonNode json, List<String> faults) {
        schema(pointer).validate(json).forEach(message -> faults.add(where + message.getMessage()));
    }

    private static JsonSchema schema(String pointer) {
        return SCHEMAS.computeIfAbsent(
                CONTRACT.at(pointer).pointer(),
                place -> FACTORY.getSchema(SchemaLocation.of("classpath:" + Contract.FILE + "#" + place), CONFIG));
    }
}
