package dev.tokencache.redis;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.function.Supplier;

/** The event loop that a link lives on, for callers on any thread: what is done there completes on their own context. */
final class LinkLoop {
    private final Vertx vertx;
    private final ContextInternal context;

    /** The current event loop, or a new one for a caller on none. */
    LinkLoop(Vertx vertx) {
        this.vertx = vertx;
        context = (ContextInternal) vertx.getOrCreateContext();
    }

    /** Does something there, at once if that is where the caller is. */
    <T> Future<T> run(Supplier<Future<T>> work) {
        if (context.inThread()) {
            return work.get();
        }
        Promise<T> promise = ((ContextInternal) vertx.getOrCreateContext()).promise();
        context.runOnContext(now -> work.get().onComplete(promise));
        return promise.future();
    }

    /** Does something there after what is done there now. */
    void later(Runnable work) {
        context.runOnContext(now -> work.run());
    }
}
