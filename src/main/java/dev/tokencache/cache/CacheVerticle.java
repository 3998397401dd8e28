package dev.tokencache.cache;

import dev.tokencache.TokenSource;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/**
 * Owns every byte of token state at one base address and serves the bus contract. One instance a JVM and base address; a
 * second one fails to deploy. Deploy it on an event loop. Undeploying gives the address back; the source is not closed.
 */
public final class CacheVerticle extends VerticleBase {
    private final CacheOptions options;
    private final TokenSource source;
    private CacheService service;

    /** A cache of what the source holds. */
    public CacheVerticle(CacheOptions options, TokenSource source) {
        this.options = options;
        this.source = source;
    }

    @Override
    public Future<?> start() {
        service = new CacheService(vertx, options, source);
        return service.start();
    }

    @Override
    public Future<?> stop() {
        return service.stop();
    }
}
