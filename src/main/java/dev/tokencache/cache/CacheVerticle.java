package dev.tokencache.cache;

import dev.tokencache.TokenSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
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

    /**
     * Takes over other TTLs ({@code tokenTtl}, {@code listTtl}, {@code absentTtl}) and another {@code maxBytes} while it runs;
     * nothing else of the options. What was read under a longer TTL is dropped. For any thread, once it is deployed.
     *
     * @param changed copied
     * @return completes when the new values hold
     */
    public Future<Void> update(CacheOptions changed) {
        CacheOptions copy = new CacheOptions(changed);
        Promise<Void> done = Promise.promise();
        context.runOnContext(none -> {
            service.update(copy);
            done.complete();
        });
        return done.future();
    }

    @Override
    public Future<?> stop() {
        return service.stop();
    }
}
