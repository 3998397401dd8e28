package dev.tokencache.cache;

import dev.tokencache.Sighting;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import dev.tokencache.TokenSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The reads that several loads begin with, as one call of the source: each load asks for its own, then {@link #start} makes the
 * call. A load that asks later, because it must be done once more, gets a read of its own. One event loop.
 */
final class JointLoad {
    private final TokenSource source;
    private final Function<TokenKey, Sighting> known;
    private final List<TokenKey> keys = new ArrayList<>();
    private final List<Promise<TokenFile>> promises = new ArrayList<>();
    private boolean started;

    JointLoad(TokenSource source, Function<TokenKey, Sighting> known) {
        this.source = source;
        this.known = known;
    }

    Future<TokenFile> read(TokenKey key) {
        if (started) {
            return source.read(key, known.apply(key));
        }
        Promise<TokenFile> promise = Promise.promise();
        keys.add(key);
        promises.add(promise);
        return promise.future();
    }

    void start() {
        started = true;
        if (keys.isEmpty()) {
            return;
        }
        List<Future<TokenFile>> reads;
        try {
            reads = source.readAll(List.copyOf(keys), known);
        } catch (Throwable e) { // an error too: the loads would never end
            promises.forEach(promise -> promise.fail(e));
            return;
        }
        for (int i = 0; i < promises.size(); i++) {
            reads.get(i).onComplete(promises.get(i));
        }
    }
}
