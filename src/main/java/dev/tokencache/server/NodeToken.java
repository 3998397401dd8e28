package dev.tokencache.server;

import dev.tokencache.auth.JwtIssuer;
import dev.tokencache.auth.Scope;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The bearer token that this node shows the others, kept good: read from a file again and again, or minted anew each second: keys
 * change while nodes run, here or there, and older tokens are refused from some moment on. Reading and minting happen on workers; the token is there for any thread.
 */
final class NodeToken implements Supplier<String> {
    private static final Logger LOG = System.getLogger(NodeToken.class.getName());
    private static final Duration LIFE = Duration.ofMinutes(5);
    private static final long RENEW_MILLIS = 1_000;
    private static final int MAX_CHARACTERS = 6 << 10;

    /** What a front node does for its callers, whose own rights it has looked at. */
    private static final Set<Scope> SCOPES = EnumSet.complementOf(EnumSet.of(Scope.METRICS_READ));

    private final Vertx vertx;
    private final ServerConfig.Cluster cluster;
    private volatile ServerConfig config;
    private volatile String token;
    private boolean failing;
    private volatile boolean stopped;

    NodeToken(Vertx vertx, ServerConfig config) {
        this.vertx = vertx;
        this.config = config;
        this.cluster = config.cluster().orElseThrow();
    }

    /** Signs with what is in force now. Where a file is read from needs a restart. */
    void follow(ServerConfig inForce) {
        config = inForce;
    }

    /** Completes with the first token, or fails with {@link StartException}. */
    Future<Void> start() {
        return vertx.executeBlocking(this::fresh, false)
                .onSuccess(first -> {
                    token = first;
                    renewLater();
                })
                .mapEmpty();
    }

    private void renewLater() {
        vertx.setTimer(RENEW_MILLIS, id -> {
            if (!stopped) {
                vertx.executeBlocking(this::fresh, false).onComplete(renewed -> {
                    note(renewed.cause());
                    if (renewed.succeeded()) {
                        token = renewed.result();
                    }
                    renewLater();
                });
            }
        });
    }

    private void note(Throwable failure) {
        if (failure != null && !failing) {
            LOG.log(Level.WARNING, "cluster.token.lacking kept=old reason={0}", failure.getMessage());
        }
        failing = failure != null;
    }

    private String fresh() throws StartException {
        if (cluster.tokenFile().isPresent()) {
            try {
                String text = Files.readString(cluster.tokenFile().get(), StandardCharsets.US_ASCII)
                        .strip();
                if (!text.isEmpty() && text.length() <= MAX_CHARACTERS && text.indexOf('\n') < 0) {
                    return text;
                }
            } catch (IOException e) {
                throw new StartException("cluster.tokenFile: absent, or can't be read as a token");
            }
            throw new StartException("cluster.tokenFile: holds no token");
        }
        ServerConfig now = config;
        Duration most = now.auth().maxLifetime();
        return Signer.find(now, environment())
                .issue(
                        "node:" + cluster.node(),
                        SCOPES,
                        List.of(JwtIssuer.ALL_PROJECTS),
                        most.compareTo(LIFE) < 0 ? most : LIFE,
                        Clock.systemUTC());
    }

    private static Map<String, String> environment() {
        return System.getenv();
    }

    @Override
    public String get() {
        return token;
    }

    Future<Void> stop() {
        stopped = true;
        return Future.succeededFuture();
    }
}
