package dev.tokencache.http;

import dev.tokencache.Failure;
import dev.tokencache.TokenCacheException;
import dev.tokencache.TokenKey;
import dev.tokencache.auth.Caller;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.StringJoiner;

/**
 * What every request goes through, in this order: method, token, body, parameters, rights, action. Whatever happens, the
 * request gets an answer.
 */
final class Pipeline {
    private static final Logger LOG = System.getLogger(Pipeline.class.getName());

    private static final String ACCEPT_PATCH = "Accept-Patch";

    private final Access access;
    private final AuditTrail trail;
    private final RequestBodies bodies;

    Pipeline(Access access, AuditTrail trail, RequestBodies bodies) {
        this.access = access;
        this.trail = trail;
        this.bodies = bodies;
    }

    /**
     * Serves a request whose path is that of these routes, one for each method.
     *
     * @param path the request's as the routes know it
     */
    void handle(List<Route> routes, HttpServerRequest request, String path) {
        HttpMethod method = HttpMethod.HEAD.equals(request.method()) ? HttpMethod.GET : request.method();
        if (HttpMethod.OPTIONS.equals(method)) {
            routes.stream().filter(Pipeline::isPatch).forEach(route -> acceptPatch(route, request));
            Replies.allowed(request, 204, allow(routes));
            return;
        }
        for (Route route : routes) {
            if (route.method().equals(method)) {
                serve(route, request, path);
                return;
            }
        }
        Replies.allowed(request, 405, allow(routes));
    }

    private static String allow(List<Route> routes) {
        StringJoiner methods = new StringJoiner(", ");
        for (Route route : routes) {
            methods.add(route.method().name());
            if (HttpMethod.GET.equals(route.method())) {
                methods.add("HEAD");
            }
        }
        return methods.add("OPTIONS").toString();
    }

    private static boolean isPatch(Route route) {
        return HttpMethod.PATCH.equals(route.method());
    }

    /** Says what a patch must be (RFC 5789 section 3.1). */
    private static void acceptPatch(Route route, HttpServerRequest request) {
        request.response().putHeader(ACCEPT_PATCH, route.body().mediaType());
    }

    private void serve(Route route, HttpServerRequest request, String path) {
        if (route.body() != Route.Body.NONE) {
            // Nothing of the body is read before the caller is known.
            request.pause();
        }
        RequestAudit audit = trail.begin(route, request, path, access);
        Future<Caller> caller = route.scope() == null ? Future.succeededFuture() : access.authenticate(request);
        caller.onSuccess(audit::knownAs)
                .compose(who ->
                        bodies.read(request, route.body()).compose(body -> act(route, who, request, path, body, audit)))
                .onComplete(done -> {
                    if (done.succeeded()) {
                        Replies.success(request, done.result());
                    } else {
                        Failure failure = Failure.of(done.cause());
                        audit.failed(failure);
                        if (failure == Failure.UNSUPPORTED_MEDIA_TYPE && isPatch(route)) {
                            acceptPatch(route, request);
                        }
                        fail(request, done.cause());
                    }
                });
    }

    private static Future<Reply> act(
            Route route, Caller caller, HttpServerRequest request, String path, Object body, RequestAudit audit) {
        Exchange exchange = new Exchange(route, caller, request, path, body, audit);
        audit.parsed(exchange);
        exchange.refuseOthers();
        String project =
                route.target() == Route.Target.PROJECT ? TokenKey.requireProject(exchange.required("project")) : null;
        if (route.scope() != null && !isAllowed(route, caller, project)) {
            throw Failure.FORBIDDEN.exception();
        }
        return audit.perform(() -> route.action().apply(exchange));
    }

    private static boolean isAllowed(Route route, Caller caller, String project) {
        return caller.may(route.scope())
                && switch (route.target()) {
                    case NONE -> true;
                    case PROJECT -> caller.mayProject(project);
                    case ALL -> caller.allProjects();
                };
    }

    static void fail(HttpServerRequest request, Throwable cause) {
        Failure failure = Failure.of(cause);
        if (!(cause instanceof TokenCacheException)) {
            // The class alone: a message may hold a path or a value.
            LOG.log(
                    Level.ERROR,
                    "request failed: {0} request={1}",
                    cause.getClass().getName(),
                    RequestId.of(request));
        }
        if (failure == Failure.REQUEST_TIMEOUT) {
            request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        Replies.failure(request, failure);
        if (!request.isEnded()) {
            // What is left of the body is read and dropped, so that the answer isn't lost to a reset.
            request.handler(rest -> {}).resume();
        }
    }
}
