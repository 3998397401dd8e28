package dev.tokencache.cluster;

import io.vertx.core.Completable;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.RegistrationInfo;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What this node has registered in the cluster, so that the cluster can be told again: what it has forgotten, and what it
 * did not take in to be gone. Any thread but for {@link #look}.
 */
final class OwnRegistrations {
    private record Registration(String address, RegistrationInfo info) {}

    private final ClusterManager cluster;
    private final Consumer<Throwable> failures;
    private final Set<Registration> own = ConcurrentHashMap.newKeySet();
    private final Set<Registration> unwanted = ConcurrentHashMap.newKeySet();
    private final AtomicInteger healed = new AtomicInteger();

    private final Lookups lookups;

    /** What is being said, of either kind. */
    private final UnderWay<Registration> underWay = new UnderWay<>();

    private volatile boolean left;

    /** What was there at the last look: later ones may be on their way. */
    private Set<Registration> settled = Set.of();

    /** @param failures is told what the cluster answers instead of doing it; for any thread */
    OwnRegistrations(ClusterManager cluster, Consumer<Throwable> failures) {
        this.cluster = cluster;
        this.failures = failures;
        this.lookups = new Lookups(cluster, failures);
    }

    void add(String address, RegistrationInfo info, Completable<Void> done) {
        if (!info.localOnly()) {
            own.add(new Registration(address, info));
        }
        cluster.addRegistration(address, info, done);
    }

    void remove(String address, RegistrationInfo info, Completable<Void> done) {
        Registration removed = new Registration(address, info);
        own.remove(removed);
        cluster.removeRegistration(address, info, (gone, failure) -> {
            if (failure != null && !info.localOnly() && !left) {
                unwanted.add(removed);
            }
            done.complete(null, failure);
        });
    }

    /** The node leaves: nothing is to be said any more. */
    void leave() {
        left = true;
        own.clear();
        unwanted.clear();
    }

    /** How many have been said again since this was asked last. */
    int healed() {
        return healed.getAndSet(0);
    }

    /** Says again what is missing. One look after the other. */
    void look() {
        lookups.look();
        underWay.look();
        Set<Registration> before = settled;
        settled = Set.copyOf(own);
        before.stream()
                .filter(own::contains)
                .collect(Collectors.groupingBy(Registration::address))
                .forEach((address, registrations) ->
                        lookups.ask(address, Runnable::run, known -> compare(address, registrations, known)));
        unwanted.forEach(this::forget);
    }

    private void compare(String address, List<Registration> registrations, List<RegistrationInfo> known) {
        known.stream()
                .filter(info -> !info.localOnly() && info.nodeId().equals(cluster.getNodeId()))
                .map(info -> new Registration(address, info))
                .filter(stale -> !own.contains(stale) && !left) // in this order: leaving empties the former
                .forEach(unwanted::add);
        for (Registration mine : registrations) {
            boolean lost = !known.contains(mine.info);
            if (lost && own.contains(mine) && underWay.begin(mine)) {
                healed.incrementAndGet();
                register(mine);
            }
        }
    }

    private void register(Registration lost) {
        cluster.addRegistration(lost.address, lost.info, (result, failure) -> {
            underWay.end(lost);
            if (failure != null) {
                failures.accept(failure);
            }
            if (!own.contains(lost) && !left) { // removed meanwhile
                unwanted.add(lost); // not at once: the delegate is not to be called by its own answers
            }
        });
    }

    private void forget(Registration removed) {
        if (!underWay.begin(removed)) {
            return;
        }
        cluster.removeRegistration(removed.address, removed.info, (gone, failure) -> {
            underWay.end(removed);
            if (failure == null) {
                unwanted.remove(removed);
            } else {
                failures.accept(failure);
            }
        });
    }
}
