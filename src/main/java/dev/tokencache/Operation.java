package dev.tokencache;

import java.util.Locale;

/**
 * The operations of the bus contract: one address each below a base address, no action header, no switch. Request and
 * reply bodies are named in each; a failed request gets a {@link io.vertx.core.eventbus.ReplyException} whose code and
 * message are a {@link Failure}'s.
 */
public enum Operation {
    /** String {@code project/file} to {@link TokenFile}, or null when absent. */
    GET,
    /** {@link TokenKeys} to {@link TokenFiles}: the reads of one event-loop tick. */
    GETS,
    /** String project to {@link TokenNames}. */
    LIST,
    /**
     * JsonObject {project, values?, limit?, cursor?, prefix?, expired?, expiringWithin?, invalid?} to JsonObject {project,
     * tokens, cursor, unknown, etag}.
     */
    PAGE,
    /** null to JsonArray of {name, tokens, cachedTokens, invalidFiles, expiredTokens, expiringTokens}. */
    PROJECTS,
    /** null to JsonObject {stats, cache}. */
    STATS,
    /** JsonObject {project, type, data} to JsonObject {filename, etag, replaced}. */
    ADD,
    /** JsonObject {project, filename, json, ifMatch?, create?} to JsonObject {etag, created}; json is the file's text. */
    PUT,
    /** JsonObject {project, filename, patch, ifMatch?} to {@link TokenFile}, or null when absent; patch is a text (RFC 7396). */
    PATCH,
    /** JsonObject {project, filename, ifMatch?} to Boolean: whether there was one. */
    DELETE,
    /** JsonArray of {@code p/f}, {@code p/} (a whole project) or {@code *} to Integer: the entries dropped. */
    INVALIDATE,
    /** String project to JsonObject {loaded, failed: [{filename, reason}]}. */
    PRELOAD,
    /**
     * JsonObject {changes, projects, interval, scanTime}, what the disk looks like now, to String: the acknowledgement, and
     * which cache it is from.
     */
    OBSERVE,
    /**
     * JsonObject {since?, project?, limit?} to JsonObject {events: [{id, project, filename, kind, etag?}], last, more?}, or
     * {reset, last} when what came after {@code since} can't be told.
     */
    EVENTS,
    /** Published, never requested: JsonObject {origin, seq, changes}. */
    CHANGED,
    /** Published, never requested: JsonArray of {@code p/f}, files that the watcher is to look at now. */
    HINT;

    /** The base address unless options say otherwise. */
    public static final String DEFAULT_BASE_ADDRESS = "token.cache";

    private final String suffix = "." + name().toLowerCase(Locale.ROOT);

    /** Whether asking twice does no more than asking once. */
    boolean isRead() {
        return switch (this) {
            case GET, GETS, LIST, PAGE, PROJECTS, STATS, EVENTS -> true;
            default -> false;
        };
    }

    /** The operation's address below a base address. */
    public String address(String base) {
        return base + suffix;
    }
}
