package dev.tokencache.server;

import dev.tokencache.TokenCache;
import dev.tokencache.TokenCacheOptions;
import dev.tokencache.TokenSource;
import dev.tokencache.Tracing;
import dev.tokencache.audit.AuditLog;
import dev.tokencache.auth.FailedLogins;
import dev.tokencache.cache.CacheService;
import dev.tokencache.file.WatcherVerticle;
import dev.tokencache.http.Access;
import dev.tokencache.http.AuditTrail;
import dev.tokencache.http.ConnectionLimit;
import dev.tokencache.http.HttpOptions;
import dev.tokencache.http.HttpService;
import dev.tokencache.http.HttpVerticle;
import dev.tokencache.server.ServerConfig.Role;
import dev.tokencache.tracing.Traces;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Deploys and wires the rest of the server. The cache and, with one HTTP instance, HTTP too run on this verticle's own event
 * loop: a cached get never changes its thread then.
 */
final class ServerVerticle extends VerticleBase {
    private static final Logger LOG = System.getLogger(ServerVerticle.class.getName());
    private static final long TLS_REFRESH_MILLIS = 1_000;
    private static final int SHARED_FREE_PORT = -1;

    private final ServerSetup setup;
    private final ConnectionLimit connections;
    private final TokenCacheOptions client;
    private final Traces traces;
    private final Tracing tracing;

    /** What the parts may take of a stop together; those that come later are ended beside those that hang. */
    private static final long PARTS_MILLIS = 5_500;

    /** And the storage, where accepted writes are waited for, and what tells of it. */
    private static final long STORAGE_MILLIS = 3_000;

    /** What was started, last first: that is the order to stop in. */
    private final Deque<Supplier<Future<?>>> started = new ArrayDeque<>();

    /** What they stand on; is stopped after them. */
    private final Deque<Supplier<Future<?>>> ground = new ArrayDeque<>();

    private final List<String> https = new ArrayList<>();

    /** Null for a server on its own. */
    private final ClusterMember member;

    /** What this node shows others; null where it asks none. */
    private NodeToken nodeToken;

    /** Null without one. */
    private AuditLog audit;

    private HotConfig hot;
    private Sources sources;

    /** Null where nobody demands bearer tokens. */
    private GateKeeper keeper;

    private Instruments instruments;
    private boolean stopping;
    private int port;

    /**
     * The server, not started.
     *
     * @param connections the process's one count
     * @param member this process as a node of a cluster, or null
     * @param traces those its Vert.x makes, or null for none; they are closed with it
     */
    ServerVerticle(ServerSetup setup, ConnectionLimit connections, ClusterMember member, Traces traces) {
        this.member = member;
        this.setup = setup;
        this.client = new OptionsMapping(setup).client().setBatching(traces == null);
        this.connections = connections;
        this.traces = traces;
        this.tracing = traces == null ? Tracing.NONE : traces;
    }

    @Override
    public Future<?> start() {
        if (traces != null) {
            ground.push(() -> traces.close(vertx));
        }
        OptionsMapping options = new OptionsMapping(setup);
        instruments = new Instruments(vertx, setup.config().metrics());
        ground.push(instruments::close);
        if (member != null && setup.config().asksNodes()) {
            nodeToken = new NodeToken(vertx, setup.config());
            client.setToken(nodeToken);
        }
        sources = new Sources(vertx, setup, options, instruments, others(options), this::traced);
        ground.push(() -> audit == null ? sources.close() : Future.join(audit.close(), sources.close()));
        instruments.read(connections);
        hot = new HotConfig(vertx, setup);
        hot.tell(connections);
        hot.tell(sources);
        instruments.read(hot, setup.configWatch());
        return startIf(Role.CACHE, () -> startCache(options))
                .compose(done -> startIf(Role.WATCH, () -> startWatcher(options)))
                .compose(done -> openGate())
                .compose(done -> startCluster())
                .compose(done -> startIf(Role.HTTP, () -> startHttp(options)))
                .onSuccess(done -> {
                    started.push(hot::stop);
                    hot.start();
                })
                .recover(cause -> stop().transform(stopped -> Future.failedFuture(cause)));
    }

    private TokenCacheOptions others(OptionsMapping options) {
        return nodeToken == null ? client : options.others().setToken(nodeToken);
    }

    private TokenSource traced(TokenSource files) {
        return traces == null ? files : traces.around(files);
    }

    private Future<Void> startIf(Role role, Supplier<Future<Void>> start) {
        return setup.config().roles().contains(role) ? start.get() : Future.succeededFuture();
    }

    private Future<Void> startCache(OptionsMapping options) {
        CacheService cache =
                new CacheService(vertx, options.cache(instruments.telemetry()).setTracing(tracing), sources.tokens());
        started.push(cache::stop);
        hot.tell(cache);
        return cache.start().onSuccess(done -> sources.watchOver(TokenCache.create(vertx, client)));
    }

    private Future<Void> startWatcher(OptionsMapping options) {
        if (setup.config().source() == ServerConfig.Source.REDIS) {
            return Future.succeededFuture(); // the source watches
        }
        WatcherVerticle watcher = new WatcherVerticle(setup.root(), setup.etagKey(), options.watch(client));
        return vertx.deployVerticle(watcher)
                .onSuccess(id -> {
                    started.push(() -> vertx.undeploy(id));
                    hot.tell(watcher);
                })
                .mapEmpty();
    }

    /** One for all who demand bearer tokens. */
    private Future<Void> openGate() {
        if (!setup.config().roles().contains(Role.HTTP) && member == null) {
            return Future.succeededFuture();
        }
        keeper = new GateKeeper(vertx, setup.firstStart(), setup.config().auth().notBefore());
        started.push(keeper::stop);
        hot.tell(keeper);
        return keeper.start(setup.authOptions());
    }

