package dev.tokencache.http;

import dev.tokencache.Failure;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Decodes what a URI escapes (RFC 3986 section 2.1), once and strictly: the escapes are those of UTF-8. */
final class PercentCoding {
    private PercentCoding() {}

    /**
     * The text without its escapes.
     *
     * @param plusIsBlank whether {@code +} stands for a space, as it does in the query of a form
     * @throws dev.tokencache.TokenCacheException {@link Failure#BAD_REQUEST} for half an escape, bytes that are no UTF-8, and
     *     characters that a URI can't hold
     */
    static String decode(String text, int start, int end, boolean plusIsBlank) {
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (isCoded(c, plusIsBlank)) {
                return decodeEscapes(text, start, end, plusIsBlank);
            }
        }
        return text.substring(start, end);
    }

    /** Whether a character stands for another, or can't stand there at all. */
    static boolean isCoded(char c, boolean plusIsBlank) {
        return c == '%' || (c == '+' && plusIsBlank) || c >= 0x7f;
    }

    private static String decodeEscapes(String text, int start, int end, boolean plusIsBlank) {
        byte[] bytes = new byte[end - start];
        int length = 0;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int high = i + 1 < end ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = i + 2 < end ? Character.digit(text.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0 || text.charAt(i + 1) >= 0x7f || text.charAt(i + 2) >= 0x7f) {
                    throw Failure.BAD_REQUEST.exception();
                }
                bytes[length++] = (byte) (high << 4 | low);
                i += 2;
            } else if (c >= 0x7f) {
                throw Failure.BAD_REQUEST.exception();
            } else {
                bytes[length++] = (byte) (c == '+' && plusIsBlank ? ' ' : c);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Failure.BAD_REQUEST.exception();
        }
    }
}
