package dev.tokencache.cluster;

import dev.tokencache.auth.KeyException;
import dev.tokencache.auth.SigningKeyFile;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.ext.cluster.infinispan.InfinispanClusterManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import org.infinispan.Cache;
import org.infinispan.configuration.cache.CacheMode;
import org.infinispan.configuration.cache.Configuration;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.configuration.global.GlobalConfigurationBuilder;
import org.infinispan.configuration.global.ShutdownHookBehavior;
import org.infinispan.manager.DefaultCacheManager;
import org.infinispan.remoting.transport.jgroups.JGroupsTransport;
import org.jgroups.JChannel;
import org.jgroups.View;
import org.jgroups.stack.IpAddress;

/**
 * A process's membership of a cluster: give its {@link #clusterManager} and {@link #eventBusOptions} to a clustered Vert.x, and
 * close it after that. Opening and closing block; for no event loop.
 */
public final class ClusterNode implements AutoCloseable {
    /** How long a node may be alone while another one answers on a configured host. */
    private static final long COMPANY_MILLIS = 8_000;

    private static final int CONNECT_MILLIS = 500;
    private static final long BUS_PING_MILLIS = 2_000;

    /** What is said to a node while the bus connects to it waits for that, and is lost when it fails. */
    private static final int BUS_CONNECT_SECONDS = 5;

    private static final String REGISTRATIONS = "__vertx.subs";
    private static final List<String> REPLICATED = List.of(REGISTRATIONS, "__vertx.haInfo", "__vertx.nodeInfo");

    private record Membership(View nodes, int copies) {}

    private final ClusterOptions options;
    private final JChannel channel;
    private final DefaultCacheManager caches;
    private final ClusterManager manager;

    private ClusterNode(ClusterOptions options, JChannel channel, DefaultCacheManager caches) {
        this.options = options;
        this.channel = channel;
        this.caches = caches;
        manager = new HealingClusterManager(
                new InfinispanClusterManager(caches), this::membership, HealingClusterManager.LOOK_MILLIS);
    }

    /** The nodes, and who has copies of what: that follows the former later, or never when it fails. */
    private Object membership() {
        Cache<?, ?> registrations = caches.getCache(REGISTRATIONS, false); // there since the Vert.x joined
        return new Membership(
                channel.getView(),
                registrations
                        .getAdvancedCache()
                        .getDistributionManager()
                        .getCacheTopology()
                        .getTopologyId());
    }

    /**
     * Joins, or founds the cluster when no configured host answers.
     *
     * @throws ClusterException when the options are not safe, a file can't be used, or the others refuse this node
     */
    public static ClusterNode open(ClusterOptions options) throws ClusterException {
        return open(options, COMPANY_MILLIS);
    }

    static ClusterNode open(ClusterOptions options, long companyMillis) throws ClusterException {
        ClusterOptions copy = new ClusterOptions(options);
        SSLContext tls = check(copy);
        byte[] secret = secret(copy);
        DefaultCacheManager caches = null;
        boolean joined = false;
        try {
            JChannel channel = GroupChannel.create(copy, tls, secret);
            caches = cacheManager(copy, channel);
            caches.start();
            ClusterNode node = new ClusterNode(copy, channel, caches);
            node.requireCompany(companyMillis);
            joined = true;
            return node;
        } catch (ClusterException e) {
            throw e;
        } catch (Exception e) { // JGroups declares no narrower one
            throw new ClusterException("cluster: " + reason(e, copy), e);
        } finally {
            if (!joined && caches != null) {
                caches.stop();
            }
        }
    }

    /**
     * What {@link #open} would refuse before it joins.
     *
     * @return the material of TLS, or null for none
     */
    private static SSLContext check(ClusterOptions options) throws ClusterException {
        if (options.isInsecure()) {
            requireLoopback(options.getHost());
            for (InetSocketAddress host : options.getHosts()) {
                requireLoopback(host.getHostString());
            }
            return options.hasTls() ? ClusterTls.context(options) : null;
        }
        if (!options.hasTls() || options.getSecretFile() == null) {
            throw new ClusterException("cluster: needs cluster.tls.cert, cluster.tls.key, cluster.tls.ca and"
                    + " cluster.secretFile; or, on loopback only, cluster.insecure: true");
        }
        return ClusterTls.context(options);
    }

    /** Says whether {@link #open} would refuse the options, without joining. */
    public static void verify(ClusterOptions options) throws ClusterException {
        check(options);
        secret(options);
    }

