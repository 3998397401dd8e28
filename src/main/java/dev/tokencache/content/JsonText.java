package dev.tokencache.content;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A JSON value as it is written: where it stands in its text, and where the members of an object do. Immutable.
 *
 * @param source the whole text
 * @param start where the value begins
 * @param end where it ended
 * @param members those of an object in their order, by their names without escapes; null for any other value
 */
record JsonText(String source, int start, int end, Map<String, Member> members) {
    /**
     * A member of an object.
     *
     * @param start where its name begins, with the quote
     */
    record Member(int start, JsonText value) {
        /** Name, colon and what is between them, as written. */
        String name() {
            return value.source.substring(start, value.start);
        }

        /** What is written between name and value. */
        String colon() {
            return name().substring(literal().length());
        }

        /** The name as written, in its quotes. */
        String literal() {
            int end = start + 1;
            while (value.source.charAt(end) != '"') {
                end += value.source.charAt(end) == '\\' ? 2 : 1;
            }
            return value.source.substring(start, end + 1);
        }
    }

    /** Takes a text apart that is one valid JSON value. */
    static JsonText of(String source) {
        try (JsonParser parser = TokenContent.FACTORY.createParser(source)) {
            parser.nextToken();
            return read(source, parser);
        } catch (IOException e) {
            throw new UncheckedIOException("reading memory does no input", e);
        }
    }

    private static JsonText read(String source, JsonParser parser) throws IOException {
        int start = start(parser);
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return new JsonText(source, start, end(parser), null);
        }
        Map<String, Member> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            int at = start(parser);
            parser.nextToken();
            members.put(name, new Member(at, read(source, parser)));
        }
        return new JsonText(source, start, end(parser), members);
    }

    private static int start(JsonParser parser) {
        return (int) parser.currentTokenLocation().getCharOffset();
    }

    private static int end(JsonParser parser) throws IOException {
        parser.finishToken();
        return (int) parser.currentLocation().getCharOffset();
    }

    boolean isObject() {
        return members != null;
    }

    boolean isNull() {
        return source.charAt(start) == 'n';
    }

    /** The value as written. */
    @Override
    public String toString() {
        return source.substring(start, end);
    }
}
