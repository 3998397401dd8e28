package dev.tokencache.auth;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON from strangers, read in the only way it can be meant: UTF-8 without a byte order mark, one object and nothing after
 * it, no member twice at any level, no half of a surrogate pair, no deep nesting.
 */
final class StrictJson {
    /** Stands for {@code null}, so that an absent member and a null one differ. */
    static final Object NULL = new Object();

    /** Stands for every number that is not an integer of 64 bits, {@code 1.0} and {@code 1e3} included. */
    static final Object OTHER_NUMBER = new Object();

    private static final int MAX_DEPTH = 32;

    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // The tables of known names would be shared by all and grow with what strangers send.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(32)
                    .build())
            .build();

    private StrictJson() {}

    /**
     * The object's members, or null if it is malformed. Values are String, Long, Boolean, List, Map, {@link #NULL} or
     * {@link #OTHER_NUMBER}.
     */
    static Map<String, Object> object(byte[] utf8) {
        String text;
        try {
            // Decoded here: the parser itself would guess UTF-16 and skip a byte order mark.
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            Map<String, Object> members = members(parser);
            return parser.nextToken() == null ? members : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static Map<String, Object> members(JsonParser parser) throws IOException {
        Map<String, Object> members = new HashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = wellFormed(parser.currentName());
            parser.nextToken();
            members.put(name, value(parser));
        }
        return members;
    }

    private static List<Object> elements(JsonParser parser) throws IOException {
        List<Object> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(value(parser));
        }
        return elements;
    }

    private static Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> members(parser);
            case START_ARRAY -> elements(parser);
            case VALUE_STRING -> wellFormed(parser.getText());
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> NULL;
            case VALUE_NUMBER_INT ->
                parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? OTHER_NUMBER
                        : (Object) parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> OTHER_NUMBER;
            default -> throw new IOException("unexpected token");
        };
    }

    private static String wellFormed(String text) throws IOException {
        if (text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            throw new IOException("half a character");
        }
        return text;
    }
}
