package dev.tokencache.server;

import dev.tokencache.TokenKey;
import dev.tokencache.auth.AddressRange;
import dev.tokencache.auth.AuthOptions;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The kinds of values there are. */
final class ValueTypes {
    private static final Pattern INTEGER = Pattern.compile("-?(?:0|[1-9][0-9]{0,17})");
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,9}(?:\\.[0-9]{1,9})?");
    private static final Pattern DURATION = Pattern.compile("(0|[1-9][0-9]{0,11})(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("(0|[1-9][0-9]{0,14})(KiB|MiB|GiB)?");
    private static final Map<String, Long> DURATION_UNITS = units("d", 86_400_000L, "h", 3_600_000L, "m", 60_000L);
    private static final Map<String, Long> SIZE_UNITS = units("GiB", 1L << 30, "MiB", 1L << 20, "KiB", 1L << 10);

    private ValueTypes() {}

    static ValueType<Boolean> bool() {
        return ValueType.scalar("true or false", false, text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> null;
        });
    }

    static ValueType<Integer> integer(int min, int max) {
        return ValueType.scalar("an integer from " + min + " to " + max, false, text -> parseInt(text, min, max));
    }

    /** An integer, or {@code auto}, which is read as empty. */
    static ValueType<OptionalInt> integerOrAuto(int min, int max) {
        return ValueType.scalar("auto or an integer from " + min + " to " + max, false, text -> {
            Integer value = parseInt(text, min, max);
            return text.equals("auto") ? OptionalInt.empty() : value == null ? null : OptionalInt.of(value);
        });
    }

    private static Integer parseInt(String text, int min, int max) {
        if (!INTEGER.matcher(text).matches()) {
            return null;
        }
        long value = Long.parseLong(text);
        return value < min || value > max ? null : (Integer) (int) value;
    }

    static ValueType<Double> decimal(String min, String max) {
        BigDecimal least = new BigDecimal(min);
        BigDecimal most = new BigDecimal(max);
        return ValueType.scalar("a number from " + min + " to " + max, false, text -> {
            if (!DECIMAL.matcher(text).matches()) {
                return null;
            }
            BigDecimal value = new BigDecimal(text);
            return value.compareTo(least) < 0 || value.compareTo(most) > 0 ? null : value.doubleValue();
        });
    }

    static ValueType<Duration> duration(String min, String max) {
        long least = millis(min);
        long most = millis(max);
        return ValueType.scalar("a duration from " + min + " to " + max + " (units ms, s, m, h, d)", true, text -> {
            long value = millis(text);
            return value < least || value > most ? null : Duration.ofMillis(value);
        });
    }

    /** A duration without limits other than being positive, for options of commands; null when it is none. */
    static Duration parseDuration(String text) {
        long value = millis(text);
        return value <= 0 ? null : Duration.ofMillis(value);
    }

    private static long millis(String text) {
        return amount(DURATION, DURATION_UNITS, text);
    }

    /** A duration as the configuration writes it. */
    static String format(Duration duration) {
        return format(DURATION_UNITS, duration.toMillis());
    }

    static ValueType<Long> size(String min, String max) {
        long least = bytes(min);
        long most = bytes(max);
        return ValueType.scalar("a size from " + min + " to " + max + " (bytes, KiB, MiB, GiB)", true, text -> {
            long value = bytes(text);
            return value < least || value > most ? null : (Long) value;
        });
    }

    private static long bytes(String text) {
        return amount(SIZE, SIZE_UNITS, text);
    }

    /** A size in bytes as the configuration writes it. */
    static String formatSize(long bytes) {
        return format(SIZE_UNITS, bytes);
    }

    /** The amount in the smallest unit, or -1. */
    private static long amount(Pattern pattern, Map<String, Long> units, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            return -1;
        }
        try {
            long unit = matcher.group(2) == null ? 1 : units.get(matcher.group(2));
            return Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
        } catch (ArithmeticException e) {
            return -1;
        }
    }

    private static String format(Map<String, Long> units, long amount) {
        for (Map.Entry<String, Long> unit : units.entrySet()) {
            if (amount >= unit.getValue() && amount % unit.getValue() == 0) {
                return amount / unit.getValue() + unit.getKey();
            }
        }
        return amount + (units == DURATION_UNITS ? (amount == 0 ? "s" : "ms") : "");
    }

    private static Map<String, Long> units(String a, long as, String b, long bs, String c, long cs) {
        Map<String, Long> units = new LinkedHashMap<>();
        units.put(a, as);
        units.put(b, bs);
        units.put(c, cs);
        if (a.equals("d")) {
            units.put("s", 1_000L);
            units.put("ms", 1L);
        }
        return units;
    }

    /** One line of text, not empty. */
    static ValueType<String> text(String expected) {
        return ValueType.scalar(expected, true, text -> isLine(text) ? text : null);
    }

    private static boolean isLine(String text) {
        return !text.isBlank() && text.length() <= 1024 && text.chars().noneMatch(Character::isISOControl);
    }

    /** A name or address of a host; no port, no brackets. */
    static ValueType<String> host() {
        Pattern host = Pattern.compile("[A-Za-z0-9_.:%-]{1,253}");
        return ValueType.scalar(
                "a host name or address", true, text -> host.matcher(text).matches() ? text : null);
    }

    static ValueType<Path> path(String what) {
        return ValueType.scalar("the path of a " + what, true, text -> isLine(text) ? Path.of(text) : null);
    }

    static ValueType<Instant> instant() {
        return ValueType.scalar("a time such as 2026-01-31T12:00:00Z", true, text -> {
            try {
                return Instant.parse(text);
            } catch (DateTimeParseException e) {
                return null;
            }
        });
    }

    /** One of an enum's constants, written in lower case. */
    static <E extends Enum<E>> ValueType<E> choice(Class<E> type) {
        List<E> constants = Arrays.asList(type.getEnumConstants());
        String names = constants.stream().map(ValueTypes::name).collect(Collectors.joining(", "));
        return ValueType.scalar(
                (constants.size() == 1 ? "" : "one of ") + names,
                true,
                text -> constants.stream()
                        .filter(constant -> name(constant).equals(text))
                        .findFirst()
                        .orElse(null));
    }

    static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** A list of an enum's constants: at least one, none twice. */
    static <E extends Enum<E>> ValueType<List<E>> choices(Class<E> type) {
        ValueType<E> one = choice(type);
        return ValueType.list(
                "a list of at least " + one.expected() + ", none twice",
                one,
                list -> !list.isEmpty() && new HashSet<>(list).size() == list.size());
    }

    /** Where a key set may be fetched. */
    static ValueType<URI> jwksUrl() {
        return ValueType.scalar(
                "an https URL, or an http URL of 127.0.0.1, [::1] or localhost; without user and fragment",
                true,
                text -> {
                    URI url = URI.create(text);
                    return AuthOptions.isJwksUrl(url) ? url : null;
                });
    }

    /** Where spans are posted to. A URL without a path is a collector's mere address, which takes none. */
    static ValueType<URI> collectorUrl() {
        return ValueType.scalar(
                "an http or https URL with a host and a path, without user, query and fragment", true, text -> {
                    URI url = URI.create(text);
                    boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
                    boolean whole =
                            http && url.getHost() != null && url.getRawPath().length() > 1;
                    boolean bare =
                            url.getRawUserInfo() == null && url.getRawQuery() == null && url.getRawFragment() == null;
                    return whole && bare && url.getPort() != 0 && url.getPort() <= 65_535 ? url : null;
                });
    }

    /** What a service is called. */
    static ValueType<String> serviceName() {
        return ValueType.scalar(
                "a name of 1 to 64 letters, digits and . _ -",
                true,
                text -> text.matches("[A-Za-z0-9._-]{1,64}") ? text : null);
    }

    /** IP addresses and ranges of them. Whoever trusts all of them lets each sender say where he is. */
    static ValueType<List<AddressRange>> addressRanges() {
        ValueType<AddressRange> one =
                ValueType.scalar("an IP address, or a range such as 10.0.0.0/8", true, AddressRange::parse);
        return ValueType.list(
                "a list of IP addresses and ranges such as 10.0.0.0/8, not of all addresses",
                one,
                list -> list.stream().noneMatch(AddressRange::isEverything));
    }

    /** Names of projects, or {@code *} alone for all of them. */
    static ValueType<List<String>> projects() {
        ValueType<String> one = ValueType.scalar(
                "the name of a project or \"*\"",
                true,
                text -> text.equals("*") || TokenKey.isProject(text) ? text : null);
        return ValueType.list(
                "a list of project names, or [\"*\"]", one, list -> !list.contains("*") || list.size() == 1);
    }

    /** Origins as browsers send them (RFC 6454): scheme, host in lower case, port unless it is the scheme's own. */
    static ValueType<List<String>> origins() {
        Pattern origin =
                Pattern.compile("(https?)://(?:[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\\[[0-9a-f:.]+])(:[1-9][0-9]{0,4})?");
        ValueType<String> one = ValueType.scalar(
                "an origin such as https://admin.example.com or http://localhost:8080",
                true,
                text -> origin.matcher(text).matches() && !text.matches("http:.*:80|https:.*:443") ? text : null);
        return ValueType.list("a list of origins", one, list -> true);
    }
}
