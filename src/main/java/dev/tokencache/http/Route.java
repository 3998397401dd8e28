package dev.tokencache.http;

import dev.tokencache.auth.Scope;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.function.Function;

/**
 * One row of the table of routes: all there is to say of a route stands here.
 *
 * @param method GET (HEAD comes with it), POST, PUT, PATCH or DELETE
 * @param path the whole path, with names in braces for those of its segments that are parameters
 * @param name what the audit log calls it
 * @param scope what the caller must have, or null for a route that needs no token
 * @param target which projects the caller must have
 * @param body what the request carries
 * @param names the parameters that may be there beside those of the path, in the body if that is {@link Body#JSON}, else in the
 *     query; others are refused
 * @param action from the checked request to the reply
 */
record Route(
        HttpMethod method,
        PathTemplate path,
        String name,
        Scope scope,
        Target target,
        Body body,
        List<String> names,
        Function<Exchange, Future<Reply>> action) {

    /** What of the projects a route is about. */
    enum Target {
        /** None in particular. */
        NONE,
        /** The one that {@code project} names; it is required. */
        PROJECT,
        /** All of them. */
        ALL
    }

    /** What a request carries. */
    enum Body {
        /** Nothing that counts. */
        NONE(null),
        /** A JSON object whose members are the route's parameters; none is an empty one. */
        JSON("application/json"),
        /** The bytes of a token file, whatever they are. */
        TOKEN("application/json"),
        /** A merge patch (RFC 7396). */
        MERGE_PATCH("application/merge-patch+json"),
        /** One JSON value a line, of any number: the action reads them, and no time is set but that they keep coming. */
        LINES("application/x-ndjson");

        private final String mediaType;

        Body(String mediaType) {
            this.mediaType = mediaType;
        }

        /** The content type it must have, without parameters; null for no body. */
        String mediaType() {
            return mediaType;
        }
    }

    /** A route whose request is a query, or, with POST, a JSON object; named by its path below a base. */
    static Route management(
            HttpMethod method,
            String base,
            String name,
            Scope scope,
            Target target,
            List<String> names,
            Function<Exchange, Future<Reply>> action) {
        Body body = HttpMethod.POST.equals(method) ? Body.JSON : Body.NONE;
        return new Route(method, new PathTemplate(base + name), name, scope, target, body, names, action);
    }

    /** A GET that needs no token and has no parameter. */
    static Route open(String path, Function<Exchange, Future<Reply>> action) {
        return new Route(HttpMethod.GET, new PathTemplate(path), path, null, Target.NONE, Body.NONE, List.of(), action);
    }

    /** Whether it changes something. */
    boolean isChange() {
        return !HttpMethod.GET.equals(method);
    }
}
