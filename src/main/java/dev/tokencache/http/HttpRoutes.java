package dev.tokencache.http;

import dev.tokencache.Failure;
import dev.tokencache.TokenCache;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * The REST interface below a path of an application's own router: the routes of {@link HttpVerticle} with the same rights,
 * checks and replies, on a server that is the application's.
 *
 * <p>Of the options count those of a request and its reply: {@code requestTimeout}, {@code maxBody}, {@code corsOrigins}, what
 * streams of events need, and what the routes tell of. What a server does is the application's to set on its own: address,
 * TLS and HSTS, how many connections there may be, how long a head may take and a connection be silent; {@code idleTimeout}
 * says here only what that server's is, so that streams of events show before it that they live. The server answers
 * {@code Expect: 100-continue} by itself. Requests over HTTP/2 are told to come over HTTP/1.1 (RFC 9113, HTTP_1_1_REQUIRED).
 *
 * <p>For the event loop it was made on: each instance of an application's verticle makes its own, and gives all the same
 * {@link Access} and {@link AuditTrail}.
 */
public final class HttpRoutes {
    private static final long HTTP_1_1_REQUIRED = 0xd;

    private final RestHandler rest;
    private final Router router;
    private final Thread loop;

    /**
     * Routes that are not mounted.
     *
     * @param options copied
     * @param cache which cache is asked, and whether reads may go past it
     * @param access the process's one
     * @param trail the process's one, or {@link AuditTrail#NONE}
     * @throws IllegalStateException when this isn't an event loop
     */
    public HttpRoutes(Vertx vertx, HttpOptions options, TokenCache cache, Access access, AuditTrail trail) {
        if (!Context.isOnEventLoopThread()) {
            throw new IllegalStateException("routes are made on the event loop that serves them");
        }
        loop = Thread.currentThread();
        rest = new RestHandler(vertx, new HttpOptions(options), cache, access, trail);
        router = Router.router(vertx);
        router.route().handler(this::enter).failureHandler(HttpRoutes::failed);
        rest.addRoutes(router);
        router.route().handler(context -> Replies.failure(context.request(), Failure.NOT_FOUND));
    }

    /**
     * The router to be mounted, once, at a path without parameters: {@code router.route("/tokens/*").subRouter(...)}. Every
     * path below it is answered here. What stands before it must not read the body.
     */
    public Router router() {
        return router;
    }

    private void enter(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (Thread.currentThread() != loop) {
            Pipeline.fail(request, new IllegalStateException("served on another event loop"));
        } else if (request.version() == HttpVersion.HTTP_2) {
            request.response().reset(HTTP_1_1_REQUIRED);
        } else if (rest.admits(request, RestHandler.path(context))) {
            context.next();
        }
    }

    private static void failed(RoutingContext context) {
        if (context.failure() == null && context.statusCode() != Failure.INTERNAL_ERROR.code()) {
            Replies.failure(context.request(), Failure.BAD_REQUEST);
        } else {
            Pipeline.fail(context.request(), context.failure());
        }
    }

    /**
     * Ends the streams of events, and each that still comes, so that a server's shutdown does not wait for them. Other requests
     * are served on. On the event loop of the routes; an application's verticle does it in {@code stop}.
     */
    public Future<Void> close() {
        return rest.close();
    }
}
