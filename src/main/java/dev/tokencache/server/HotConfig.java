package dev.tokencache.server;

import dev.tokencache.Telemetry;
import dev.tokencache.auth.KeyException;
import dev.tokencache.cache.CacheService;
import dev.tokencache.file.WatcherVerticle;
import dev.tokencache.http.Access;
import dev.tokencache.http.ConnectionLimit;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/**
 * Takes what the configuration's file says while the server runs: the settings of {@link Reloaded#ALL} at once, and of
 * all others it tells that they need a restart. On the server's event loop; the file is read on a worker thread.
 */
final class HotConfig {
    private static final Logger LOG = System.getLogger(HotConfig.class.getName());
    private static final long LOOK_MILLIS = 1_000;

    private final Vertx vertx;
    private final ServerSetup setup;
    private final LoadedConfig started;
    private final LongAdder taken = new LongAdder();
    private LoadedConfig inForce;
    private Set<Setting<?>> authPending = Set.of();
    private String authFailure = "";
    private volatile int restartNeeded;
    private boolean stopped;

    private Sources sources;
    private CacheService cache;
    private WatcherVerticle watcher;
    private GateKeeper keeper;
    private Access access;
    private ConnectionLimit connections;

    /** Nothing is looked at before {@link #start}. */
    HotConfig(Vertx vertx, ServerSetup setup) {
        this.vertx = vertx;
        this.setup = setup;
        started = setup.configWatch().last();
        inForce = started;
    }

    void tell(Sources tokens) {
        sources = tokens;
    }

    void tell(CacheService service) {
        cache = service;
    }

    void tell(WatcherVerticle verticle) {
        watcher = verticle;
    }

    void tell(GateKeeper gateKeeper) {
        keeper = gateKeeper;
    }

    void tell(Access throttling) {
        access = throttling;
    }

    void tell(ConnectionLimit limit) {
        connections = limit;
    }

    /** Looks at the file again and again, one look after the other, once all parts are told. */
    void start() {
        vertx.setTimer(LOOK_MILLIS, id -> {
            if (!stopped) {
                vertx.executeBlocking(() -> setup.configWatch().look(), false)
                        .compose(found -> found.map(this::take)
                                .orElseGet(() -> authPending.isEmpty() ? Future.succeededFuture() : takeAuth()))
                        .onFailure(cause -> LOG.log(Level.ERROR, "configuration_not_taken", cause))
                        .onComplete(done -> start());
            }
        });
    }

    Future<Void> stop() {
        stopped = true;
        return Future.succeededFuture();
    }

    /** How often a change was found and taken. For any thread. */
    long taken() {
        return taken.sum();
    }

    /** How many settings the file says otherwise than they are in force until a restart. For any thread. */
    int restartNeeded() {
        return restartNeeded;
    }

    private Future<Void> take(LoadedConfig found) {
        Set<Setting<?>> reloaded = found.differences(inForce);
        Set<Setting<?>> restart = found.differences(started);
        // The generated key and the operator's token come and go with a start.
        boolean otherKind =
                found.config().auth().hasKeys() != started.config().auth().hasKeys();
        reloaded.removeIf(setting -> !isReloaded(setting, otherKind));
        restart.removeIf(setting -> isReloaded(setting, otherKind));
        inForce = found;
        restartNeeded = restart.size();
        taken.increment();
        LOG.log(Level.INFO, "configuration_changed taken={0} restart_needed={1}", paths(reloaded), paths(restart));
        apply(reloaded, found.config());
        Set<Setting<?>> gate = new LinkedHashSet<>(reloaded);
        gate.retainAll(Reloaded.GATE);
        gate.addAll(authPending);
        authPending = otherKind || keeper == null ? Set.of() : gate;
        authFailure = "";
        return authPending.isEmpty() ? Future.succeededFuture() : takeAuth();
    }

    private static boolean isReloaded(Setting<?> setting, boolean otherKind) {
        return Reloaded.ALL.contains(setting) && !(otherKind && Reloaded.GATE.contains(setting));
    }

    private static String paths(Collection<Setting<?>> settings) {
        return settings.stream().map(Setting::path).collect(Collectors.joining(",", "[", "]"));
    }

    private void apply(Set<Setting<?>> changed, ServerConfig config) {
        OptionsMapping options = new OptionsMapping(setup, config);
        connections.limit(config.http().maxConnections());
        if (cache != null) {
            cache.update(options.cache(Telemetry.NONE));
        }
        if (watcher != null && (changed.contains(Settings.INTERVAL) || changed.contains(Settings.MAX_LOAD))) {
            watcher.update(options.watch(options.client()));
        }
        if (changed.contains(Settings.INTERVAL) || changed.contains(Settings.TOKEN_TTL)) {
            sources.update(config);
        }
        if (access != null) {
            access.maxFailuresPerMinute(config.auth().maxFailuresPerMinute());
        }
        if (changed.contains(Settings.NOT_BEFORE) && keeper != null) {
            keeper.refuseBefore(config.auth().notBefore());
        }
        if (changed.contains(Settings.LOG_LEVEL)) {
            ServerLog.level(config.logLevel());
        }
    }

    /** Until it succeeds it is tried again with each look: a key's file may come after the line that names it. */
    private Future<Void> takeAuth() {
        ServerConfig config = inForce.config();
        return keeper.replace(setup.authOptions(config), config).transform(replaced -> {
            if (replaced.succeeded()) {
                LOG.log(Level.INFO, "auth_changed settings={0}", paths(authPending));
                authPending = Set.of();
            } else {
                Throwable cause = replaced.cause();
                String failure = cause instanceof KeyException
                        ? cause.getMessage()
                        : cause.getClass().getSimpleName();
                if (!failure.equals(authFailure)) {
                    LOG.log(Level.WARNING, "auth_not_changed kept=old cause={0}", failure);
                }
                authFailure = failure;
            }
            return Future.succeededFuture();
        });
    }
}
