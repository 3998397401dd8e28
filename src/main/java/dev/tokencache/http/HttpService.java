package dev.tokencache.http;

import dev.tokencache.Failure;
import dev.tokencache.TokenCache;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.tracing.TracingPolicy;
import io.vertx.ext.web.Router;
import java.util.concurrent.TimeUnit;

/** Everything an HTTP verticle does, between {@link #start} and {@link #stop}: one server on the current event loop. */
public final class HttpService {
    private static final int MAX_HEAD_BYTES = 8 << 10;
    private static final int MAX_LINE_BYTES = 4 << 10;
    private static final long SHUTDOWN_SECONDS = 5;
    private static final long CLUSTER_SECONDS = 1;

    private final Vertx vertx;
    private final HttpOptions options;
    private final ConnectionLimit connections;
    private final RestHandler rest;
    private final IdleTimeout idle;
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
        this.connections = connections;
        this.idle = new IdleTimeout(this.options.getIdleTimeout());
        this.rest = new RestHandler(vertx, this.options, cache, access, trail);
    }

    /** Listens; completes with the real port. Fails with a {@link java.net.BindException} when the port is taken. */
    public Future<Integer> start() {
        Router router = router();
        server = vertx.createHttpServer(serverOptions())
                .connectionHandler(this::connected)
                .invalidRequestHandler(this::refuseMalformed)
                .requestHandler(request -> {
                    if (rest.admits(request, request.path())) {
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
                .setHandle100ContinueAutomatically(true);
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

    private Router router() {
        Router router = Router.router(vertx);
        rest.addRoutes(router);
        router.errorHandler(400, context -> Replies.failure(context.request(), Failure.BAD_REQUEST));
        router.errorHandler(404, context -> Replies.failure(context.request(), Failure.NOT_FOUND));
        router.errorHandler(500, context -> Pipeline.fail(context.request(), context.failure()));
        return router;
    }

    private void connected(HttpConnection connection) {
        boolean counted = connections.isCountedByServer();
        if (counted && !connections.tryAcquire()) {
            connection.close();
            return;
        }
        idle.watch(connection);
        rest.awaitHead(connection);
        connection.closeHandler(closed -> {
            rest.forget(connection);
            if (counted) {
                connections.release();
            }
        });
    }

    private void refuseMalformed(HttpServerRequest request) {
        rest.addExtraHeaders(request);
        Throwable cause = request.decoderResult().cause();
        Failure failure = Failure.BAD_REQUEST;
        if (cause instanceof TooLongHttpLineException) {
            failure = Failure.URI_TOO_LONG;
        } else if (cause instanceof TooLongHttpHeaderException) {
            failure = Failure.HEADERS_TOO_LARGE;
        }
        rest.refuse(request, failure);
    }

    /** Ends the streams of events, stops accepting, lets what runs end for a few seconds, closes. */
    public Future<Void> stop() {
        if (server == null) {
            return Future.succeededFuture();
        }
        // The streams have ended with the call. In a cluster the rest waits for the other nodes, and nobody here for
        // that.
        Future<Void> ended = rest.close();
        return server.shutdown(SHUTDOWN_SECONDS, TimeUnit.SECONDS)
                .eventually(() -> ended.timeout(CLUSTER_SECONDS, TimeUnit.SECONDS));
    }
}
