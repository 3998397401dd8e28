package dev.tokencache.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Poll;
import io.vertx.core.Completable;
import io.vertx.core.Vertx;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.core.spi.cluster.RegistrationUpdateEvent;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HealingClusterManagerTest {
    private static final RegistrationInfo INFO = new RegistrationInfo("node", 1, false);
    private static final RegistrationInfo OTHER = new RegistrationInfo("other", 1, false);
    private static final NodeInfo NODE = new NodeInfo("127.0.0.1", 1, null);

    private final AtomicInteger membership = new AtomicInteger();

    /** A cluster of which this node's copy holds some registrations, and its own node if there are any. */
    @SuppressWarnings("unchecked")
    private static ClusterManager cluster(List<RegistrationInfo> held, CountDownLatch added, CountDownLatch nodes) {
        return (ClusterManager) Proxy.newProxyInstance(
                HealingClusterManagerTest.class.getClassLoader(),
                new Class<?>[] {ClusterManager.class},
                (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "join" -> ((Completable<Void>) arguments[0]).succeed();
                        case "isActive" -> {
                            return true;
                        }
                        case "getRegistrations" ->
                            ((Completable<List<RegistrationInfo>>) arguments[1]).succeed(List.copyOf(held));
                        case "getNodeInfo" ->
                            ((Completable<NodeInfo>) arguments[1]).succeed(held.isEmpty() ? null : NODE);
                        case "addRegistration" -> {
                            added.countDown();
                            ((Completable<Void>) arguments[2]).succeed();
                        }
                        case "setNodeInfo" -> {
                            nodes.countDown();
                            ((Completable<Void>) arguments[1]).succeed();
                        }
                        default -> {
                            return null;
                        }
                    }
                    return null;
                });
    }

    private void assertSaidAgain(List<RegistrationInfo> held, int registrations, int nodeInfos, Runnable meanwhile)
            throws Exception {
        CountDownLatch added = new CountDownLatch(1 + registrations);
        CountDownLatch nodes = new CountDownLatch(1 + nodeInfos);
        Vertx vertx = Vertx.vertx();
        try {
            HealingClusterManager manager = new HealingClusterManager(cluster(held, added, nodes), membership::get, 10);
            manager.init(vertx);
            manager.join((done, failure) -> {});
            manager.setNodeInfo(NODE, (done, failure) -> {});
            manager.addRegistration("a", INFO, (done, failure) -> {});
            meanwhile.run();

            assertThat(added.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(nodes.await(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            vertx.close().await();
        }
    }

    @Test
    void whatTheClusterForgot_isSaidAgain() throws Exception {
        assertSaidAgain(List.of(), 30, 30, () -> {}); // more often than after a change alone
    }

    @Test
    void afterAChangeOfTheMembership_theNodeIsSaidAgain_thoughTheOwnCopyHoldsIt() throws Exception {
        assertSaidAgain(List.of(INFO), 0, 5, membership::incrementAndGet);
    }

    @Test
    void longAfterAChange_theNodeIsSaidAgainNowAndThen() throws Exception {
        assertSaidAgain(List.of(INFO), 0, 20, () -> {}); // the first look finds a change, which is worth fifteen
    }

    @Test
    void registrationsThatVertxAskedFor_areToldAnew_whenTheyChange() throws Exception {
        Map<String, List<RegistrationInfo>> remembered = new ConcurrentHashMap<>();
        List<RegistrationInfo> held = new CopyOnWriteArrayList<>(List.of(INFO));
        CountDownLatch none = new CountDownLatch(0);
        Vertx vertx = Vertx.vertx();
        try {
            HealingClusterManager manager = new HealingClusterManager(cluster(held, none, none), membership::get, 10);
            manager.init(vertx);
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
            manager.join((done, failure) -> {});
            manager.getRegistrations("a", (found, failure) -> remembered.put("a", found));
            assertThat(remembered).containsExactly(Map.entry("a", List.of(INFO)));
            held.add(OTHER);

            Poll.until(() -> List.of(INFO, OTHER).equals(remembered.get("a")));
        } finally {
            vertx.close().await();
        }
    }
}
