package dev.tokencache.content;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Base64;

/**
 * The {@code exp} claim (RFC 7519 section 4.1.4) of a JWT in compact form. Nothing is verified: it is read only to learn
 * when another server will stop taking the token.
 */
final class JwtExpiry {
    /** The longest text that is looked into, in characters. */
    static final int MAX_LENGTH = 65_536;

    private static final int MAX_NUMBER = 64;

    private JwtExpiry() {}

    /** The moment, milliseconds since the epoch, or {@link Moments#NONE} when the text is no JWT or has no {@code exp}. */
    static long of(String token) {
        int first = token.indexOf('.');
        int second = token.indexOf('.', first + 1);
        // An encrypted JWT has five parts, and no claim can be read.
        if (first < 0 || second < 0 || token.indexOf('.', second + 1) >= 0) {
            return Moments.NONE;
        }
        try {
            return claim(Base64.getUrlDecoder().decode(token.substring(first + 1, second)));
        } catch (IllegalArgumentException | IOException | MalformedContentException e) {
            return Moments.NONE;
        }
    }

    private static long claim(byte[] payload) throws IOException, MalformedContentException {
        try (JsonParser parser =
                TokenContent.FACTORY.createParser(StrictText.decode(payload).array())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Moments.NONE;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean exp = parser.currentName().equals("exp");
                JsonToken value = parser.nextToken();
                if (exp) {
                    return value.isNumeric() && parser.getTextLength() <= MAX_NUMBER
                            ? Moments.parse(parser.getText())
                            : Moments.NONE;
                }
                parser.skipChildren();
            }
            return Moments.NONE;
        }
    }
}
