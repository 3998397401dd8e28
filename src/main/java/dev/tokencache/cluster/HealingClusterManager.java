package dev.tokencache.cluster;

import io.vertx.core.Completable;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.shareddata.AsyncMap;
import io.vertx.core.shareddata.Counter;
import io.vertx.core.shareddata.Lock;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.NodeListener;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says again what the cluster has forgotten of this node. After a pause or a partition the larger part drops what the smaller
 * one had registered, for good: its consumers would stay unknown to the others. Once a second this one looks whether its own
 * are there, and adds those that aren't; that is idempotent.
 */
final class HealingClusterManager implements ClusterManager {
    private static final System.Logger LOG = System.getLogger(HealingClusterManager.class.getName());
    private static final long LOOK_MILLIS = 1_000;

    private record Registration(String address, RegistrationInfo info) {}

    private final ClusterManager delegate;
    private final Set<Registration> own = ConcurrentHashMap.newKeySet();
    private volatile NodeInfo nodeInfo;
    private volatile boolean left;
    private Vertx vertx;

    HealingClusterManager(ClusterManager delegate) {
        this.delegate = delegate;
    }

    @Override
    public void init(VertxBootstrap bootstrap) {
        delegate.init(bootstrap);
    }

    @Override
    public void init(Vertx vertx) {
        this.vertx = vertx;
        delegate.init(vertx);
    }

    @Override
    public void join(Completable<Void> done) {
        Promise<Void> joined = Promise.promise();
        joined.future()
                .onSuccess(in -> vertx.setTimer(LOOK_MILLIS, id -> look()))
                .onComplete(done);
        delegate.join(joined);
    }

    private void look() {
        if (left || !delegate.isActive()) {
            return;
        }
        lookAtNode();
        own.stream().map(Registration::address).distinct().forEach(this::lookAt);
        vertx.setTimer(LOOK_MILLIS, id -> look());
    }

    private void lookAtNode() {
        NodeInfo mine = nodeInfo;
        if (mine != null) {
            Promise<NodeInfo> known = Promise.promise();
            known.future().onComplete(found -> {
                if (!left && (found.failed() || !mine.equals(found.result()))) {
                    LOG.log(System.Logger.Level.INFO, "cluster.healed what=node");
                    delegate.setNodeInfo(mine, (result, failure) -> {});
                }
            });
            delegate.getNodeInfo(getNodeId(), known);
        }
    }

    private void lookAt(String address) {
        delegate.getRegistrations(address, (known, failure) -> {
            if (failure == null && !left) {
                own.stream()
                        .filter(mine -> mine.address.equals(address))
                        .filter(mine -> known == null || !known.contains(mine.info))
                        .forEach(this::register);
            }
        });
    }

    private void register(Registration lost) {
        LOG.log(System.Logger.Level.INFO, "cluster.healed what=registration");
        delegate.addRegistration(lost.address, lost.info, (result, failure) -> {
            if (!own.contains(lost)) { // removed meanwhile
                delegate.removeRegistration(lost.address, lost.info, (gone, ignored) -> {});
            }
        });
    }

    @Override
    public void setNodeInfo(NodeInfo info, Completable<Void> done) {
        nodeInfo = info;
        delegate.setNodeInfo(info, done);
    }

    @Override
    public void addRegistration(String address, RegistrationInfo info, Completable<Void> done) {
        if (!info.localOnly()) {
            own.add(new Registration(address, info));
        }
        delegate.addRegistration(address, info, done);
    }

    @Override
    public void removeRegistration(String address, RegistrationInfo info, Completable<Void> done) {
        own.remove(new Registration(address, info));
        delegate.removeRegistration(address, info, done);
    }

    @Override
    public void leave(Completable<Void> done) {
        left = true;
        own.clear();
        delegate.leave(done);
    }

    @Override
    public <K, V> void getAsyncMap(String name, Completable<AsyncMap<K, V>> done) {
        delegate.getAsyncMap(name, done);
    }

    @Override
    public <K, V> Map<K, V> getSyncMap(String name) {
        return delegate.getSyncMap(name);
    }

    @Override
    public void getLockWithTimeout(String name, long timeout, Completable<Lock> done) {
        delegate.getLockWithTimeout(name, timeout, done);
    }

    @Override
    public void getCounter(String name, Completable<Counter> done) {
        delegate.getCounter(name, done);
    }

    @Override
    public String getNodeId() {
        return delegate.getNodeId();
    }

    @Override
    public List<String> getNodes() {
        return delegate.getNodes();
    }

    @Override
    public void nodeListener(NodeListener listener) {
        delegate.nodeListener(listener);
    }

    @Override
    public NodeInfo getNodeInfo() {
        return delegate.getNodeInfo();
    }

    @Override
    public void getNodeInfo(String nodeId, Completable<NodeInfo> done) {
        delegate.getNodeInfo(nodeId, done);
    }

    @Override
    public boolean isActive() {
        return delegate.isActive();
    }

    @Override
    public void registrationListener(RegistrationListener listener) {
        delegate.registrationListener(listener);
    }

    @Override
    public void getRegistrations(String address, Completable<List<RegistrationInfo>> done) {
        delegate.getRegistrations(address, done);
    }

    @Override
    public String clusterHost() {
        return delegate.clusterHost();
    }

    @Override
    public String clusterPublicHost() {
        return delegate.clusterPublicHost();
    }
}
