package dev.tokencache.examples;

import dev.tokencache.ChangeFeed;
import dev.tokencache.Failure;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenFile;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a copy of all valid tokens of a project, for something that needs them all at hand. It ends up equal to the
 * directory, whatever comes in between: edits, restarts of the cache, a disk that can't be read for a while.
 */
public final class ProjectCopy extends VerticleBase {
    private final String project;
    private final Map<String, TokenFile> copy = new ConcurrentHashMap<>();
    private TokenCache cache;
    private ChangeFeed feed;

    /** A copy that isn't deployed and holds nothing. */
    public ProjectCopy(String project) {
        this.project = project;
    }

    @Override
    public Future<?> start() {
        cache = TokenCache.create(vertx);
        feed = cache.follow(project, null, piece -> {
            if (piece.reset()) {
                return readAll();
            }
            return Future.all(piece.events().stream()
                    .map(event -> event.change().filename())
                    .distinct()
                    .map(this::read)
                    .toList());
        });
        return feed.started();
    }

    private Future<?> readAll() {
        return cache.list(project).compose(names -> {
            copy.keySet().removeIf(name -> !names.contains(name));
            return Future.all(names.names().stream().map(this::read).toList());
        });
    }

    private Future<?> read(String filename) {
        return cache.get(project, filename)
                .recover(cause -> Failure.of(cause) == Failure.INVALID_TOKEN_FILE
                        ? Future.succeededFuture()
                        : Future.failedFuture(cause)) // and the feed begins again with a reset, a second later
                .map(file -> file == null ? copy.remove(filename) : copy.put(filename, file));
    }

    /** The copy as it is now, by the names of the files. It changes by itself; for any thread. */
    public Map<String, TokenFile> tokens() {
        return Map.copyOf(copy);
    }

    @Override
    public Future<?> stop() {
        return feed.close();
    }
}
