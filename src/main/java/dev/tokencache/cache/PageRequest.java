package dev.tokencache.cache;

import dev.tokencache.Failure;
import dev.tokencache.PageQuery;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * What a page is asked for, checked.
 *
 * @param after the name to go on behind; empty for the start
 * @param prefix how the names begin; may be empty
 * @param expired whether the expiry must be past, or must not be; null for both
 * @param expiringWithin the longest time to the expiry in milliseconds, or -1 for any
 * @param invalid whether the file must be invalid, or must not be; null for both
 */
record PageRequest(
        String project,
        boolean values,
        int limit,
        String after,
        String prefix,
        Boolean expired,
        long expiringWithin,
        Boolean invalid) {

    /**
     * Reads the body of {@link dev.tokencache.Operation#PAGE}; a member that is null counts as not given.
     *
     * @throws dev.tokencache.TokenCacheException {@link Failure#INVALID_NAME} or {@link Failure#BAD_REQUEST}
     */
    static PageRequest of(JsonObject body) {
        Boolean values = member(body, "values", Boolean.class);
        String cursor = member(body, "cursor", String.class);
        String prefix = member(body, "prefix", String.class);
        if (prefix != null && !TokenKey.isFilenamePrefix(prefix)) {
            throw Failure.BAD_REQUEST.exception();
        }
        return new PageRequest(
                TokenKey.requireProject(member(body, "project", String.class)),
                values != null && values,
                (int) number(body, "limit", 1, PageQuery.MAX_LIMIT, PageQuery.DEFAULT_LIMIT),
                cursor == null ? "" : decode(cursor),
                prefix == null ? "" : prefix,
                member(body, "expired", Boolean.class),
                number(body, "expiringWithin", 0, PageQuery.MAX_EXPIRING_WITHIN.toMillis(), -1),
                member(body, "invalid", Boolean.class));
    }

    private static <T> T member(JsonObject body, String name, Class<T> type) {
        Object value = body.getValue(name);
        if (value != null && !type.isInstance(value)) {
            throw Failure.BAD_REQUEST.exception();
        }
        return type.cast(value);
    }

    private static long number(JsonObject body, String name, long least, long most, long otherwise) {
        Object value = body.getValue(name);
        if (value == null) {
            return otherwise;
        }
        if (!(value instanceof Integer || value instanceof Long)) {
            throw Failure.BAD_REQUEST.exception();
        }
        long number = ((Number) value).longValue();
        if (number < least || number > most) {
            throw Failure.BAD_REQUEST.exception();
        }
        return number;
    }

    /** The cursor that stands for a name. */
    static String cursor(String name) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(name.getBytes(StandardCharsets.US_ASCII));
    }

    private static String decode(String cursor) {
        try {
            String name = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII);
            if (TokenKey.isFilename(name)) {
                return name;
            }
        } catch (IllegalArgumentException e) {
            // Not base64url: refused below like any other text that is no cursor.
        }
        throw Failure.BAD_REQUEST.exception();
    }

    /** Whether it depends on what a file holds if the page shows it. */
    boolean isFiltering() {
        return expired != null || expiringWithin >= 0 || invalid != null;
    }

    /**
     * Whether the page shows a file; a file of which nothing can be told meets no filter.
     *
     * @param nowMillis the page's time, milliseconds since the epoch
     */
    boolean matches(FileFacts file, long nowMillis) {
        if (!isFiltering()) {
            return true;
        }
        if (file.isUnknown() || (invalid != null && invalid != file.isInvalid())) {
            return false;
        }
        boolean states = file.expiresAtMillis() != TokenFile.NO_EXPIRY;
        boolean past = states && file.expiresAtMillis() <= nowMillis;
        if (expired != null && expired != past) {
            return false;
        }
        return expiringWithin < 0 || (states && !past && file.expiresAtMillis() - nowMillis <= expiringWithin);
    }
}
