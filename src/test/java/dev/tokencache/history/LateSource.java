package dev.tokencache.history;

import dev.tokencache.Fingerprint;
import dev.tokencache.Precondition;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import dev.tokencache.TokenNames;
import dev.tokencache.TokenSource;
import dev.tokencache.WriteResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** A disk whose answers come late at times, and so in another order than they were asked for. For one event loop. */
final class LateSource implements TokenSource {
    private static final int LATE_IN = 4;
    private static final int MOST_MILLIS = 20;

    private final Vertx vertx;
    private final TokenSource source;
    private final Random random;

    LateSource(Vertx vertx, TokenSource source, Random random) {
        this.vertx = vertx;
        this.source = source;
        this.random = random;
    }

    private <T> Future<T> late(Supplier<Future<T>> read) {
        return pause().compose(waited -> read.get()).eventually(this::pause);
    }

    private Future<Void> pause() {
        if (random.nextInt(LATE_IN) > 0) {
            return Future.succeededFuture();
        }
        Promise<Void> over = Promise.promise();
        vertx.setTimer(1 + random.nextInt(MOST_MILLIS), id -> over.complete());
        return over.future();
    }

    @Override
    public Future<TokenFile> read(TokenKey key) {
        return late(() -> source.read(key));
    }

    @Override
    public Future<Fingerprint> fingerprint(TokenKey key) {
        return late(() -> source.fingerprint(key));
    }

    @Override
    public Future<TokenNames> list(String project) {
        return late(() -> source.list(project));
    }

    @Override
    public Future<List<String>> projects() {
        return source.projects();
    }

    @Override
    public Future<WriteResult> write(TokenKey key, Buffer bytes, Precondition precondition) {
        return source.write(key, bytes, precondition);
    }

    @Override
    public Future<Boolean> delete(TokenKey key, Precondition precondition) {
        return source.delete(key, precondition);
    }

    @Override
    public Future<Void> close() {
        return source.close();
    }
}
