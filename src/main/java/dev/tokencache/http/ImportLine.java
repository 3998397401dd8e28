package dev.tokencache.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.tokencache.Failure;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/**
 * A line of an import: which file, and what it is to hold, as it is written there.
 *
 * @param filename as the line says; not checked
 * @param data the text of the value, whatever it is; not checked but for being JSON
 */
record ImportLine(String filename, String data) {
    /** As long as the line may be; nothing of it is kept beyond it. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    /**
     * Reads {@code {"filename": …, "data": …}}.
     *
     * @throws dev.tokencache.TokenCacheException {@link Failure#BAD_REQUEST} when the line is something else: other members, one
     *     twice or missing, no JSON, no UTF-8
     */
    static ImportLine parse(Buffer line) {
        String text = RequestBodies.text(line);
        try (JsonParser parser = FACTORY.createParser(text)) {
            String filename = null;
            String data = null;
            require(parser.nextToken() == JsonToken.START_OBJECT);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String member = parser.currentName();
                parser.nextToken();
                if (member.equals("filename")) {
                    require(filename == null && parser.currentToken() == JsonToken.VALUE_STRING);
                    filename = parser.getText();
                } else {
                    require(member.equals("data") && data == null);
                    data = valueAsWritten(parser, text);
                }
            }
            require(filename != null && data != null && parser.nextToken() == null);
            return new ImportLine(filename, data);
        } catch (IOException e) {
            // A parser's message quotes the line: it goes nowhere.
            throw Failure.BAD_REQUEST.exception();
        }
    }

    private static String valueAsWritten(JsonParser parser, String text) throws IOException {
        int start = (int) parser.currentTokenLocation().getCharOffset();
        parser.skipChildren();
        parser.finishToken();
        return text.substring(start, (int) parser.currentLocation().getCharOffset());
    }

    private static void require(boolean condition) {
        if (!condition) {
            throw Failure.BAD_REQUEST.exception();
        }
    }
}
