package dev.tokencache;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Objects;

/**
 * Which tokens of a project {@link TokenCache#page} is to give. What several filters ask for, a token must meet all of. Nothing
 * is checked here: a value out of range fails the page with {@link Failure#BAD_REQUEST}.
 */
public final class PageQuery {
    /** How many tokens a page has at most unless it is said. */
    public static final int DEFAULT_LIMIT = 100;

    /** The most tokens a page may be asked for. */
    public static final int MAX_LIMIT = 1_000;

    /** The longest time ahead that can be asked about. */
    public static final Duration MAX_EXPIRING_WITHIN = Duration.ofDays(3_653);

    private final String project;
    private boolean values;
    private int limit = DEFAULT_LIMIT;
    private String cursor;
    private String prefix;
    private Boolean expired;
    private Duration expiringWithin;
    private Boolean invalid;

    /** The first {@link #DEFAULT_LIMIT} tokens of a project, their metadata; not null. */
    public PageQuery(String project) {
        this.project = Objects.requireNonNull(project);
    }

    /** A copy that shares nothing that can change with the original. */
    public PageQuery(PageQuery other) {
        project = other.project;
        values = other.values;
        limit = other.limit;
        cursor = other.cursor;
        prefix = other.prefix;
        expired = other.expired;
        expiringWithin = other.expiringWithin;
        invalid = other.invalid;
    }

    public String getProject() {
        return project;
    }

    public boolean isValues() {
        return values;
    }

    /** Whether each token comes as its file's text; its metadata otherwise, which never holds a value (the default). */
    public PageQuery setValues(boolean values) {
        this.values = values;
        return this;
    }

    public int getLimit() {
        return limit;
    }

    /** How many tokens at most, 1 to {@link #MAX_LIMIT}. */
    public PageQuery setLimit(int limit) {
        this.limit = limit;
        return this;
    }

    public String getCursor() {
        return cursor;
    }

    /** Where to go on, as the page before gave it, or null (the default) for the start. */
    public PageQuery setCursor(String cursor) {
        this.cursor = cursor;
        return this;
    }

    public String getPrefix() {
        return prefix;
    }

    /** How the file names begin; null (the default) and the empty text for all. One that no name can have is refused. */
    public PageQuery setPrefix(String prefix) {
        this.prefix = prefix;
        return this;
    }

    public Boolean getExpired() {
        return expired;
    }

    /** Only tokens whose stated expiry is past (true), all but those (false), or null (the default) for both. */
    public PageQuery setExpired(Boolean expired) {
        this.expired = expired;
        return this;
    }

    public Duration getExpiringWithin() {
        return expiringWithin;
    }

    /**
     * Only tokens that have not expired and will within this time, 0 to {@link #MAX_EXPIRING_WITHIN}, cut to milliseconds; or
     * null (the default) for all.
     */
    public PageQuery setExpiringWithin(Duration expiringWithin) {
        this.expiringWithin = expiringWithin;
        return this;
    }

    public Boolean getInvalid() {
        return invalid;
    }

    /** Only files that are no valid token files (true), only those that are (false), or null (the default) for both. */
    public PageQuery setInvalid(Boolean invalid) {
        this.invalid = invalid;
        return this;
    }

    /** The body of {@link Operation#PAGE}. */
    JsonObject toJson() {
        JsonObject body =
                new JsonObject().put("project", project).put("values", values).put("limit", limit);
        put(body, "cursor", cursor);
        put(body, "prefix", prefix);
        put(body, "expired", expired);
        put(body, "expiringWithin", expiringWithin == null ? null : millis(expiringWithin));
        put(body, "invalid", invalid);
        return body;
    }

    private static void put(JsonObject body, String name, Object value) {
        if (value != null) {
            body.put(name, value);
        }
    }

    /** Out of range stays out of range, also where it is more milliseconds than can be counted. */
    private static long millis(Duration duration) {
        if (duration.isNegative()) {
            return -1;
        }
        return duration.compareTo(MAX_EXPIRING_WITHIN) > 0 ? Long.MAX_VALUE : duration.toMillis();
    }
}
