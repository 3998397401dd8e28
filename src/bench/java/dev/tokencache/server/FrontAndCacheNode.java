package dev.tokencache.server;

import dev.tokencache.auth.Scope;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Two nodes of a cluster with TLS on loopback: one with files and cache, and one in front of it. For benchmarks. Their JVMs have the
 * flags of the tests, which use the first compiler only: ratios count, not rates.
 */
public final class FrontAndCacheNode implements AutoCloseable {
    private final ClusterOfProcesses cluster;

    /** Starts both, below a directory that is empty, with one token file in the project {@code demo}. */
    public FrontAndCacheNode(Path directory, String filename, String content) throws Exception {
        cluster = new ClusterOfProcesses(directory);
        Files.writeString(cluster.file(filename), content);
        cluster.startCacheNode(ClusterOfProcesses.FIRST);
        cluster.startFrontNode();
        cluster.awaitMembers(2, ClusterOfProcesses.FIRST, ClusterOfProcesses.FRONT);
    }

    public InetSocketAddress cacheNode() {
        return address(ClusterOfProcesses.FIRST);
    }

    public InetSocketAddress frontNode() {
        return address(ClusterOfProcesses.FRONT);
    }

    private InetSocketAddress address(String name) {
        return new InetSocketAddress(
                InetAddress.getLoopbackAddress(), cluster.node(name).port());
    }

    /** The Authorization header of a caller that may read everything, for both. */
    public String authorization() {
        return "Bearer " + cluster.token(ClusterOfProcesses.KEY, List.of(Scope.TOKENS_READ));
    }

    @Override
    public void close() {
        cluster.close();
    }
}
