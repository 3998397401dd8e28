package dev.tokencache.content;

/**
 * Bytes that are no valid token file: why, and where. It never holds content, not even a parser's message, and has no
 * stack trace: it is an answer, not a defect.
 */
public final class MalformedContentException extends Exception {
    /** Nothing, or nothing but white space. */
    public static final String EMPTY = "empty";

    /** Not strict UTF-8: an overlong form, an encoded surrogate, a cut sequence, another encoding. */
    public static final String NOT_UTF8 = "not_utf8";

    /** A byte order mark, which RFC 8259 section 8.1 forbids to write. */
    public static final String BOM = "bom";

    /** A NUL byte, as in UTF-16 text and in files a crash has cut. */
    public static final String NUL = "nul";

    /** Not JSON by RFC 8259, or cut off. */
    public static final String NOT_JSON = "not_json";

    /** JSON, or the start of it, that is not an object. */
    public static final String NOT_AN_OBJECT = "not_an_object";

    /** Something follows the object. */
    public static final String TRAILING_CONTENT = "trailing_content";

    /** An object, at any depth, has a name twice; names are compared after their escapes are resolved. */
    public static final String DUPLICATE_KEY = "duplicate_key";

    /** More than {@link TokenContent#MAX_NESTING} objects and arrays are open at once. */
    public static final String TOO_DEEP = "too_deep";

    private static final long serialVersionUID = 1L;

    private final String reason;
    private final int line;
    private final int column;

    MalformedContentException(String reason, int line, int column) {
        super(reason, null, false, false);
        this.reason = reason;
        this.line = line;
        this.column = column;
    }

    /** Machine name of the reason, one of the constants; it is the whole message too. Never null. */
    public String reason() {
        return reason;
    }

    /** Line of the fault, from 1; 0 when the fault has no place. Where a word is wrong, it is the place behind the word. */
    public int line() {
        return line;
    }

    /** Column of the fault in UTF-16 units, from 1; 0 when the fault has no place. */
    public int column() {
        return column;
    }
}
