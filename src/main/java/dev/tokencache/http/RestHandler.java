package dev.tokencache.http;

import dev.tokencache.Failure;
import dev.tokencache.TokenCache;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What becomes of a request whose head has arrived, on whatever server: first {@link #admits}, then the routes. For one event
 * loop.
 */
final class RestHandler {
    private final Vertx vertx;
    private final HttpOptions options;
    private final TokenCache cache;
    private final Access access;
    private final ExtraHeaders extraHeaders;
    private final Deadlines deadlines;
    private final EventHub events;
    private final Answers answers;
    private final Pipeline pipeline;
    private final HotGet hotGet;

    /** @param options not copied */
    RestHandler(Vertx vertx, HttpOptions options, TokenCache cache, Access access, AuditTrail trail) {
        this.vertx = vertx;
        this.options = options;
        this.cache = cache;
        this.access = access;
        extraHeaders = ExtraHeaders.of(options);
        deadlines = new Deadlines(vertx, options.getHeaderTimeout(), options.getRequestTimeout());
        events = new EventHub(vertx, cache, options);
        answers = new Answers(options.getTelemetry(), options.getTracing());
        pipeline = new Pipeline(
                access,
                trail,
                new RequestBodies(
                        vertx, options.getMaxBody(), options.getRequestTimeout().toMillis()));
        hotGet = new HotGet(cache, access, trail, options.getTelemetry(), options.getTracing());
    }

    /**
     * Does what comes before the routes.
     *
     * @param path the request's as the routes know it, or null for none of them
     * @return false when the request has got its answer
     */
    boolean admits(HttpServerRequest request, String path) {
        deadlines.awaitBody(request);
        addExtraHeaders(request);
        if (request.version() == null || hasUnknownLength(request)) {
            refuse(request, Failure.BAD_REQUEST);
            return false;
        }
        if (hotGet.serve(request, path)) {
            return false;
        }
        RequestId.of(request);
        return true;
    }

    /**
     * The decoder takes a body in another encoding for none, and what is in it for the next request. HTTP/1.0 has no such
     * encoding: a proxy that speaks it may see the end of the request elsewhere (RFC 9112, 6.1).
     */
    private static boolean hasUnknownLength(HttpServerRequest request) {
        String encoding = request.getHeader(HttpHeaders.TRANSFER_ENCODING);
        return encoding != null
                && (request.version() == HttpVersion.HTTP_1_0
                        || !encoding.equalsIgnoreCase("chunked")
                        || request.headers()
                                        .getAll(HttpHeaders.TRANSFER_ENCODING)
                                        .size()
                                > 1);
    }

    void addExtraHeaders(HttpServerRequest request) {
        if (extraHeaders != null) {
            extraHeaders.add(request);
        }
    }

    /** Ends a request that is none, and its connection. */
    void refuse(HttpServerRequest request, Failure failure) {
        request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        Replies.failure(request, failure);
        answers.refused(request);
        request.connection().close();
    }

    /** A connection was opened: the head of its first request has a time. */
    void awaitHead(HttpConnection connection) {
        deadlines.awaitHead(connection);
    }

    /** A connection was closed: nothing is awaited of it. */
    void forget(HttpConnection connection) {
        deadlines.lift(connection);
    }

    /** Adds all routes to a router that is for nothing else. */
    void addRoutes(Router router) {
        router.route().handler(this::refuseOtherSpellings);
        Map<PathTemplate, List<Route>> byPath = new LinkedHashMap<>();
        routes().forEach(route ->
                byPath.computeIfAbsent(route.path(), path -> new ArrayList<>()).add(route));
        byPath.forEach((path, routes) -> router.route(path.routerPath()).handler(context -> {
            answers.on(context, path);
            pipeline.handle(routes, context.request(), path(context));
        }));
    }

    /** The whole table: what the contract and the README speak of. */
    List<Route> routes() {
        List<Route> all = new ArrayList<>(new ManagementRoutes(cache, options.getCluster()).routes());
        all.addAll(new PageRoutes(cache).routes());
        all.addAll(new TokenRoutes(cache).routes());
        all.addAll(new BatchRoutes(cache, access, deadlines, options.getMaxBody()).routes());
        all.addAll(new EventRoutes(events, access).routes());
        all.addAll(new MetricsRoutes(options.getMetrics()).routes());
        all.addAll(new PublicRoutes(cache, options).routes());
        all.addAll(new AdminPage(vertx).routes());
        return all;
    }

    /** The router would serve dot segments, double slashes and escaped letters under the name they normalise to. */
    private void refuseOtherSpellings(RoutingContext context) {
        answers.await(context);
        String path = path(context);
        boolean plain = path != null && context.request().path().equals(normalized(context));
        if (plain && (path.length() == 1 || !path.endsWith("/"))) {
            context.next();
        } else {
            Replies.failure(context.request(), Failure.NOT_FOUND);
        }
    }

    /** Null when the path holds half an escape: the router throws then. */
    private static String normalized(RoutingContext context) {
        try {
            return context.normalizedPath();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** The path of a request as the routes know it: behind the place where their router is mounted. Null when it isn't there. */
    static String path(RoutingContext context) {
        String path = context.request().path();
        String mount = context.mountPoint();
        if (mount == null || path == null) {
            return path;
        }
        int length = mount.endsWith("/") ? mount.length() - 1 : mount.length();
        return path.length() > length && path.startsWith(mount) ? path.substring(length) : null;
    }

    /** Ends the streams of events, and each that still comes. */
    Future<Void> close() {
        return events.close();
    }
}
