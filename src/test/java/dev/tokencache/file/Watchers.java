package dev.tokencache.file;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;

/** Deploys watchers that tests have put together from parts of their own. */
final class Watchers {
    private Watchers() {}

    /** Deploys one and waits for it; its deployment's id. */
    static String deploy(Vertx vertx, WatcherService service) {
        return vertx.deployVerticle(new VerticleBase() {
                    @Override
                    public Future<?> start() {
                        return service.start();
                    }

                    @Override
                    public Future<?> stop() {
                        return service.stop();
                    }
                })
                .await();
    }
}
