package dev.tokencache.cluster;

import dev.tokencache.auth.JwtGate;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/**
 * Opens the cache of this process, which answers at its base address for this process alone, to the other nodes of a clustered
 * Vert.x: requests with a good bearer token, and news of changes in both directions. Deploy it on an event loop, after the
 * cache; one for a cache.
 */
public final class ClusterVerticle extends VerticleBase {
    private static final long STOP_SECONDS = 2;

    private final String baseAddress;
    private final String node;
    private volatile JwtGate gate;
    private volatile ExposedOperations operations;
    private volatile ChangeHints hints;

    /**
     * Not deployed yet.
     *
     * @param baseAddress the cache's
     * @param name what people call this node: letters, digits and hyphens; a random part makes its address unique
     * @param gate says who sent a message; its owner's to close
     */
    public ClusterVerticle(String baseAddress, String name, JwtGate gate) {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9-]{0,63}")) {
            throw new IllegalArgumentException("a node's name has letters, digits and hyphens");
        }
        byte[] random = new byte[4];
        new SecureRandom().nextBytes(random);
        this.baseAddress = baseAddress;
        this.node = name + '-' + HexFormat.of().formatHex(random);
        this.gate = gate;
    }

    @Override
    public Future<?> start() {
        hints = new ChangeHints(vertx, baseAddress, node);
        operations = new ExposedOperations(vertx, baseAddress, node, () -> gate);
        // Whoever finds this node is told of its changes.
        return hints.start().compose(started -> operations.start());
    }

    @Override
    public Future<?> stop() {
        // Here all are gone with the call. The other nodes are asked to forget them: those that hang at the moment find
        // out later.
        return Future.join(operations.stop(), hints.stop())
                .timeout(STOP_SECONDS, TimeUnit.SECONDS)
                .otherwiseEmpty();
    }

    /** From now on another gate says who sent a message. The old one is its owner's to close. For any thread. */
    public void replace(JwtGate other) {
        gate = other;
    }

    /** The part of this node's own addresses that is its alone; another one at each deployment. */
    public String node() {
        return node;
    }

    /**
     * Numbers since the start, all from this node's point of view: {@code {node, requests, refused, hintsSent, hintsHeard}}. Any
     * thread.
     */
    public JsonObject figures() {
        return new JsonObject()
                .put("node", node)
                .put("requests", operations == null ? 0 : operations.requests())
                .put("refused", operations == null ? 0 : operations.refused())
                .put("hintsSent", hints == null ? 0 : hints.sent())
                .put("hintsHeard", hints == null ? 0 : hints.heard());
    }
}
