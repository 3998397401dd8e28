package dev.tokencache.server;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/** The rows of the section {@code cluster} in the table of {@link Settings}. */
final class ClusterSettings {
    static final Setting<Boolean> ENABLED = Settings.add(
            "cluster.enabled", ValueTypes.bool(), "false", "be a node of a cluster: the event bus reaches the others");
    static final Setting<Boolean> EXPOSE = Settings.add(
            "cluster.expose",
            ValueTypes.bool(),
            "false",
            "answer other nodes that send a bearer token, and exchange news of changes with cache nodes");
    static final Setting<String> NAME = Settings.add(
            "cluster.name",
            ValueTypes.text("a name in one line"),
            "token-cache",
            "name of the cluster, the same on all nodes");
    static final Setting<String> NODE = Settings.add(
            "cluster.node", ClusterTypes.nodeName(), "node", "what this node is called in logs and statistics");
    static final Setting<String> HOST =
            Settings.add("cluster.host", ValueTypes.host(), "127.0.0.1", "own address that the other nodes reach");
    static final Setting<Integer> PORT = Settings.add(
            "cluster.port",
            ValueTypes.integer(0, 65_000),
            "7800",
            "port of the membership; failures are detected on port + 100, the event bus takes a free one");
    static final Setting<List<InetSocketAddress>> HOSTS = Settings.add(
            "cluster.hosts",
            ClusterTypes.hosts(),
            "[]",
            "other nodes to join, as 10.0.0.1:7800; empty on the first one");
    static final Setting<Path> TOKEN_FILE = Settings.add(
            "cluster.tokenFile",
            ValueType.nullable(ValueTypes.path("file")),
            "null",
            "a JWT that a node without a cache shows the others; null: minted with the first key under auth that has a secret");
    static final Setting<Path> SECRET_FILE = Settings.add(
            "cluster.secretFile",
            ValueType.nullable(ValueTypes.path("file")),
            "null",
            "a secret that all nodes share, base64url of at least 32 bytes: who lacks it can't join");
    static final Setting<Path> TLS_CERT = Settings.add(
            "cluster.tls.cert",
            ValueType.nullable(ValueTypes.path("file")),
            "null",
            "certificate of this node, PEM, for membership and event bus");
    static final Setting<Path> TLS_KEY = Settings.add(
            "cluster.tls.key",
            ValueType.nullable(ValueTypes.path("file")),
            "null",
            "private key of the certificate, RSA or EC in PKCS#8, PEM, not encrypted, mode 0600");
    static final Setting<Path> TLS_CA = Settings.add(
            "cluster.tls.ca",
            ValueType.nullable(ValueTypes.path("file")),
            "null",
            "CA of all nodes, PEM, private to the cluster: names are not compared with hosts");
    static final Setting<Boolean> INSECURE = Settings.add(
            "cluster.insecure",
            ValueTypes.bool(),
            "false",
            "do without TLS and secret; refused unless all hosts are loopback");

    private ClusterSettings() {}

    /** Has the rows added. */
    static void load() {}
}
