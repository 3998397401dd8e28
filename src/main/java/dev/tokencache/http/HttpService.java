package dev.tokencache.http;

import dev.tokencache.Failure;
import dev.tokencache.TokenCache;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.tracing.TracingPolicy;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Everything an HTTP verticle does, between {@link #start} and {@link #stop}: one server on the current event loop. */
public final class HttpService {
    private static final int MAX_HEAD_BYTES = 8 << 10;
    private static final int MAX_LINE_BYTES = 4 << 10;
    private static final long SHUTDOWN_SECONDS = 5;

    private final Vertx vertx;
    private final HttpOptions options;
    private final TokenCache cache;
    private final Access access;
    private final AuditTrail trail;
    private final ConnectionLimit connections;
    private final ExtraHeaders extraHeaders;
    private final Deadlines deadlines;
    private final EventHub events;
    private final Answers answers;
    private HttpServer server;

    /**
     * A service that isn't started.
     *
     * @param access who may, shared by all instances
     * @param trail what is logged of requests, shared by all instances
     * @param connections the process's one count, shared by all instances
     */
    public HttpService(
            Vertx vertx,
            HttpOptions options,
            TokenCache cache,
            Access access,
            AuditTrail trail,
            ConnectionLimit connections) {
        this.vertx = vertx;
        this.options = new HttpOptions(options);
        this.cache = cache;
        this.access = access;
        this.trail = trail;
        this.connections = connections;
        this.extraHeaders = ExtraHeaders.of(options);
        this.deadlines = new Deadlines(vertx, options.getHeaderTimeout(), options.getRequestTimeout());
        this.events = new EventHub(vertx, cache, options);
        this.answers = new Answers(options.getTelemetry(), options.getTracing());
    }

    /** Listens; completes with the real port. Fails with a {@link java.net.BindException} when the port is taken. */
    public Future<Integer> start() {
        Pipeline pipeline = new Pipeline(
                access,
                trail,
                new RequestBodies(
                        vertx, options.getMaxBody(), options.getRequestTimeout().toMillis()));
        Router router = router(pipeline);
        HotGet hotGet = new HotGet(cache, access, trail, options.getTelemetry(), options.getTracing());
        server = vertx.createHttpServer(serverOptions())
                .connectionHandler(this::connected)
                .invalidRequestHandler(this::refuseMalformed)
                .requestHandler(request -> {
                    deadlines.awaitBody(request);
                    addExtraHeaders(request);
                    if (request.version() == null || hasUnknownLength(request)) {
                        refuse(request, Failure.BAD_REQUEST);
                    } else if (!hotGet.serve(request)) {
                        RequestId.of(request);
                        router.handle(request);
                    }
                });
        return server.listen().map(HttpServer::actualPort);
    }

    /** HTTP/1.1 only: with h2c connections could be neither capped nor timed out before a whole request has arrived. */
    private HttpServerOptions serverOptions() {
        HttpServerOptions http = new HttpServerOptions()
                .setHost(options.getHost())
                .setPort(options.getPort())
                .setTracingPolicy(TracingPolicy.ALWAYS) // only of a Vert.x that makes spans at all
                .setHttp2ClearTextEnabled(false)
                // No route is a web socket, and each of these puts a handler into every request's way.
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setMaxHeaderSize(MAX_HEAD_BYTES)
                .setMaxInitialLineLength(MAX_LINE_BYTES)
                .setHandle100ContinueAutomatically(true)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout((int) options.getIdleTimeout().toMillis());
        return options.getTls() == null ? http : withTls(http, options.getTls().sslOptions());
    }

    private HttpServerOptions withTls(HttpServerOptions http, ServerSSLOptions tls) {
        tls.getEnabledCipherSuites().forEach(http::addEnabledCipherSuite);
        return http.setSsl(true)
                .setUseAlpn(false) // or h2 would be spoken
                .setKeyCertOptions(tls.getKeyCertOptions())
                .setTrustOptions(tls.getTrustOptions())
                .setClientAuth(tls.getClientAuth())
                .setEnabledSecureTransportProtocols(tls.getEnabledSecureTransportProtocols())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setSslHandshakeTimeout(options.getHeaderTimeout().toMillis());
    }

    /**
     * Serves new connections with what the files for TLS hold now, on all instances that share the port; open connections
     * keep theirs. Fails, and all stays as it is, when Vert.x can't use it.
     */
    public Future<Void> updateTls() {
        ServerSSLOptions tls = options.getTls()
                .sslOptions()
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setSslHandshakeTimeout(options.getHeaderTimeout().toMillis());
        return server.updateSSLOptions(tls).mapEmpty();
    }

    private void addExtraHeaders(HttpServerRequest request) {
        if (extraHeaders != null) {
            extraHeaders.add(request);
        }
    }

    private Router router(Pipeline pipeline) {
        Router router = Router.router(vertx);
        router.route().handler(this::refuseOtherSpellings);
        Map<PathTemplate, List<Route>> byPath = new LinkedHashMap<>();
        routes().forEach(route ->
                byPath.computeIfAbsent(route.path(), path -> new ArrayList<>()).add(route));
        byPath.forEach((path, routes) -> router.route(path.routerPath()).handler(context -> {
            answers.on(context, path);
            pipeline.handle(routes, context.request());
        }));
        router.errorHandler(400, context -> Replies.failure(context.request(), Failure.BAD_REQUEST));
        router.errorHandler(404, context -> Replies.failure(context.request(), Failure.NOT_FOUND));
        router.errorHandler(500, context -> Pipeline.fail(context.request(), context.failure()));
        return router;
    }

    /** The whole table: what the contract and the README speak of. */
    List<Route> routes() {
        List<Route> all = new ArrayList<>(new ManagementRoutes(cache).routes());
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
        String path = context.request().path();
        boolean plain = path != null && path.equals(normalized(context));
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

    private void connected(HttpConnection connection) {
        boolean counted = connections.isCountedByServer();
        if (counted && !connections.tryAcquire()) {
            connection.close();
            return;
        }
        if (options.getTls() != null) {
            Silence.afterDecoder(connection, options.getIdleTimeout());
        }
        deadlines.awaitHead(connection);
        connection.closeHandler(closed -> {
            deadlines.lift(connection);
            if (counted) {
                connections.release();
            }
        });
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

    private void refuseMalformed(HttpServerRequest request) {
        addExtraHeaders(request);
        Throwable cause = request.decoderResult().cause();
        Failure failure = Failure.BAD_REQUEST;
        if (cause instanceof TooLongHttpLineException) {
            failure = Failure.URI_TOO_LONG;
        } else if (cause instanceof TooLongHttpHeaderException) {
            failure = Failure.HEADERS_TOO_LARGE;
        }
        refuse(request, failure);
    }

    private void refuse(HttpServerRequest request, Failure failure) {
        request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        Replies.failure(request, failure);
        answers.refused(request);
        request.connection().close();
    }

    /** Ends the streams of events, stops accepting, lets what runs end for a few seconds, closes. */
    public Future<Void> stop() {
        return server == null
                ? Future.succeededFuture()
                : events.close().transform(ended -> server.shutdown(SHUTDOWN_SECONDS, TimeUnit.SECONDS));
    }
}
