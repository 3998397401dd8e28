package dev.tokencache.examples;

import dev.tokencache.ChangeFeed;
import dev.tokencache.Precondition;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenCacheOptions;
import dev.tokencache.TokenEvents;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import dev.tokencache.WriteResult;
import dev.tokencache.cluster.ClusterException;
import dev.tokencache.cluster.ClusterNode;
import dev.tokencache.cluster.ClusterOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * An application in a JVM of its own that reads and writes tokens through the cache nodes of a cluster. It joins with its own certificate and
 * the cluster's secret, and shows a JWT that says what it may; it is asked for one with each request, so a renewed one counts.
 */
public final class ClusterClient implements AutoCloseable {
    private final ClusterNode node;
    private final Vertx vertx;
    private final TokenCache cache;

    /**
     * Joins; blocks for some seconds.
     *
     * @param options where the cluster is and what it takes to join
     * @param token the JWT that is good now; must not block
     */
    public ClusterClient(ClusterOptions options, Supplier<String> token) throws ClusterException {
        node = ClusterNode.open(options);
        vertx = Vertx.builder()
                .with(new VertxOptions().setEventBusOptions(node.eventBusOptions()))
                .withClusterManager(node.clusterManager())
                .buildClustered()
                .await();
        cache = TokenCache.create(
                vertx, new TokenCacheOptions().setClustered(true).setToken(token));
    }

    /** The token, or null; from another cache node when the one that was asked before has gone. */
    public Future<TokenFile> get(String project, String filename) {
        return cache.get(project, filename);
    }

    /** Adds a token that isn't there yet; fails with {@code precondition_failed} when it is. */
    public Future<WriteResult> add(String project, String filename, JsonObject token) {
        return cache.put(new TokenKey(project, filename), token.encode(), Precondition.ABSENT);
    }

    /**
     * Follows a project. The first piece is a reset, and so is the first one after another node was gone over to: everything
     * is to be read anew then.
     *
     * @param consumer is given the next piece when what it returned has completed
     */
    public ChangeFeed follow(String project, Function<TokenEvents, Future<?>> consumer) {
        return cache.follow(project, null, consumer);
    }

    /** First the bus, then the membership. */
    @Override
    public void close() {
        vertx.close().await();
        node.close();
    }
}