    private Future<Void> startCluster() {
        if (member == null) {
            return Future.succeededFuture();
        }
        instruments.read(member);
        if (nodeToken != null) {
            started.push(nodeToken::stop);
            keeper.tell((gate, config) -> nodeToken.follow(config));
            return nodeToken.start();
        }
        return !setup.config().isExposed()
                ? Future.succeededFuture()
                : member.expose(vertx, keeper)
                        .onSuccess(id -> started.push(() -> vertx.undeploy(id)))
                        .mapEmpty();
    }

    private Future<Void> startHttp(OptionsMapping options) {
        Access access = access();
        keeper.tell((gate, config) -> access.replace(gate));
        hot.tell(access);
        HttpOptions http = options.http(instruments.telemetry())
                .setTracing(tracing)
                .setCluster(member == null ? null : member::figures)
                .setMetrics(instruments.scrape(TokenCache.create(vertx, client)));
        return openAudit(options).compose(trail -> serve(http, access, trail));
    }

    private Future<AuditTrail> openAudit(OptionsMapping options) {
        if (!setup.config().audit().enabled()) {
            return Future.succeededFuture(AuditTrail.NONE);
        }
        Clock clock = Clock.systemUTC();
        return AuditLog.open(vertx, options.audit(), clock)
                .recover(cause -> Future.failedFuture(
                        new StartException("audit: " + StateDir.AUDIT_LOG + " in stateDir can't be written")))
                .map(log -> {
                    audit = log;
                    instruments.read(log);
                    return new AuditTrail(log, options.audit(), clock);
                });
    }

    private Access access() {
        ServerConfig config = setup.config();
        FailedLogins failedLogins = new FailedLogins(config.auth().maxFailuresPerMinute());
        Access access = new Access(keeper.gate(), failedLogins, config.http().trustedProxies());
        instruments.read(access);
        return access;
    }

    private Future<Void> serve(HttpOptions options, Access access, AuditTrail trail) {
        int instances = setup.config().http().instancesFor(Runtime.getRuntime().availableProcessors());
        if (instances == 1) {
            TokenCache cache =
                    bypass() == null ? TokenCache.create(vertx, client) : TokenCache.create(vertx, client, bypass());
            HttpService http = new HttpService(vertx, options, cache, access, trail, connections);
            started.push(http::stop);
            return http.start()
                    .onSuccess(real -> {
                        port = real;
                        updateTlsLater(http::updateTls);
                    })
                    .mapEmpty();
        }
        if (options.getPort() == 0) {
            options.setPort(SHARED_FREE_PORT);
        }
        return deploy(() -> new HttpVerticle(options, client, bypass(), access, trail, connections), instances);
    }

    /** What is read while the cache doesn't answer. A front node reads no disk: it may have another, or none. */
    private TokenSource bypass() {
        return setup.config().isFront() ? null : sources.truth();
    }

    /** All share one port. Vert.x takes 0 as a free port for each, and -1 as one free port for those that ask for it. */
    private Future<Void> deploy(Supplier<HttpVerticle> verticles, int left) {
        HttpVerticle http = verticles.get();
        Future<String> deployed = vertx.deployVerticle(http).onSuccess(id -> {
            if (https.isEmpty()) {
                started.push(
                        () -> Future.join(https.stream().map(vertx::undeploy).toList()));
            }
            https.add(id);
            port = http.port();
        });
        if (left == 1) {
            deployed.onSuccess(id -> updateTlsLater(http::updateTls)); // one updates them all
        }
        return deployed.compose(done -> left == 1 ? Future.succeededFuture() : deploy(verticles, left - 1));
    }

    /** Looks at certificate and key again and again, one look after the other. */
    private void updateTlsLater(Supplier<Future<Void>> update) {
        setup.tls()
                .ifPresent(tls -> vertx.setTimer(TLS_REFRESH_MILLIS, id -> {
                    if (!stopping) {
                        vertx.executeBlocking(tls::refresh, false)
                                .compose(changed -> changed ? update.get() : Future.succeededFuture())
                                .onFailure(cause -> LOG.log(Level.ERROR, "tls_not_updated", cause))
                                .onComplete(done -> updateTlsLater(update));
                    }
                }));
    }

    /**
     * Ends all parts in their order, before this is undeployed: that would end the deployed ones first, and all at once. For any
     * thread.
     */
    Future<Void> end() {
        return onOwnLoop(this::stop);
    }

    @Override
    public Future<?> stop() {
        stopping = true;
        return stop(started, PARTS_MILLIS).eventually(() -> stop(ground, STORAGE_MILLIS));
    }

    /** Never fails. Past the time all that is left is ended at once. */
    private Future<?> stop(Deque<Supplier<Future<?>>> parts, long millis) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        Future<?> stopped = Future.succeededFuture();
        while (!parts.isEmpty()) {
            Supplier<Future<?>> next = parts.pop();
            stopped = stopped.eventually(() ->
                    onOwnLoop(next).timeout(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS));
        }
        return stopped.otherwiseEmpty();
    }

    /** The parts live there, wherever the one before has ended. */
    private Future<Void> onOwnLoop(Supplier<Future<?>> part) {
        Promise<Void> ended = Promise.promise();
        context.runOnContext(none -> Future.succeededFuture()
                .compose(now -> part.get().<Void>mapEmpty())
                .onComplete(ended));
        return ended.future();
    }

    /** The port that requests are served on, after the start; 0 without the role {@code http}. */
    int port() {
        return port;
    }
}
