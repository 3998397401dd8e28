package dev.tokencache.history;

import dev.tokencache.TokenCache;
import dev.tokencache.TokenFile;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The embedded client on an event loop of its own, where the gets of one tick travel as one message. Reads only. */
final class LoopPort implements Port {
    private final Context context;
    private final Recorder recorder;
    private final TokenCache cache;

    LoopPort(Vertx vertx, Supplier<TokenCache> clients, Recorder recorder) throws Exception {
        this.recorder = recorder;
        Promise<Context> started = Promise.promise();
        Promise<TokenCache> made = Promise.promise();
        vertx.deployVerticle(new VerticleBase() {
                    @Override
                    public Future<?> start() {
                        started.complete(context);
                        made.complete(clients.get());
                        return Future.succeededFuture();
                    }
                })
                .onFailure(started::tryFail);
        context = started.future().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        cache = made.future().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private void onLoop(Supplier<Future<?>> work) throws Exception {
        Promise<Void> done = Promise.promise();
        context.runOnContext(ignored -> work.get().onComplete(ended -> done.complete()));
        ClientPort.settle(done.future());
    }

    private Future<TokenFile> read(int key) {
        long start = recorder.now();
        return cache.get(Keys.tokenKey(key)).onComplete(got -> ClientPort.record(recorder, key, start, got));
    }

    @Override
    public void get(int key) throws Exception {
        onLoop(() -> read(key));
    }

    @Override
    public void getMany(int project) throws Exception {
        onLoop(() -> {
            List<Future<?>> gets = new ArrayList<>();
            for (int key = 0; key < Keys.COUNT; key++) {
                if (Keys.project(key) == project) {
                    gets.add(read(key));
                }
            }
            return Future.join(gets);
        });
    }

    @Override
    public void list(int project) throws Exception {
        onLoop(() -> ClientPort.list(cache, recorder, project));
    }

    @Override
    public void put(int key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void delete(int key) {
        throw new UnsupportedOperationException();
    }
}
