package dev.tokencache.examples;

import dev.tokencache.TokenCache;
import dev.tokencache.auth.AuthOptions;
import dev.tokencache.auth.FailedLogins;
import dev.tokencache.auth.JwtGate;
import dev.tokencache.auth.KeyOptions;
import dev.tokencache.http.Access;
import dev.tokencache.http.AuditTrail;
import dev.tokencache.http.HttpOptions;
import dev.tokencache.http.HttpRoutes;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server of the application's own, with routes of its own, that has the cache's whole REST interface below {@code /tokens/}.
 * A cache is deployed beside it, such as {@link EmbeddedCache}.
 */
public final class OwnServer extends VerticleBase {
    private static final Duration IDLE = Duration.ofSeconds(60);
    private static final long KEY_REFRESH_MILLIS = 1_000;
    private static final long SHUTDOWN_SECONDS = 5;

    private final int port;
    private final Path keyFile;
    private JwtGate gate;
    private HttpRoutes tokens;
    private HttpServer server;
    private Future<?> keysRead = Future.succeededFuture();

    /**
     * A server that isn't deployed.
     *
     * @param port where it listens on loopback; 0 for a free port
     * @param keyFile the HS256 key that callers' tokens are signed with: base64url text of at least 32 bytes
     */
    public OwnServer(int port, Path keyFile) {
        this.port = port;
        this.keyFile = keyFile;
    }

    @Override
    public Future<?> start() {
        AuthOptions auth =
                new AuthOptions().addKey(new KeyOptions().setId("main").setSecretFile(keyFile));
        return JwtGate.create(vertx, auth).compose(created -> serve(created).onFailure(cause -> created.close()));
    }

    private Future<HttpServer> serve(JwtGate created) {
        gate = created;
        vertx.setPeriodic(KEY_REFRESH_MILLIS, id -> readKeys());
        FailedLogins failedLogins = new FailedLogins(AuthOptions.DEFAULT_MAX_FAILURES_PER_MINUTE);
        Access access = new Access(gate, failedLogins, List.of());
        HttpOptions http = new HttpOptions().setIdleTimeout(IDLE);
        tokens = new HttpRoutes(vertx, http, TokenCache.create(vertx), access, AuditTrail.NONE);

        Router router = Router.router(vertx);
        router.route("/tokens/*").subRouter(tokens.router()); // before what reads bodies
        router.route().handler(BodyHandler.create());
        router.post("/echo").handler(context -> context.end(context.body().buffer()));

        HttpServerOptions options = new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setIdleTimeout((int) IDLE.toSeconds())
                .setHandle100ContinueAutomatically(true);
        server = vertx.createHttpServer(options).requestHandler(router);
        return server.listen();
    }

    /** Takes over a key file that was exchanged. It blocks, so a worker does it; and one at a time. */
    private void readKeys() {
        if (keysRead.isComplete()) {
            keysRead = vertx.executeBlocking(gate::refresh, false);
        }
    }

    /** The port it listens on, once it is deployed. */
    public int port() {
        return server.actualPort();
    }

    /** Streams of events first: a shutdown would wait for them. */
    @Override
    public Future<?> stop() {
        return tokens.close()
                .eventually(() -> server.shutdown(SHUTDOWN_SECONDS, TimeUnit.SECONDS))
                .eventually(gate::close);
    }
}
