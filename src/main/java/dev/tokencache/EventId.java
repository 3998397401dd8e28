package dev.tokencache;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in the feed of changes: which cache counts, and how many changes it had counted. Written {@code <origin>-<number>}:
 * the id of the change of that number, and where to go on behind it.
 *
 * @param origin names one start of one cache
 * @param number changes since that start; 0 before the first
 */
public record EventId(String origin, long number) {
    private static final Pattern FORM = Pattern.compile("([0-9a-zA-Z]{1,64})-(0|[1-9][0-9]{0,17})");

    public EventId {
        Objects.requireNonNull(origin);
    }

    /** The id of that text, or null when it is none. */
    public static EventId parse(String text) {
        Matcher matcher = FORM.matcher(text == null ? "" : text);
        return matcher.matches() ? new EventId(matcher.group(1), Long.parseLong(matcher.group(2))) : null;
    }

    /** The id of another change of the same cache. */
    public EventId at(long other) {
        return new EventId(origin, other);
    }

    @Override
    public String toString() {
        return origin + '-' + number;
    }
}
