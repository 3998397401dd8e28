package dev.tokencache.bench;

import dev.tokencache.Fingerprint;
import dev.tokencache.Precondition;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import dev.tokencache.TokenNames;
import dev.tokencache.TokenSource;
import dev.tokencache.WriteResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;

/** Files of a file system that takes its time for each read, as one on a network does. */
final class SlowSource implements TokenSource {
    private final Vertx vertx;
    private final TokenSource files;
    private final Duration latency;

    /** @param latency of a read, in whole milliseconds, at least one */
    SlowSource(Vertx vertx, TokenSource files, Duration latency) {
        this.vertx = vertx;
        this.files = files;
        this.latency = latency;
    }

    @Override
    public Future<TokenFile> read(TokenKey key) {
        return vertx.timer(latency.toMillis()).compose(over -> files.read(key));
    }

    @Override
    public Future<Fingerprint> fingerprint(TokenKey key) {
        return vertx.timer(latency.toMillis()).compose(over -> files.fingerprint(key));
    }

    @Override
    public Future<TokenNames> list(String project) {
        return files.list(project);
    }

    @Override
    public Future<List<String>> projects() {
        return files.projects();
    }

    @Override
    public Future<WriteResult> write(TokenKey key, Buffer bytes, Precondition precondition) {
        return files.write(key, bytes, precondition);
    }

    @Override
    public Future<Boolean> delete(TokenKey key, Precondition precondition) {
        return files.delete(key, precondition);
    }

    @Override
    public Future<Void> close() {
        return files.close();
    }
}
