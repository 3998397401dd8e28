package dev.tokencache.cluster;

import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.RegistrationInfo;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Asks the cluster who is registered where; for no address again while that is not answered. Any thread. */
final class Lookups {
    private final ClusterManager cluster;
    private final Consumer<Throwable> failures;
    private final UnderWay<String> underWay = new UnderWay<>();

    /** @param failures is told what the cluster answers instead; for any thread */
    Lookups(ClusterManager cluster, Consumer<Throwable> failures) {
        this.cluster = cluster;
        this.failures = failures;
    }

    /** A look begins. Returns which one, from 1. */
    int look() {
        return underWay.look();
    }

    /**
     * Asks, unless an earlier question is under way.
     *
     * @param where the answer is taken, if there is one; nothing is asked again before
     */
    void ask(String address, Executor where, Consumer<List<RegistrationInfo>> answer) {
        if (!underWay.begin(address)) {
            return;
        }
        cluster.getRegistrations(
                address,
                (found, failure) -> where.execute(() -> {
                    underWay.end(address);
                    if (failure == null) {
                        answer.accept(found == null ? List.of() : found);
                    } else {
                        failures.accept(failure);
                    }
                }));
    }
}
