package dev.tokencache;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The value of an {@code If-Match} or {@code If-None-Match} header (RFC 9110 sections 13.1.1 and 13.1.2): {@code *}, or a list
 * of entity tags. Immutable.
 */
public final class EntityTags {
    private static final EntityTags ANY = new EntityTags(true, List.of(), List.of());

    /** One list element and its comma. It never backtracks: blanks alone would take time by the square of their number. */
    private static final Pattern TAGS =
            Pattern.compile("\\G[ \\t]*+(?:(W/)?\"([\\x21\\x23-\\x7E\\x80-\\xFF]*+)\"[ \\t]*+)?+(?:,|\\z)");

    private final boolean any;
    private final List<String> strong;
    private final List<String> weak;

    private EntityTags(boolean any, List<String> strong, List<String> weak) {
        this.any = any;
        this.strong = List.copyOf(strong);
        this.weak = List.copyOf(weak);
    }

    /**
     * Reads a header's value.
     *
     * @param header never null
     * @throws TokenCacheException {@link Failure#BAD_REQUEST} when it is neither {@code *} nor a list of tags
     */
    public static EntityTags parse(String header) {
        if (header.strip().equals("*")) {
            return ANY;
        }
        List<String> strong = new ArrayList<>();
        List<String> weak = new ArrayList<>();
        Matcher matcher = TAGS.matcher(header);
        int end = 0;
        while (end < header.length() && matcher.find()) {
            end = matcher.end();
            if (matcher.group(2) != null) {
                (matcher.group(1) == null ? strong : weak).add(matcher.group(2));
            }
        }
        if (end < header.length() || (strong.isEmpty() && weak.isEmpty())) {
            throw Failure.BAD_REQUEST.exception();
        }
        return new EntityTags(false, strong, weak);
    }

    /** Whether it is {@code *}. */
    public boolean isAny() {
        return any;
    }

    /** Those of the list that are strong, without quotes. */
    List<String> strong() {
        return strong;
    }

    /**
     * Whether it is {@code *} or names this tag, weak or strong, by the weak comparison of RFC 9110 section 8.8.3.2.
     *
     * @param etag without quotes and mark, not null
     */
    public boolean names(String etag) {
        return any || strong.contains(etag) || weak.contains(etag);
    }
}
