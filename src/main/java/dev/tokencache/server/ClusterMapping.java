package dev.tokencache.server;

import dev.tokencache.cluster.ClusterOptions;

/** Says in the words of the cluster what the configuration says. */
final class ClusterMapping {
    private ClusterMapping() {}

    static ClusterOptions options(ServerConfig.Cluster cluster) {
        return new ClusterOptions()
                .setName(cluster.name())
                .setNode(cluster.node())
                .setHost(cluster.host())
                .setPort(cluster.port())
                .setHosts(cluster.hosts())
                .setSecretFile(cluster.secretFile().orElse(null))
                .setTls(
                        cluster.cert().orElse(null),
                        cluster.key().orElse(null),
                        cluster.ca().orElse(null))
                .setInsecure(cluster.insecure());
    }
}
