package dev.tokencache.cache;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;

/** The event loop that owns the cache's state, where what a source has done is taken in, wherever the source completes. */
final class OwnerLoop {
    private final Context context;
    private final Thread thread = Thread.currentThread();

    /** Called on the owner's event-loop thread; the context is the owner's. */
    OwnerLoop(Context context) {
        this.context = context;
    }

    /** Calls a handler on the owner: at once if the result comes there. */
    <T> void take(Future<T> future, Handler<AsyncResult<T>> handler) {
        future.onComplete(result -> {
            if (Thread.currentThread() == thread) {
                handler.handle(result);
            } else {
                context.runOnContext(ignored -> handler.handle(result));
            }
        });
    }
}