    private static void requireLoopback(String host) throws ClusterException {
        try {
            if (InetAddress.getByName(host).isLoopbackAddress()) {
                return;
            }
        } catch (UnknownHostException e) {
            throw new ClusterException("cluster: the name " + host + " is not known", e);
        }
        throw new ClusterException("cluster.insecure: " + host + " is not loopback, so it needs TLS and a secret");
    }

    private static byte[] secret(ClusterOptions options) throws ClusterException {
        try {
            return options.getSecretFile() == null ? null : SigningKeyFile.read(options.getSecretFile());
        } catch (KeyException e) {
            throw new ClusterException("cluster.secretFile: " + e.getMessage(), e);
        }
    }

    private static DefaultCacheManager cacheManager(ClusterOptions options, JChannel channel) {
        GlobalConfigurationBuilder global = GlobalConfigurationBuilder.defaultClusteredBuilder();
        global.transport()
                .clusterName(options.getName())
                .nodeName(options.getNode())
                .transport(new JGroupsTransport(channel));
        global.jmx().disable();
        // On a signal the bus has to be closed first, or it waits for the cluster in vain.
        global.shutdown().hookBehavior(ShutdownHookBehavior.DONT_REGISTER);
        DefaultCacheManager caches = new DefaultCacheManager(global.build(), false);
        Configuration replicated = configuration(CacheMode.REPL_SYNC, false);
        REPLICATED.forEach(name -> caches.defineConfiguration(name, replicated));
        caches.defineConfiguration("__vertx.distributed.cache.configuration", configuration(CacheMode.DIST_SYNC, true));
        return caches;
    }

    private static Configuration configuration(CacheMode mode, boolean template) {
        ConfigurationBuilder builder = new ConfigurationBuilder();
        builder.clustering().cacheMode(mode);
        return template ? builder.template(true).build() : builder.build();
    }

    /** TLS refuses silently: the node would found a cluster of its own beside the one it was to join. */
    private void requireCompany(long companyMillis) throws ClusterException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(companyMillis);
        while (members() < 2 && isAnyoneThere()) {
            if (System.nanoTime() - deadline > 0) {
                throw new ClusterException(
                        "cluster: a configured host answers but does not let this node in: another CA, secret or name");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    private boolean isAnyoneThere() {
        InetSocketAddress own = address();
        for (InetSocketAddress host : options.getHosts()) {
            InetSocketAddress resolved = new InetSocketAddress(host.getHostString(), host.getPort());
            if (!resolved.equals(own) && answers(resolved)) {
                return true;
            }
        }
        return false;
    }

    private static boolean answers(InetSocketAddress host) {
        try (Socket socket = new Socket()) {
            socket.connect(host, CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static String reason(Throwable failure, ClusterOptions options) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SecurityException) {
                return "the others refuse this node: another secret";
            }
            if (t instanceof java.net.BindException) {
                return "port " + options.getPort() + " on " + options.getHost() + " can't be listened on";
            }
        }
        return "joining failed, " + failure.getClass().getSimpleName();
    }

    /** What makes a Vert.x a member, with this node's own registrations said again when they were lost. */
    public ClusterManager clusterManager() {
        return manager;
    }

    /** How the bus of that Vert.x talks to the others. */
    public EventBusOptions eventBusOptions() {
        EventBusOptions bus = new EventBusOptions()
                .setHost(options.getHost())
                .setPort(0)
                .setConnectTimeout((int) TimeUnit.SECONDS.toMillis(BUS_CONNECT_SECONDS))
                .setClusterPingInterval(BUS_PING_MILLIS)
                .setClusterPingReplyInterval(BUS_PING_MILLIS);
        if (options.hasTls()) {
            ClusterTls.secure(bus, options);
            bus.setSslHandshakeTimeoutUnit(TimeUnit.SECONDS).setSslHandshakeTimeout(BUS_CONNECT_SECONDS);
        }
        return bus;
    }

    /** How many nodes there are, this one included; 0 when it has left. Any thread. */
    public int members() {
        return channel.getView() == null ? 0 : channel.getView().size();
    }

    /** Where this node listens for members, with the real port. */
    public InetSocketAddress address() {
        IpAddress own = (IpAddress)
                channel.down(new org.jgroups.Event(org.jgroups.Event.GET_PHYSICAL_ADDRESS, channel.getAddress()));
        return new InetSocketAddress(own.getIpAddress(), own.getPort());
    }

    /** What the options call it. */
    public String name() {
        return options.getNode();
    }

    JChannel channel() {
        return channel;
    }

    /** Leaves; after the Vert.x was closed. */
    @Override
    public void close() {
        caches.stop();
    }
}
