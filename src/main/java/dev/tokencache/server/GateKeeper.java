package dev.tokencache.server;

import dev.tokencache.auth.AuthOptions;
import dev.tokencache.auth.JwtGate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Owns the gate: keeps it fresh with the key files, and puts another one in its place when the configuration names other
 * keys or rules. On the event loop it is started on, but where said.
 */
final class GateKeeper {
    private static final Logger LOG = System.getLogger(GateKeeper.class.getName());
    private static final long KEY_REFRESH_MILLIS = 1_000;

    private final Vertx vertx;
    private final Optional<FirstStart> firstStart;
    private final List<BiConsumer<JwtGate, ServerConfig>> listeners = new ArrayList<>();
    private JwtGate gate;
    private volatile Optional<Instant> notBefore;
    private volatile boolean renewalDue;
    private boolean stopped;

    /**
     * Without a gate yet.
     *
     * @param firstStart whose admin token follows the generated key and the rules; empty when keys are configured
     * @param notBefore what the server starts with
     */
    GateKeeper(Vertx vertx, Optional<FirstStart> firstStart, Optional<Instant> notBefore) {
        this.vertx = vertx;
        this.firstStart = firstStart;
        this.notBefore = notBefore;
    }

    /** Makes the first gate; fails as {@link JwtGate#create} does. */
    Future<Void> start(AuthOptions options) {
        return JwtGate.create(vertx, options)
                .onSuccess(created -> {
                    gate = created;
                    refreshLater();
                })
                .mapEmpty();
    }

    /** The gate that is in force, after the start. */
    JwtGate gate() {
        return gate;
    }

    /** One more that hears of each gate that takes the place of another, and what it is made from; the old one is closed then. */
    void tell(BiConsumer<JwtGate, ServerConfig> each) {
        listeners.add(each);
    }

    /** Refuses tokens issued earlier from now on: no key is needed for it, a revocation must not wait for one. */
    void refuseBefore(Optional<Instant> instant) {
        gate.notBefore(instant.orElse(null));
        notBefore = instant;
        renewalDue = true;
        LOG.log(Level.INFO, "auth_not_before_changed set={0}", instant.isPresent());
    }

    /**
     * Judges by other keys and rules from now on. Fails, and the gate stays, as {@link JwtGate#create} does.
     *
     * @param config what the options are from
     */
    Future<Void> replace(AuthOptions options, ServerConfig config) {
        return JwtGate.create(vertx, options).compose(created -> {
            if (stopped) {
                return created.close();
            }
            JwtGate old = gate;
            gate = created;
            firstStart.ifPresent(first -> first.follow(config));
            renewalDue = true;
            listeners.forEach(each -> each.accept(created, config));
            return old.close();
        });
    }

    /** Looks at the key files again and again, one look after the other. */
    private void refreshLater() {
        vertx.setTimer(KEY_REFRESH_MILLIS, id -> {
            if (!stopped) {
                JwtGate current = gate;
                vertx.executeBlocking(
                                () -> {
                                    refresh(current);
                                    return null;
                                },
                                false)
                        .onComplete(done -> refreshLater());
            }
        });
    }

    /** On a worker thread. */
    private void refresh(JwtGate current) {
        boolean keysChanged = current.refresh();
        if (firstStart.isPresent() && (keysChanged || isRenewalDue(Instant.now()))) {
            renewalDue = false;
            try {
                // The generated key may have been exchanged or older tokens refused: the operator's is no good then.
                firstStart.get().renewAdminToken();
            } catch (IOException | StartException e) {
                LOG.log(Level.WARNING, "admin token not renewed", e);
            }
        }
    }

    /** A token says the second in which it was issued, and may be refused for what was left of it. */
    private boolean isRenewalDue(Instant now) {
        return renewalDue && (notBefore.isEmpty() || !now.minusSeconds(1).isBefore(notBefore.get()));
    }

    /** Ends with the gate. */
    Future<Void> stop() {
        stopped = true;
        return gate == null ? Future.succeededFuture() : gate.close();
    }
}
