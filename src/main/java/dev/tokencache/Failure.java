package dev.tokencache;

import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Everything that can go wrong, as one closed set. The code is an HTTP status (RFC 9110, 6585, 4918), the machine name
 * is what REST replies carry in {@code error} and bus replies as their whole message.
 */
public enum Failure {
    BAD_REQUEST(400, "The request is malformed."),
    INVALID_NAME(400, "The project or file name is not allowed."),
    UNAUTHORIZED(401, "A valid bearer token is required."),
    FORBIDDEN(403, "The bearer token does not grant this."),
    NOT_FOUND(404, "There is no such thing."),
    METHOD_NOT_ALLOWED(405, "This method is not supported here."),
    REQUEST_TIMEOUT(408, "The request took too long to arrive."),
    NOT_REPLACEABLE(409, "The name is held by something that is not a regular file."),
    PRECONDITION_FAILED(412, "The file is not in the state the request demands."),
    BODY_TOO_LARGE(413, "The request body is too large."),
    URI_TOO_LONG(414, "The request line is too long."),
    UNSUPPORTED_MEDIA_TYPE(415, "The content type is not supported."),
    INVALID_TOKEN_FILE(422, "The content is not a valid token file."),
    THROTTLED(429, "Too many failed logins."),
    HEADERS_TOO_LARGE(431, "The request head is too large."),
    INTERNAL_ERROR(500, "The server failed to answer."),
    STORAGE_UNREADABLE(503, "The storage can't be read or written now."),
    STORAGE_BUSY(503, "The file is being changed by others all the time."),
    LOAD_TIMEOUT(503, "The storage did not answer in time."),
    OVERLOADED(503, "Too many requests are waiting for the storage."),
    CACHE_UNREACHABLE(503, "The cache does not answer."),
    AUDIT_UNWRITABLE(503, "The audit log can't be written, and nothing is done without it."),
    NO_SPACE(507, "The storage has no space left.");

    private static final Map<String, Failure> BY_NAME = new HashMap<>();

    static {
        for (Failure failure : values()) {
            BY_NAME.put(failure.machineName, failure);
        }
    }

    private final int code;
    private final String machineName = name().toLowerCase(Locale.ROOT);
    private final String text;

    Failure(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /** The HTTP status that says this failure. */
    public int code() {
        return code;
    }

    /** The stable name for programs, lower case with underscores; never null. */
    public String machineName() {
        return machineName;
    }

    /** One sentence for people. It is constant: no path, name or content can be in it. */
    public String text() {
        return text;
    }

    /** A new exception that carries this failure. */
    public TokenCacheException exception() {
        return new TokenCacheException(this);
    }

    /**
     * The failure that a throwable stands for: its own if it is a {@link TokenCacheException}, the named one if it is a
     * reply of the bus, {@link #CACHE_UNREACHABLE} if the bus gave up, {@link #INTERNAL_ERROR} for all else.
     */
    public static Failure of(Throwable cause) {
        if (cause instanceof TokenCacheException typed) {
            return typed.failure();
        }
        if (cause instanceof ReplyException reply) {
            if (reply.failureType() != ReplyFailure.RECIPIENT_FAILURE) {
                return CACHE_UNREACHABLE;
            }
            return BY_NAME.getOrDefault(reply.getMessage(), INTERNAL_ERROR);
        }
        return INTERNAL_ERROR;
    }
}
