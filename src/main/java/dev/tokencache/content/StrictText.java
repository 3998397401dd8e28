package dev.tokencache.content;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Bytes to text, strictly. A JSON parser that is given bytes guesses UTF-16 and UTF-32, skips a byte order mark, and takes
 * overlong forms and encoded surrogates.
 */
final class StrictText {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private StrictText() {}

    /** The text, from 0 to the limit of an array-backed buffer. */
    static CharBuffer decode(byte[] bytes) throws MalformedContentException {
        if (bytes.length == 0) {
            throw new MalformedContentException(MalformedContentException.EMPTY, 0, 0);
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer text = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), text, true);
        text.flip();
        if (result.isError()) {
            throw fault(MalformedContentException.NOT_UTF8, text, text.limit());
        }
        if (text.get(0) == BYTE_ORDER_MARK) {
            throw new MalformedContentException(MalformedContentException.BOM, 1, 1);
        }
        requireNoNul(text);
        return text;
    }

    private static void requireNoNul(CharBuffer text) throws MalformedContentException {
        char[] chars = text.array();
        int length = text.limit();
        for (int i = 0; i < length; i++) {
            if (chars[i] == 0) {
                throw fault(MalformedContentException.NUL, text, i);
            }
        }
    }

    private static MalformedContentException fault(String reason, CharBuffer text, int position) {
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < position; i++) {
            if (text.get(i) == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        return new MalformedContentException(reason, line, position - lineStart + 1);
    }
}
