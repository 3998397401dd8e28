package dev.tokencache.content;

import dev.tokencache.TokenFile;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads moments as token files write them: RFC 3339 with any offset and any fraction; the same with a space, without
 * seconds or without an offset, which is UTC then; a number of seconds or, above 10^12, of milliseconds since the epoch, as
 * number or as text. Milliseconds since the epoch come out: of a date a smaller fraction is cut off, a number is rounded.
 *
 * <p>What lies before March 1973 (10^8 s) is no moment: in real files it is a length of time ({@code "expires": 3600}), a
 * zero for "never", or Go's zero time {@code 0001-01-01T00:00:00Z}. Nor is what lies beyond the year 9999, which is how
 * others write "never".
 */
final class Moments {
    /** No moment. */
    static final long NONE = TokenFile.NO_EXPIRY;

    private static final long FIRST_MILLIS = 100_000_000_000L;
    private static final long LAST_MILLIS = 253_402_300_799_999L;
    private static final double MILLIS_ABOVE = 1e12;
    private static final int SECONDS_OF_DAY = 86_400;

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?");
    private static final Pattern DATE_TIME = Pattern.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]"
            + "([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\\.([0-9]+))?)?"
            + "(?:[Zz]|([+-])([0-9]{2}):?([0-9]{2}))?");

    private Moments() {}

    /** The moment a short text states, milliseconds since the epoch, or {@link #NONE}. */
    static long parse(String text) {
        double number = number(text);
        if (!Double.isNaN(number)) {
            return plausible(number > MILLIS_ABOVE ? number : number * 1000);
        }
        Matcher matcher = DATE_TIME.matcher(text);
        return matcher.matches() ? dateTime(matcher) : NONE;
    }

    /** The number a short text is, as JSON writes numbers, or NaN. */
    static double number(String text) {
        return NUMBER.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
    }

    /** The end of a life that began at a moment and lasts some seconds; {@link #NONE} unless both are known. */
    static long after(long moment, double seconds) {
        return moment == NONE || !(seconds >= 0) ? NONE : plausible(moment + seconds * 1000);
    }

    private static long plausible(double millis) {
        // Doubles are exact to the millisecond far beyond the year 9999; rounding undoes what a fraction of a second
        // lost.
        return millis >= FIRST_MILLIS && millis <= LAST_MILLIS ? Math.round(millis) : NONE;
    }

    private static long dateTime(Matcher matcher) {
        int hour = part(matcher, 4);
        int minute = part(matcher, 5);
        int second = part(matcher, 6);
        int offsetHours = part(matcher, 9);
        int offsetMinutes = part(matcher, 10);
        // RFC 3339 writes a leap second as 60.
        if (hour > 23 || minute > 59 || second > 60 || offsetHours > 23 || offsetMinutes > 59) {
            return NONE;
        }
        long day;
        try {
            day = LocalDate.of(part(matcher, 1), part(matcher, 2), part(matcher, 3))
                    .toEpochDay();
        } catch (DateTimeException e) {
            return NONE;
        }
        long offset = (offsetHours * 60L + offsetMinutes) * 60;
        if ("-".equals(matcher.group(8))) {
            offset = -offset;
        }
        long seconds = day * SECONDS_OF_DAY + hour * 3600L + minute * 60L + second - offset;
        String fraction = matcher.group(7);
        long millis = fraction == null ? 0 : Long.parseLong((fraction + "00").substring(0, 3));
        return plausible(seconds * 1000.0 + millis);
    }

    private static int part(Matcher matcher, int group) {
        String digits = matcher.group(group);
        return digits == null ? 0 : Integer.parseInt(digits);
    }
}
