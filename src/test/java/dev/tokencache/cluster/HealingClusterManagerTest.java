package dev.tokencache.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Poll;
import io.vertx.core.Completable;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.core.spi.cluster.RegistrationUpdateEvent;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealingClusterManagerTest {
    private static final RegistrationInfo INFO = new RegistrationInfo("node", 1, false);
    private static final RegistrationInfo OTHER = new RegistrationInfo("other", 1, false);
    private static final NodeInfo NODE = new NodeInfo("127.0.0.1", 1, null);

    private final IllegalStateException madeUp = new IllegalStateException("made up");

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger membership = new AtomicInteger();
    private final List<RegistrationInfo> held = new CopyOnWriteArrayList<>(List.of(INFO));
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicInteger added = new AtomicInteger();
    private final AtomicInteger nodes = new AtomicInteger();
    private final AtomicInteger onEventLoop = new AtomicInteger();
    private final AtomicBoolean refuses = new AtomicBoolean();

    private final HealingClusterManager manager = new HealingClusterManager(cluster(), membership::get, 10);
    private HealingClusterManager joined = manager;

    /** A cluster of which this node's copy holds some registrations, and its own node if there are any. */
    @SuppressWarnings("unchecked")
    private ClusterManager cluster() {
        return (ClusterManager) Proxy.newProxyInstance(
                HealingClusterManagerTest.class.getClassLoader(),
                new Class<?>[] {ClusterManager.class},
                (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "join" -> ((Completable<Void>) arguments[0]).succeed();
                        case "isActive" -> {
                            return true;
                        }
                        case "getNodeId" -> {
                            return "node";
                        }
                        case "getRegistrations" ->
                            ((Completable<List<RegistrationInfo>>) arguments[1]).succeed(List.copyOf(held));
                        case "getNodeInfo" -> {
                            looks.incrementAndGet();
                            ((Completable<NodeInfo>) arguments[1]).succeed(held.isEmpty() ? null : NODE);
                        }
                        case "addRegistration" -> {
                            added.incrementAndGet();
                            ((Completable<Void>) arguments[2]).succeed();
                        }
                        case "setNodeInfo" -> {
                            nodes.incrementAndGet();
                            onEventLoop.addAndGet(Context.isOnEventLoopThread() ? 1 : 0);
                            ((Completable<Void>) arguments[1]).complete(null, refuses.get() ? madeUp : null);
                        }
                        default -> {
                            return null;
                        }
                    }
                    return null;
                });
    }

    @AfterEach
    void close() {
        joined.leave((done, failure) -> {});
        vertx.close().await();
    }

    private void join() {
        join(manager);
    }

    private void join(HealingClusterManager joining) {
        joined = joining;
        joining.init(vertx);
        joining.join((done, failure) -> {});
        joining.setNodeInfo(NODE, (done, failure) -> {});
        joining.addRegistration("a", INFO, (done, failure) -> {});
        nodes.set(0);
        added.set(0);
    }

    /** Waits for so many looks more. */
    private void look(int more) {
        int before = looks.get();
        Poll.until(() -> looks.get() >= before + more);
    }

    @Test
    void whatTheClusterForgot_isSaidAgain() {
        held.clear();
        join();

        Poll.until(() -> added.get() >= 30 && nodes.get() >= 30);
    }

    @Test
    void whatTheClusterRefuses_isRepeated() {
        refuses.set(true);
        held.clear();
        join();

        Poll.until(() -> nodes.get() >= 30);
        assertThat(onEventLoop).hasValue(0); // it may wait for a departure to be taken in
    }

    @Test
    void whatTheClusterHolds_isNotSaidAgain_butForTheNodeNowAndThen() {
        join();
        look(120);

        assertThat(added).hasValue(0);
        int said = nodes.get();
        assertThat(said)
                .isBetween(15 + 5, 15 + rarely(looks.get())); // the first look finds a change, which is worth fifteen
    }

    @Test
    void afterAChangeOfTheMembership_theNodeIsSaidAgain_thoughTheOwnCopyHoldsIt() {
        join();
        look(20);
        int looksBefore = looks.get();
        int before = nodes.get();
        membership.incrementAndGet();
        look(20);

        int said = nodes.get() - before;
        assertThat(said).isBetween(15, 15 + rarely(looks.get() - looksBefore));
    }

    /** How often the node is said at most in so many looks of which none finds a change. */
    private static int rarely(int looks) {
        return looks / 15 + 2;
    }

    @Test
    void membershipThatFails_endsNoLooks() {
        held.clear();
        AtomicInteger asked = new AtomicInteger();
        join(new HealingClusterManager(
                cluster(),
                () -> {
                    if (asked.incrementAndGet() < 3) {
                        throw madeUp;
                    }
                    return 1;
                },
                10));

        Poll.until(() -> added.get() > 0 && nodes.get() > 0);
    }

    @Test
    void answers_areGivenAfterwards_notWithinTheDelegates() throws Exception {
        join();
        CompletableFuture<Boolean> within = new CompletableFuture<>();
        AtomicBoolean asking = new AtomicBoolean();
        vertx.runOnContext(in -> {
            asking.set(true);
            manager.addRegistration("b", OTHER, (done, failure) -> within.complete(asking.get()));
            asking.set(false);
        });

        assertThat(within.get(60, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void registrationsThatVertxAskedFor_areToldAnew_whenTheyChange() {
        Map<String, List<RegistrationInfo>> remembered = new ConcurrentHashMap<>();
        manager.registrationListener(new RegistrationListener() {
            @Override
            public boolean wantsUpdatesFor(String address) {
                return remembered.containsKey(address);
            }

            @Override
            public void registrationsUpdated(RegistrationUpdateEvent event) {
                remembered.put(event.address(), event.registrations());
            }
        });
        join();
        manager.getRegistrations("a", (found, failure) -> remembered.put("a", found));
        assertThat(remembered).containsExactly(Map.entry("a", List.of(INFO)));
        held.add(OTHER);

        Poll.until(() -> List.of(INFO, OTHER).equals(remembered.get("a")));
    }
}
