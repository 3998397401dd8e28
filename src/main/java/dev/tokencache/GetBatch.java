package dev.tokencache;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;

/**
 * The gets of one event-loop tick, sent as one message: no timer and no added wait, and the batch grows with the load. Only
 * the event-loop thread it was made on uses it. A key that isn't in memory is asked for again alone, so that a slow load
 * delays nobody else.
 */
final class GetBatch {
    private static final int MAX_SIZE = 1_024;

    private final Context context;
    private final Thread thread;
    private final TokenCache cache;
    private List<String> keys = new ArrayList<>();
    private List<Promise<TokenFile>> promises = new ArrayList<>();

    private GetBatch(Context context, Thread thread, TokenCache cache) {
        this.context = context;
        this.thread = thread;
        this.cache = cache;
    }

    /** A batch for the event loop this runs on, or null when it runs on none. */
    static GetBatch forCurrentContext(Vertx vertx, TokenCache cache) {
        Context current = Vertx.currentContext();
        boolean onEventLoop = current != null && current.isEventLoopContext() && Context.isOnEventLoopThread();
        return onEventLoop ? new GetBatch(vertx.getOrCreateContext(), Thread.currentThread(), cache) : null;
    }

    boolean isMine() {
        return Thread.currentThread() == thread;
    }

    Future<TokenFile> get(String key) {
        Promise<TokenFile> promise = Promise.promise();
        if (keys.isEmpty()) {
            context.runOnContext(ignored -> flush());
        }
        keys.add(key);
        promises.add(promise);
        if (keys.size() == MAX_SIZE) {
            flush();
        }
        return promise.future();
    }

    private void flush() {
        if (keys.isEmpty()) {
            return;
        }
        List<String> sentKeys = keys;
        List<Promise<TokenFile>> sent = promises;
        keys = new ArrayList<>();
        promises = new ArrayList<>();
        if (sent.size() == 1) {
            cache.getAlone(sentKeys.get(0)).onComplete(sent.get(0));
            return;
        }
        cache.gets(TokenKeys.cachedOnly(sentKeys)).onComplete(reply -> {
            for (int i = 0; i < sent.size(); i++) {
                if (reply.succeeded()) {
                    answer(reply.result(), i, sentKeys.get(i), sent.get(i));
                } else {
                    cache.getBypassing(sentKeys.get(i), reply.cause()).onComplete(sent.get(i));
                }
            }
        });
    }

    private void answer(TokenFiles files, int index, String key, Promise<TokenFile> promise) {
        if (files.isUncached(index)) {
            cache.getAlone(key).onComplete(promise);
        } else if (files.failure(index) != null) {
            promise.fail(files.failure(index).exception());
        } else {
            promise.complete(files.file(index));
        }
    }
}
