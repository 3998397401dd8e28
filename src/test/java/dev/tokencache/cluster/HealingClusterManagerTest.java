package dev.tokencache.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Completable;
import io.vertx.core.Vertx;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.RegistrationInfo;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HealingClusterManagerTest {
    private final CountDownLatch added = new CountDownLatch(2);

    /** A cluster that forgets every registration at once. */
    @SuppressWarnings("unchecked")
    private ClusterManager forgetful() {
        return (ClusterManager) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ClusterManager.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "join" -> ((Completable<Void>) arguments[0]).succeed();
                        case "isActive" -> {
                            return true;
                        }
                        case "getRegistrations" ->
                            ((Completable<List<RegistrationInfo>>) arguments[1]).succeed(List.of());
                        case "addRegistration" -> added.countDown();
                        default -> {
                            return null;
                        }
                    }
                    return null;
                });
    }

    @Test
    void aRegistrationThatTheClusterForgot_isAddedAgain() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            HealingClusterManager manager = new HealingClusterManager(forgetful());
            manager.init(vertx);
            manager.join((done, failure) -> {});
            manager.addRegistration("a", new RegistrationInfo("node", 1, false), (done, failure) -> {});

            assertThat(added.await(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            vertx.close().await();
        }
    }
}
