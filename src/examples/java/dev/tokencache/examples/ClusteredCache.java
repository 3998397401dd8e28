package dev.tokencache.examples;

import dev.tokencache.Operation;
import dev.tokencache.auth.AuthOptions;
import dev.tokencache.auth.JwtGate;
import dev.tokencache.auth.KeyOptions;
import dev.tokencache.cache.CacheOptions;
import dev.tokencache.cache.CacheVerticle;
import dev.tokencache.cluster.ClusterVerticle;
import dev.tokencache.content.EtagKey;
import dev.tokencache.file.FileSourceOptions;
import dev.tokencache.file.FileTokenSource;
import dev.tokencache.file.WatchOptions;
import dev.tokencache.file.WatcherVerticle;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.nio.file.Path;

/**
 * A cache of one directory inside an application that is a node of a cluster: it answers the other nodes too, if they show a
 * JWT. It knows nothing of the cluster manager: that of {@code ClusterNode} or the application's own.
 */
public final class ClusteredCache extends VerticleBase {
    private final String node;
    private final Path root;
    private final EtagKey etagKey;
    private final Path keyFile;
    private FileTokenSource source;
    private JwtGate gate;

    /**
     * A cache that isn't deployed.
     *
     * @param node what people call this node: letters, digits and hyphens
     * @param root the directory of the projects; it exists
     * @param etagKey the key of the entity tags; nodes of one root have the same
     * @param keyFile the HS256 key that the callers' JWTs are signed with
     */
    public ClusteredCache(String node, Path root, EtagKey etagKey, Path keyFile) {
        this.node = node;
        this.root = root;
        this.etagKey = etagKey;
        this.keyFile = keyFile;
    }

    @Override
    public Future<?> start() {
        source =
                new FileTokenSource(vertx, new FileSourceOptions().setRoot(root).setEtagKey(etagKey));
        WatchOptions watch = new WatchOptions().setForeignHints(true); // looks at what another node says has changed
        AuthOptions auth =
                new AuthOptions().addKey(new KeyOptions().setId("main").setSecretFile(keyFile));
        return vertx.deployVerticle(new CacheVerticle(new CacheOptions(), source))
                .compose(id -> vertx.deployVerticle(new WatcherVerticle(root, etagKey, watch)))
                .compose(id -> JwtGate.create(vertx, auth))
                .compose(created -> {
                    gate = created;
                    return vertx.deployVerticle(new ClusterVerticle(Operation.DEFAULT_BASE_ADDRESS, node, gate));
                })
                .onFailure(cause -> stop());
    }

    @Override
    public Future<?> stop() {
        Future<?> closed = gate == null ? Future.succeededFuture() : gate.close();
        return closed.eventually(source::close);
    }
}
