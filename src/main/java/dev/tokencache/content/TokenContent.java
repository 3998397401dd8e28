package dev.tokencache.content;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.tokencache.TokenFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.CharBuffer;

/**
 * What a valid token file says of itself. Found in the one pass that checks the file; the bytes are never rendered anew.
 *
 * @param expiresAtMillis the expiry it states, milliseconds since the epoch, or {@link TokenFile#NO_EXPIRY}
 * @param expirySource path of the member that states it, such as {@code claudeAiOauth.expiresAt} or {@code
 *     access_token.exp}; null when none does
 * @param refreshable whether it holds a refresh token
 */
public record TokenContent(long expiresAtMillis, String expirySource, boolean refreshable) {
    /** How many objects and arrays may be open at once, the outermost included. */
    public static final int MAX_NESTING = 100;

    /**
     * Names are neither interned nor kept in a symbol table: the table is shared by all files, would hold what they say,
     * and refuses a file whose names collide in it. Long numbers, strings and names are valid; the size of a file is
     * bounded where it is read.
     */
    static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    /**
     * Checks that bytes are a valid token file: strict UTF-8 without a byte order mark and without NUL, exactly one JSON
     * value by RFC 8259, that one an object, no duplicate names at any depth, nesting at most {@link #MAX_NESTING}. Pure;
     * for any thread.
     *
     * @param bytes the file; of any size, not changed, not kept
     * @throws MalformedContentException with the first fault, when they are not
     */
    public static TokenContent check(byte[] bytes) throws MalformedContentException {
        CharBuffer text = StrictText.decode(bytes);
        try (JsonParser parser = FACTORY.createParser(text.array(), 0, text.limit())) {
            return read(parser);
        } catch (IOException e) {
            throw new UncheckedIOException("reading memory does no input", e);
        }
    }

    private static TokenContent read(JsonParser parser) throws IOException, MalformedContentException {
        TokenExpiry expiry = new TokenExpiry();
        try {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new MalformedContentException(MalformedContentException.EMPTY, 0, 0);
            }
            if (first != JsonToken.START_OBJECT) {
                throw fault(MalformedContentException.NOT_AN_OBJECT, parser.currentTokenLocation());
            }
            readObject(parser, expiry);
        } catch (JsonProcessingException e) {
            throw fault(MalformedContentException.NOT_JSON, e.getLocation());
        }
        requireEnd(parser);
        return expiry.result();
    }

    /** Reads to the end of the object whose start is the current token. */
    private static void readObject(JsonParser parser, TokenExpiry expiry)
            throws IOException, MalformedContentException {
        ObjectNames[] names = new ObjectNames[MAX_NESTING + 1];
        names[1] = new ObjectNames();
        int depth = 1;
        while (depth > 0) {
            JsonToken token = parser.nextToken();
            switch (token) {
                case START_OBJECT, START_ARRAY -> {
                    depth++;
                    if (depth > MAX_NESTING) {
                        throw fault(MalformedContentException.TOO_DEEP, parser.currentTokenLocation());
                    }
                    expiry.start(depth);
                    if (token == JsonToken.START_OBJECT) {
                        names[depth] = names[depth] == null ? new ObjectNames() : names[depth].cleared();
                    }
                }
                case END_OBJECT, END_ARRAY -> depth--;
                case FIELD_NAME -> {
                    String name = parser.currentName();
                    if (!names[depth].add(name)) {
                        throw fault(MalformedContentException.DUPLICATE_KEY, parser.currentTokenLocation());
                    }
                    expiry.name(depth, name);
                }
                default -> expiry.scalar(token, parser);
            }
        }
    }

    private static void requireEnd(JsonParser parser) throws IOException, MalformedContentException {
        try {
            if (parser.nextToken() == null) {
                return;
            }
        } catch (JsonProcessingException e) {
            throw fault(MalformedContentException.TRAILING_CONTENT, e.getLocation());
        }
        throw fault(MalformedContentException.TRAILING_CONTENT, parser.currentTokenLocation());
    }

    private static MalformedContentException fault(String reason, JsonLocation place) {
        return new MalformedContentException(reason, Math.max(1, place.getLineNr()), Math.max(1, place.getColumnNr()));
    }
}
