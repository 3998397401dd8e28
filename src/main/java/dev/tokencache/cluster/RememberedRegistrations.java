package dev.tokencache.cluster;

import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.core.spi.cluster.RegistrationUpdateEvent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Keeps what Vert.x remembers of who listens where as the cluster has it. Vert.x asks once for an address and hears of changes
 * afterwards; a membership that was lost and found again loses such news, and nothing would ever correct it. Any thread but for
 * {@link #look}.
 */
final class RememberedRegistrations implements RegistrationListener {
    private static final System.Logger LOG = System.getLogger(RememberedRegistrations.class.getName());

    /** Of more addresses each is looked at less often. */
    private static final int ADDRESSES_A_LOOK = 64;

    /**
     * What Vert.x knows of an address: what a look told it, or null when it was told anything else since. Each its own, so that
     * a look sees whether another one has taken its place.
     */
    private static final class Known {
        final Set<RegistrationInfo> registrations;

        Known(Set<RegistrationInfo> registrations) {
            this.registrations = registrations;
        }
    }

    private final Lookups lookups;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private volatile RegistrationListener vertx;

    /** The addresses of the look before. */
    private Set<String> noted = Set.of();

    /** @param failures is told what the cluster answers instead of registrations; for any thread */
    RememberedRegistrations(ClusterManager cluster, Consumer<Throwable> failures) {
        this.lookups = new Lookups(cluster, failures);
    }

    /** Whom to tell. */
    void listener(RegistrationListener remembering) {
        vertx = remembering;
    }

    /** Vert.x asks who listens at an address. To be said before it is answered. */
    void asked(String address) {
        known.put(address, new Known(null));
    }

    @Override
    public boolean wantsUpdatesFor(String address) {
        return vertx.wantsUpdatesFor(address);
    }

    @Override
    public void registrationsUpdated(RegistrationUpdateEvent event) {
        known.put(event.address(), new Known(null));
        vertx.registrationsUpdated(event);
        known.put(event.address(), new Known(null)); // a look may have told something older between the two
    }

    /** Tells Vert.x what isn't as it was told last. One after the other, and answers are taken in between. */
    void look(Executor answers) {
        int look = lookups.look();
        List<String> addresses = List.copyOf(known.keySet());
        int turns = 1 + addresses.size() / ADDRESSES_A_LOOK;
        for (String address : addresses) {
            Known before = known.computeIfPresent(address, (same, now) -> vertx.wantsUpdatesFor(same) ? now : null);
            // An address that is new may not have been answered yet, and must not be told of before.
            if (before != null && noted.contains(address) && Math.floorMod(address.hashCode(), turns) == look % turns) {
                lookups.ask(address, answers, found -> tell(address, before, found));
            }
        }
        noted = Set.copyOf(addresses);
    }

    private void tell(String address, Known before, List<RegistrationInfo> found) {
        Set<RegistrationInfo> now = Set.copyOf(found);
        if (!now.equals(before.registrations) && known.replace(address, before, new Known(now))) {
            if (before.registrations != null) {
                LOG.log(System.Logger.Level.DEBUG, "cluster.told.anew address={0}", address);
            }
            vertx.registrationsUpdated(new RegistrationUpdateEvent(address, found));
        }
    }
}
