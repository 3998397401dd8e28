package dev.tokencache.tracing;

import dev.tokencache.Fingerprint;
import dev.tokencache.Precondition;
import dev.tokencache.Sighting;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import dev.tokencache.TokenNames;
import dev.tokencache.TokenSource;
import dev.tokencache.Tracing;
import dev.tokencache.WriteResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A source each of whose calls is a step, from asking to the answer: the wait for a thread is in it. */
final class TracedSource implements TokenSource {
    private final TokenSource source;
    private final Tracing tracing;

    TracedSource(TokenSource source, Tracing tracing) {
        this.source = source;
        this.tracing = tracing;
    }

    @Override
    public Future<TokenFile> read(TokenKey key) {
        return tracing.step("file read", () -> source.read(key));
    }

    @Override
    public Future<TokenFile> read(TokenKey key, Sighting sighting) {
        return tracing.step("file read", () -> source.read(key, sighting));
    }

    /** One step for all of them: it is one call. */
    @Override
    public List<Future<TokenFile>> readAll(List<TokenKey> keys, Function<TokenKey, Sighting> known) {
        List<Future<TokenFile>> reads = new ArrayList<>();
        Future<?> unused = tracing.step("file reads", () -> {
            reads.addAll(source.readAll(keys, known));
            return Future.join(reads);
        });
        return reads;
    }

    @Override
    public void invalidated(String what) {
        source.invalidated(what);
    }

    @Override
    public void looked(long startedNanos, long intervalMillis) {
        source.looked(startedNanos, intervalMillis);
    }

    @Override
    public Future<Fingerprint> fingerprint(TokenKey key) {
        return tracing.step("file look", () -> source.fingerprint(key));
    }

    @Override
    public Future<TokenNames> list(String project) {
        return tracing.step("file list", () -> source.list(project));
    }

    @Override
    public Future<List<String>> candidates(String project) {
        return tracing.step("file names", () -> source.candidates(project));
    }

    @Override
    public Future<List<String>> projects() {
        return tracing.step("file projects", source::projects);
    }

    @Override
    public Future<WriteResult> write(TokenKey key, Buffer bytes, Precondition precondition) {
        return tracing.step("file write", () -> source.write(key, bytes, precondition));
    }

    @Override
    public Future<Boolean> delete(TokenKey key, Precondition precondition) {
        return tracing.step("file delete", () -> source.delete(key, precondition));
    }

    @Override
    public Future<Void> close() {
        return source.close();
    }
}
