package dev.tokencache.http;

import dev.tokencache.CacheStatus;
import dev.tokencache.Failure;
import dev.tokencache.Telemetry;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import dev.tokencache.Tracing;
import dev.tokencache.auth.Caller;
import dev.tokencache.auth.Scope;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

/**
 * The short way of the most frequent request, a get with a token that was verified before. It answers what it is sure of and
 * leaves everything else, every refusal included, to the routes behind it.
 */
final class HotGet {
    private final TokenCache cache;
    private final Access access;
    private final AuditTrail trail;
    private final Telemetry telemetry;
    private final Tracing tracing;
    private final boolean traced;
    private final TurnClock clock = new TurnClock(System::nanoTime);

    /** The reply that shows a value, at a time of the monotonic clock. */
    private interface Rendering {
        Reply reply(TokenFile file, long nowNanos);
    }

    HotGet(TokenCache cache, Access access, AuditTrail trail, Telemetry telemetry, Tracing tracing) {
        this.cache = cache;
        this.access = access;
        this.trail = trail;
        this.telemetry = telemetry;
        this.tracing = tracing;
        this.traced = tracing.isOn();
    }

    /**
     * Serves the request if it is a plain get of a caller known to be allowed; false, and nothing done, otherwise.
     *
     * @param path the request's as the routes know it, or null for none of them
     */
    boolean serve(HttpServerRequest request, String path) {
        if (!HttpMethod.GET.equals(request.method())) {
            return false;
        }
        if (ManagementRoutes.GET_PATH.equals(path)) {
            return serveQuery(request);
        }
        return path != null
                && path.startsWith(TokenRoutes.BASE)
                && request.query() == null
                && servePath(request, path, TokenRoutes.BASE.length());
    }

    private boolean serveQuery(HttpServerRequest request) {
        Caller caller = reader(request);
        if (caller == null) {
            return false;
        }
        QueryParameters query;
        try {
            query = QueryParameters.parse(request.query());
        } catch (RuntimeException e) {
            return false;
        }
        String project = query.get("project");
        String filename = query.get("filename");
        if (project == null || filename == null || query.size() != 2 || !caller.mayProject(project)) {
            return false;
        }
        // The names are not checked here: one that breaks the rules is never in memory, and is refused on the miss. A
        // slash would make another key of two names; an empty name is a missing parameter, which is another refusal.
        if (project.indexOf('/') >= 0 || filename.indexOf('/') >= 0 || project.isEmpty() || filename.isEmpty()) {
            return false;
        }
        serve(request, caller, project, filename, ManagementRoutes.GET_PATH, ManagementRoutes::reply);
        return true;
    }

    /** Only names as they are: one with an escape, or that breaks the rules, may be another path to the router. */
    private boolean servePath(HttpServerRequest request, String path, int start) {
        int slash = path.indexOf('/', start);
        if (slash < 0 || request.headers().contains(HttpHeaders.IF_MATCH)) {
            return false;
        }
        Caller caller = reader(request);
        String project = path.substring(start, slash);
        String filename = path.substring(slash + 1);
        if (caller == null
                || !TokenKey.isProject(project)
                || !TokenKey.isFilename(filename)
                || !caller.mayProject(project)) {
            return false;
        }
        serve(request, caller, project, filename, TokenRoutes.TEMPLATE, TokenRoutes::reply);
        return true;
    }

    /** Who sent it, if that one is known and may read, and nothing more than a count is wanted of it; null otherwise. */
    private Caller reader(HttpServerRequest request) {
        Caller caller = access.remembered(request);
        return caller == null || !caller.may(Scope.TOKENS_READ) || trail.readsNeedMore() ? null : caller;
    }

    private void serve(
            HttpServerRequest request,
            Caller caller,
            String project,
            String filename,
            String route,
            Rendering rendering) {
        long start = clock.asked();
        if (traced) {
            tracing.routed(route, RequestId.of(request));
        }
        cache.get(project, filename).onComplete(done -> {
            boolean hit = done.result() != null && done.result().status() == CacheStatus.HIT;
            long end = hit ? clock.answered() : System.nanoTime();
            if (done.failed()) {
                Pipeline.fail(request, done.cause());
            } else if (done.result() == null) {
                Replies.failure(request, Failure.NOT_FOUND);
            } else {
                trail.countRead(caller, request, access, done.result());
                Replies.success(request, rendering.reply(done.result(), end));
            }
            telemetry.answered(route, "GET", request.response().getStatusCode(), end - start);
        });
    }
}
