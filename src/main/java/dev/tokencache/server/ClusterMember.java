package dev.tokencache.server;

import dev.tokencache.Operation;
import dev.tokencache.cluster.ClusterException;
import dev.tokencache.cluster.ClusterNode;
import dev.tokencache.cluster.ClusterVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.stream.Stream;

/**
 * This process as a node of a cluster. All that names classes of the cluster is here, so that a server on its own loads none.
 */
final class ClusterMember implements AutoCloseable {
    private static final Logger LOG = System.getLogger(ClusterMember.class.getName());

    /** They tell at length of what is one line of ours. Levels are held weakly with their loggers. */
    private static final List<java.util.logging.Logger> LIBRARIES = Stream.of(
                    "org.infinispan", "org.jgroups", "org.jboss")
            .map(java.util.logging.Logger::getLogger)
            .toList();

    private final ClusterNode node;
    private volatile ClusterVerticle exposed;

    private ClusterMember(ClusterNode node) {
        this.node = node;
    }

    /** Joins; blocking, for seconds. Throws {@link StartException} with one line for the operator. */
    static ClusterMember join(ServerConfig.Cluster cluster) throws StartException {
        LIBRARIES.forEach(library -> library.setLevel(java.util.logging.Level.WARNING));
        if (cluster.insecure()) {
            LOG.log(
                    Level.WARNING,
                    "cluster.insecure on loopback: any program of this machine can join and read tokens");
        }
        try {
            ClusterMember member = new ClusterMember(ClusterNode.open(ClusterMapping.options(cluster)));
            LOG.log(
                    Level.INFO,
                    "cluster.joined node={0} port={1,number,#} members={2}",
                    cluster.node(),
                    member.node.address().getPort(),
                    member.node.members());
            return member;
        } catch (ClusterException e) {
            LOG.log(Level.DEBUG, "joining failed", e);
            throw new StartException(e.getMessage());
        }
    }

    /** Whether the options could be joined with, without doing so. */
    static void verify(ServerConfig.Cluster cluster) throws StartException {
        try {
            ClusterNode.verify(ClusterMapping.options(cluster));
        } catch (ClusterException e) {
            throw new StartException(e.getMessage());
        }
    }

    Future<Vertx> build(VertxBuilder builder, VertxOptions options) {
        return builder.with(options.setEventBusOptions(node.eventBusOptions()))
                .withClusterManager(node.clusterManager())
                .buildClustered();
    }

    /** Lets other nodes ask the cache, judged by the gate that is in force; completes with the deployment. */
    Future<String> expose(Vertx vertx, GateKeeper keeper) {
        ClusterVerticle verticle = new ClusterVerticle(Operation.DEFAULT_BASE_ADDRESS, node.name(), keeper.gate());
        keeper.tell((gate, config) -> verticle.replace(gate));
        exposed = verticle;
        return vertx.deployVerticle(verticle);
    }

    /** What statistics say of it: {@code {name, members}} and, of a node that answers others, what it counted. Any thread. */
    JsonObject figures() {
        JsonObject figures = new JsonObject().put("name", node.name()).put("members", node.members());
        return exposed == null ? figures : figures.mergeIn(exposed.figures());
    }

    /** A number of {@link #figures}; 0 while there is none. */
    long figure(String name) {
        return figures().getValue(name) instanceof Number number ? number.longValue() : 0;
    }

    /** Leaves, after the Vert.x was closed; blocking. */
    @Override
    public void close() {
        node.close();
    }
}
