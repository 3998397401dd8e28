package dev.tokencache.tracing;

import io.opentelemetry.api.common.AttributeKey;
import java.util.Set;

/** The attributes that spans have. What is not here leaves the process with no span, whoever has set it. */
final class Attributed {
    /** The route's pattern. */
    static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");

    /** As the reply's header and the audit log have it. */
    static final AttributeKey<String> REQUEST_ID = AttributeKey.stringKey("tokencache.request.id");

    /** HIT or MISS. */
    static final AttributeKey<String> CACHE = AttributeKey.stringKey("tokencache.cache");

    /** Machine name of a failure. */
    static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

    /** What a client has sent, whatever that is: it is held against what is known. */
    static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");

    private static final Set<String> KEPT = Set.of(
            ROUTE.getKey(),
            REQUEST_ID.getKey(),
            CACHE.getKey(),
            ERROR.getKey(),
            METHOD.getKey(),
            "http.response.status_code",
            "messaging.system",
            "messaging.operation",
            "messaging.operation.name",
            "messaging.operation.type",
            "messaging.destination",
            "messaging.destination.name",
            "url.scheme");

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private Attributed() {}

    static boolean isKept(AttributeKey<?> key) {
        return KEPT.contains(key.getKey());
    }

    /** How many different methods there are is no client's choice. */
    static String method(String sent) {
        return METHODS.contains(sent) ? sent : "_OTHER";
    }
}
