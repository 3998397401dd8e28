package dev.tokencache.examples;

import dev.tokencache.Failure;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenChange;
import dev.tokencache.TokenFile;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;

/**
 * Follows one token, for something that is set up with a token and has to be set up again when it changes, such as a pool
 * of connections. What only needs a token now and then asks the cache each time: that is a look into memory.
 */
public final class CurrentToken extends VerticleBase {
    private static final Logger LOG = System.getLogger(CurrentToken.class.getName());

    private final String project;
    private final String filename;
    private final Consumer<TokenFile> listener;
    private TokenCache cache;
    private MessageConsumer<JsonObject> changes;
    private long reads;

    /**
     * A follower that isn't deployed.
     *
     * @param listener is given the token, at the start and after each change, on this verticle's event loop; null: it is gone
     */
    public CurrentToken(String project, String filename, Consumer<TokenFile> listener) {
        this.project = project;
        this.filename = filename;
        this.listener = listener;
    }

    @Override
    public Future<?> start() {
        cache = TokenCache.create(vertx);
        changes = cache.onChange(this::changed);
        return changes.completion().compose(registered -> read());
    }

    private void changed(TokenChange change) {
        if (change.project().equals(project) && change.filename().equals(filename)) {
            read().onFailure(cause -> LOG.log(
                    Level.WARNING,
                    "the token is kept as it was: {0}",
                    Failure.of(cause).machineName()));
        }
    }

    private Future<Void> read() {
        long number = ++reads;
        return cache.get(project, filename)
                .onSuccess(file -> {
                    if (number == reads) { // an earlier read that took longer knows less
                        listener.accept(file);
                    }
                })
                .mapEmpty();
    }

    @Override
    public Future<?> stop() {
        return changes.unregister();
    }
}
