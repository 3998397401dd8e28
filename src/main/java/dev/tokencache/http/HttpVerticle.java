package dev.tokencache.http;

import dev.tokencache.TokenCache;
import dev.tokencache.TokenCacheOptions;
import dev.tokencache.TokenSource;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/**
 * Serves REST on one event loop; several instances share a port. What must be one in a process is handed to each of them.
 */
public final class HttpVerticle extends VerticleBase {
    private final HttpOptions options;
    private final TokenCacheOptions cacheOptions;
    private final TokenSource bypass;
    private final Access access;
    private final AuditTrail trail;
    private final ConnectionLimit connections;
    private HttpService service;
    private int port;

    /**
     * One instance.
     *
     * @param cacheOptions which cache it asks
     * @param bypass what is read while the cache does not answer, or null to fail then
     * @param access the process's one
     * @param trail the process's one
     * @param connections the process's one count
     */
    public HttpVerticle(
            HttpOptions options,
            TokenCacheOptions cacheOptions,
            TokenSource bypass,
            Access access,
            AuditTrail trail,
            ConnectionLimit connections) {
        this.options = options;
        this.cacheOptions = cacheOptions;
        this.bypass = bypass;
        this.access = access;
        this.trail = trail;
        this.connections = connections;
    }

    @Override
    public Future<?> start() {
        TokenCache cache = bypass == null
                ? TokenCache.create(vertx, cacheOptions)
                : TokenCache.create(vertx, cacheOptions, bypass);
        service = new HttpService(vertx, options, cache, access, trail, connections);
        return service.start().onSuccess(real -> port = real);
    }

    /** The port it really listens on, once it is deployed. */
    public int port() {
        return port;
    }

    /** See {@link HttpService#updateTls}. */
    public Future<Void> updateTls() {
        return service.updateTls();
    }

    @Override
    public Future<?> stop() {
        return service.stop();
    }
}
