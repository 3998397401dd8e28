package dev.tokencache.cluster;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/** How a process joins a cluster. Without TLS and a secret only on loopback, and only if {@link #setInsecure} says so. */
public final class ClusterOptions {
    public static final String DEFAULT_NAME = "token-cache";
    public static final String DEFAULT_NODE = "node";
    public static final String DEFAULT_HOST = "127.0.0.1";
    public static final int DEFAULT_PORT = 7800;

    private String name = DEFAULT_NAME;
    private String node = DEFAULT_NODE;
    private String host = DEFAULT_HOST;
    private int port = DEFAULT_PORT;
    private List<InetSocketAddress> hosts = List.of();
    private Path cert;
    private Path key;
    private Path ca;
    private Path secretFile;
    private boolean insecure;

    public ClusterOptions() {}

    /** A copy that shares nothing with the original. */
    public ClusterOptions(ClusterOptions other) {
        name = other.name;
        node = other.node;
        host = other.host;
        port = other.port;
        hosts = other.hosts;
        cert = other.cert;
        key = other.key;
        ca = other.ca;
        secretFile = other.secretFile;
        insecure = other.insecure;
    }

    public String getName() {
        return name;
    }

    /** The cluster's name: nodes of another one are not talked to; not null. */
    public ClusterOptions setName(String name) {
        this.name = name;
        return this;
    }

    public String getNode() {
        return node;
    }

    /** What this node is called in logs and statistics: letters, digits and hyphens; not null. */
    public ClusterOptions setNode(String node) {
        this.node = node;
        return this;
    }

    public String getHost() {
        return host;
    }

    /** The own address to listen on, which the other nodes reach; not null. */
    public ClusterOptions setHost(String host) {
        this.host = host;
        return this;
    }

    public int getPort() {
        return port;
    }

    /** The port of the membership; 0 for a free one. Failures are detected on one of the few from port + 100. */
    public ClusterOptions setPort(int port) {
        this.port = port;
        return this;
    }

    public List<InetSocketAddress> getHosts() {
        return hosts;
    }

    /** Where other nodes may be, with the ports of their membership; empty for the first node. */
    public ClusterOptions setHosts(List<InetSocketAddress> hosts) {
        this.hosts = List.copyOf(hosts);
        return this;
    }

    public Path getCert() {
        return cert;
    }

    public Path getKey() {
        return key;
    }

    public Path getCa() {
        return ca;
    }

    /**
     * TLS 1.3 with mutual authentication, as PEM files, each null for none: this node's certificate, its key (PKCS#8) and
     * the CA of all nodes. Names in certificates are not compared with hosts, so the CA must be private to the cluster.
     */
    public ClusterOptions setTls(Path cert, Path key, Path ca) {
        this.cert = cert;
        this.key = key;
        this.ca = ca;
        return this;
    }

    public Path getSecretFile() {
        return secretFile;
    }

    /** What all nodes share: base64url text of at least 32 bytes; null for none. */
    public ClusterOptions setSecretFile(Path secretFile) {
        this.secretFile = secretFile;
        return this;
    }

    public boolean isInsecure() {
        return insecure;
    }

    /** Whether to do without TLS and a secret; refused unless all addresses are loopback's. */
    public ClusterOptions setInsecure(boolean insecure) {
        this.insecure = insecure;
        return this;
    }

    boolean hasTls() {
        return cert != null && key != null && ca != null;
    }
}
