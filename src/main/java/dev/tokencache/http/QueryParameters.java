package dev.tokencache.http;

import dev.tokencache.Failure;
import java.util.ArrayList;
import java.util.List;

/**
 * The parameters of a query, decoded once and strictly: {@code &} and {@code ;} separate, {@code +} is a space, escapes are
 * UTF-8. What a lenient parser would let through (a repeated name, half an escape, bytes that are no UTF-8) is refused.
 */
final class QueryParameters {
    private static final int MAX_PARAMETERS = 16;
    private static final QueryParameters NONE = new QueryParameters(List.of());

    /** Name, value, name, value: there are one or two, so a search beats a map. */
    private final List<String> pairs;

    private QueryParameters(List<String> pairs) {
        this.pairs = pairs;
    }

    /**
     * Parses a raw query.
     *
     * @param query the text behind the {@code ?}, or null
     * @throws dev.tokencache.TokenCacheException {@link Failure#BAD_REQUEST} when it is malformed or repeats a name
     */
    static QueryParameters parse(String query) {
        if (query == null || query.isEmpty()) {
            return NONE;
        }
        List<String> pairs = new ArrayList<>(4);
        int start = 0;
        int equals = -1;
        boolean plain = true;
        for (int i = 0; i <= query.length(); i++) {
            char c = i < query.length() ? query.charAt(i) : '&';
            if (c == '&' || c == ';') {
                if (i > start) {
                    addPair(pairs, query, start, equals < 0 ? i : equals, i, plain);
                }
                start = i + 1;
                equals = -1;
                plain = true;
            } else if (c == '=' && equals < 0) {
                equals = i;
            } else if (PercentCoding.isCoded(c, true)) {
                plain = false;
            }
        }
        return new QueryParameters(pairs);
    }

    private static void addPair(List<String> pairs, String query, int start, int nameEnd, int end, boolean plain) {
        String name = plain ? query.substring(start, nameEnd) : decode(query, start, nameEnd);
        for (int i = 0; i < pairs.size(); i += 2) {
            if (pairs.get(i).equals(name)) {
                throw Failure.BAD_REQUEST.exception();
            }
        }
        if (pairs.size() == 2 * MAX_PARAMETERS) {
            throw Failure.BAD_REQUEST.exception();
        }
        pairs.add(name);
        if (nameEnd == end) {
            pairs.add("");
        } else {
            pairs.add(plain ? query.substring(nameEnd + 1, end) : decode(query, nameEnd + 1, end));
        }
    }

    private static String decode(String text, int start, int end) {
        return PercentCoding.decode(text, start, end, true);
    }

    /** The parameter's value, or null when it isn't there. */
    String get(String name) {
        for (int i = 0; i < pairs.size(); i += 2) {
            if (pairs.get(i).equals(name)) {
                return pairs.get(i + 1);
            }
        }
        return null;
    }

    /** How many there are. */
    int size() {
        return pairs.size() / 2;
    }

    /** Throws {@link Failure#BAD_REQUEST} when there is a parameter of another name. */
    void allowOnly(List<String> names) {
        for (int i = 0; i < pairs.size(); i += 2) {
            if (!names.contains(pairs.get(i))) {
                throw Failure.BAD_REQUEST.exception();
            }
        }
    }
}
