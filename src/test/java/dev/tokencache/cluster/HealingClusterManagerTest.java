package dev.tokencache.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Completable;
import io.vertx.core.Vertx;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.RegistrationInfo;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HealingClusterManagerTest {
    private static final RegistrationInfo INFO = new RegistrationInfo("node", 1, false);
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
                        case "getRegistrations" -> ((Completable<List<RegistrationInfo>>) arguments[1]).succeed(held);
                        case "getNodeInfo" ->
                            ((Completable<NodeInfo>) arguments[1]).succeed(held.isEmpty() ? null : NODE);
                        case "addRegistration" -> added.countDown();
                        case "setNodeInfo" -> nodes.countDown();
                        default -> {
                            return null;
                        }
                    }
                    return null;
                });
    }

    private void assertSaidAgain(List<RegistrationInfo> held, int times, Runnable meanwhile) throws Exception {
        CountDownLatch added = new CountDownLatch(times);
        CountDownLatch nodes = new CountDownLatch(times);
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
        assertSaidAgain(List.of(), 30, () -> {}); // more often than after a change alone
    }

    @Test
    void afterAChangeOfTheMembership_allIsSaidAgain_thoughTheOwnCopyHoldsIt() throws Exception {
        assertSaidAgain(List.of(INFO), 5, membership::incrementAndGet);
    }
}
