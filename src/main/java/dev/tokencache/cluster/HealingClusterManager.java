package dev.tokencache.cluster;

import io.vertx.core.Completable;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
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
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Says again what the cluster has forgotten of this node. After a pause or a partition the larger part drops what the smaller
 * one had registered, for good: its consumers would stay unknown to the others. Once a second this one looks whether its own
 * are there, and adds those that aren't; that is idempotent. What it finds of its own address says nothing of what the others
 * have, for that is read from this node's copy: so it is said without looking for a while after a change of the membership, and
 * once in a while later. And Vert.x is told anew what it remembers wrongly of the others.
 */
final class HealingClusterManager implements ClusterManager {
    private static final System.Logger LOG = System.getLogger(HealingClusterManager.class.getName());
    static final long LOOK_MILLIS = 1_000;

    /** Longer than views need to merge and copies to move. */
    private static final int BLIND_LOOKS = 15;

    /** Of the looks after those each so manieth is blind too: on a busy machine it may take longer. */
    private static final int RARELY = 15;

    private final ClusterManager delegate;
    private final Supplier<Object> membership;
    private final long lookMillis;
    private final OwnRegistrations own;
    private final RememberedRegistrations remembered;
    private final UnderWay<NodeInfo> underWay = new UnderWay<>();
    private final AtomicInteger lost = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private volatile String cause;
    private volatile NodeInfo nodeInfo;
    private volatile boolean left;
    private Vertx vertx;

    /** Where the looks are. */
    private Context context;

    /** With the next one only for the looks, one after the other. */
    private Object lastMembership;

    private int blindLooks;

    /**
     * @param membership another value after each change of it; for the looks' event loop
     * @param lookMillis the pause between two looks
     */
    HealingClusterManager(ClusterManager delegate, Supplier<Object> membership, long lookMillis) {
        this.delegate = delegate;
        this.own = new OwnRegistrations(delegate, this::failed);
        this.remembered = new RememberedRegistrations(delegate, this::failed);
        this.membership = membership;
        this.lookMillis = lookMillis;
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
                .onSuccess(in -> {
                    context = vertx.getOrCreateContext();
                    context.runOnContext(now -> vertx.setTimer(lookMillis, id -> look()));
                })
                .onComplete(done);
        delegate.join(joined);
    }

    private void look() {
        if (left || !delegate.isActive()) {
            return;
        }
        vertx.setTimer(lookMillis, id -> look()); // first: there is a next one whatever becomes of this
        tellOperator();
        underWay.look();
        if (membershipChanged()) {
            blindLooks = BLIND_LOOKS;
        }
        blindLooks--;
        lookAtNode(blindLooks >= 0 || blindLooks % RARELY == 0);
        own.look();
        remembered.look(answer -> context.runOnContext(in -> answer.run()));
    }

    private boolean membershipChanged() {
        Object before = lastMembership;
        try {
            lastMembership = membership.get();
        } catch (RuntimeException e) { // the caches may be stopping
            failed(e);
        }
        return !Objects.equals(before, lastMembership);
    }

    private void tellOperator() {
        int healed = own.healed() + lost.getAndSet(0);
        if (healed > 0) {
            LOG.log(System.Logger.Level.INFO, "cluster.healed registrations={0}", healed);
        }
        int refused = failed.getAndSet(0);
        if (refused > 0) {
            LOG.log(System.Logger.Level.INFO, "cluster.registrations.failed count={0} cause={1}", refused, cause);
        }
    }

    private void failed(Throwable failure) {
        if (!left) {
            Throwable reason =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            cause = reason.getClass().getSimpleName();
            failed.incrementAndGet();
        }
    }

    private void lookAtNode(boolean blind) {
        NodeInfo mine = nodeInfo;
        if (mine == null || !underWay.begin(mine)) {
            return;
        }
        delegate.getNodeInfo(getNodeId(), (found, failure) -> {
            boolean isLost = failure != null || !mine.equals(found);
            if (left || !(isLost || blind)) {
                underWay.end(mine);
                return;
            }
            lost.addAndGet(isLost ? 1 : 0);
            // Waits while the departure of another node is being taken in.
            vertx.executeBlocking(
                            () -> {
                                Promise<Void> said = Promise.promise();
                                delegate.setNodeInfo(mine, said);
                                return said.future();
                            },
                            false)
                    .compose(said -> said)
                    .onFailure(this::failed)
                    .onComplete(said -> underWay.end(mine));
        });
    }

    @Override
    public void setNodeInfo(NodeInfo info, Completable<Void> done) {
        nodeInfo = info;
        delegate.setNodeInfo(info, done);
    }

    @Override
    public void addRegistration(String address, RegistrationInfo info, Completable<Void> done) {
        own.add(address, info, later(done));
    }

    @Override
    public void removeRegistration(String address, RegistrationInfo info, Completable<Void> done) {
        own.remove(address, info, later(done));
    }

    /**
     * The delegate does what one context says in turn, but for what it is told while it answers: that it does twice, and
     * then answers others too early.
     */
    private Completable<Void> later(Completable<Void> done) {
        Context caller = vertx.getOrCreateContext();
        return (result, failure) -> caller.runOnContext(in -> done.complete(null, failure));
    }

    @Override
    public void leave(Completable<Void> done) {
        left = true;
        own.leave();
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
        remembered.listener(listener);
        delegate.registrationListener(remembered);
    }

    @Override
    public void getRegistrations(String address, Completable<List<RegistrationInfo>> done) {
        remembered.asked(address);
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
