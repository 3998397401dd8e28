package dev.tokencache.http;

import dev.tokencache.Failure;
import dev.tokencache.TokenKey;
import dev.tokencache.auth.Caller;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A request that passed the checks of its route: who asks, and for what. */
final class Exchange {
    private final Route route;
    private final Caller caller;
    private final HttpServerRequest request;
    private final Map<String, String> path;
    private final QueryParameters query;
    private final Object body;
    private final RequestAudit audit;
    private final List<TokenKey> touched = new ArrayList<>(1);

    /**
     * A request with its parameters.
     *
     * @param caller who asks, or null on a route that needs no token
     * @param path the request's as the routes know it
     * @param body a JsonObject or a Buffer as the route wants it, or null for a request without one
     * @throws dev.tokencache.TokenCacheException {@link Failure#BAD_REQUEST} when path or query are malformed
     */
    Exchange(Route route, Caller caller, HttpServerRequest request, String path, Object body, RequestAudit audit) {
        this.route = route;
        this.caller = caller;
        this.request = request;
        this.body = body;
        this.audit = audit;
        this.path = route.path().parameters(path);
        this.query = QueryParameters.parse(request.query());
    }

    Caller caller() {
        return caller;
    }

    /** The members of a JSON body. */
    JsonObject body() {
        return (JsonObject) body;
    }

    /** A body that is taken as it is; never null. */
    Buffer content() {
        return body == null ? Buffer.buffer() : (Buffer) body;
    }

    /** For an action that reads the body, or learns of its end, itself. */
    HttpServerRequest request() {
        return request;
    }

    /** What the audit log gets to know of an action that goes on while its reply is sent. */
    RequestAudit audit() {
        return audit;
    }

    /** A header's value, or null. Lines of the same name are one list (RFC 9110 section 5.3). */
    String header(CharSequence name) {
        return header(request, name);
    }

    /** The same of any request. */
    static String header(HttpServerRequest request, CharSequence name) {
        List<String> lines = request.headers().getAll(name);
        return switch (lines.size()) {
            case 0 -> null;
            case 1 -> lines.get(0);
            default -> String.join(", ", lines);
        };
    }

    /** Says which file it turned out to be about, for the audit log. */
    void touch(TokenKey key) {
        touched.add(key);
    }

    /** The files it turned out to be about; empty as long as nobody has said. */
    List<TokenKey> touched() {
        return touched;
    }

    /** A parameter of the path, the JSON body or the query, whichever the route has; null when it isn't there. */
    String text(String name) {
        String segment = path.get(name);
        if (segment != null) {
            return segment;
        }
        if (!(body instanceof JsonObject members)) {
            return query.get(name);
        }
        Object value = members.getValue(name);
        if (value != null && !(value instanceof String)) {
            throw Failure.BAD_REQUEST.exception();
        }
        return (String) value;
    }

    /** Like {@link #text}, but it must be there. */
    String required(String name) {
        String value = text(name);
        if (value == null || value.isEmpty()) {
            throw Failure.BAD_REQUEST.exception();
        }
        return value;
    }

    /** The token that {@code project} and {@code filename} name; both are required. */
    TokenKey key() {
        return new TokenKey(required("project"), required("filename"));
    }

    /** A whole number from the query, or a default; anything else is a bad request. */
    int number(String name, int otherwise) {
        String value = query.get(name);
        if (value == null) {
            return otherwise;
        }
        if (!value.matches("[0-9]{1,9}")) {
            throw Failure.BAD_REQUEST.exception();
        }
        return Integer.parseInt(value);
    }

    /** Throws {@link Failure#BAD_REQUEST} when there is anything the route does not know. */
    void refuseOthers() {
        boolean inBody = route.body() == Route.Body.JSON;
        query.allowOnly(inBody ? List.of() : route.names());
        if (inBody && !route.names().containsAll(body().fieldNames())) {
            throw Failure.BAD_REQUEST.exception();
        }
    }
}
