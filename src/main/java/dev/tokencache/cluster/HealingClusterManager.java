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
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Says again what the cluster has forgotten of this node. After a pause or a partition the larger part drops what the smaller
 * one had registered, for good: its consumers would stay unknown to the others. Once a second this one looks whether its own
 * are there, and adds those that aren't; that is idempotent. For a while after a change of the membership it says all of it
 * without looking: copies may differ then for good, and what is found here says nothing of what the others have.
 */
final class HealingClusterManager implements ClusterManager {
    private static final System.Logger LOG = System.getLogger(HealingClusterManager.class.getName());
    static final long LOOK_MILLIS = 1_000;

    /** Longer than views need to merge and copies to move. */
    private static final int BLIND_LOOKS = 15;

    private record Registration(String address, RegistrationInfo info) {}

    private final ClusterManager delegate;
    private final Supplier<Object> membership;
    private final long lookMillis;
    private final Set<Registration> own = ConcurrentHashMap.newKeySet();
    private final AtomicInteger healed = new AtomicInteger();
    private volatile NodeInfo nodeInfo;
    private volatile boolean left;
    private Vertx vertx;

    /** What was there at the last look: later ones may be on their way. With the next two only for the looks, one after the other. */
    private Set<Registration> settled = Set.of();

    private Object lastMembership;
    private int blindLooks;

    /**
     * @param membership another value after each change of it; for any thread
     * @param lookMillis the pause between two looks
     */
    HealingClusterManager(ClusterManager delegate, Supplier<Object> membership, long lookMillis) {
        this.delegate = delegate;
        this.membership = membership;
        this.lookMillis = lookMillis;
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
                .onSuccess(in -> vertx.setTimer(lookMillis, id -> look()))
                .onComplete(done);
        delegate.join(joined);
    }

    private void look() {
        if (left || !delegate.isActive()) {
            return;
        }
        int before = healed.getAndSet(0);
        if (before > 0) {
            LOG.log(System.Logger.Level.INFO, "cluster.healed registrations={0}", before);
        }
        Object now = membership.get();
        if (!Objects.equals(now, lastMembership)) {
            lastMembership = now;
            blindLooks = BLIND_LOOKS;
        }
        boolean blind = blindLooks > 0;
        blindLooks = Math.max(0, blindLooks - 1);
        lookAtNode(blind);
        Set<Registration> known = settled;
        settled = Set.copyOf(own);
        known.stream()
                .filter(own::contains)
                .collect(Collectors.groupingBy(Registration::address))
                .forEach((address, registrations) -> lookAt(address, registrations, blind));
        vertx.setTimer(lookMillis, id -> look());
    }

    private void lookAtNode(boolean blind) {
        NodeInfo mine = nodeInfo;
        if (mine == null) {
            return;
        }
        delegate.getNodeInfo(getNodeId(), (found, failure) -> {
            boolean lost = failure != null || !mine.equals(found);
            if (!left && (lost || blind)) {
                healed.addAndGet(lost ? 1 : 0);
                delegate.setNodeInfo(mine, (done, failed) -> {});
            }
        });
    }

    private void lookAt(String address, List<Registration> registrations, boolean blind) {
        delegate.getRegistrations(address, (known, failure) -> {
            if (failure == null && !left) {
                for (Registration mine : registrations) {
                    boolean lost = known == null || !known.contains(mine.info);
                    healed.addAndGet(lost ? 1 : 0);
                    if (lost || blind) {
                        register(mine);
                    }
                }
            }
        });
    }

    private void register(Registration lost) {
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
