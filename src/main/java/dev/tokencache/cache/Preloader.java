package dev.tokencache.cache;

import dev.tokencache.Failure;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Loads many tokens at once, ahead of demand or for pages; behind {@link BulkLoads}, so that readers get theirs. */
final class Preloader {
    private static final int WIDTH = 32;

    private final Tokens tokens;
    private final Lists lists;
    private final int width;
    private final BulkLoads bulk;

    Preloader(Tokens tokens, Lists lists, CacheOptions options) {
        this.tokens = tokens;
        this.lists = lists;
        int share = Math.max(1, options.getMaxLoads() / 2);
        this.width = Math.min(WIDTH, share);
        this.bulk = new BulkLoads(share);
    }

    /** What a preload did; {@code failed} names each file that could not be loaded, and why. */
    record Preloaded(int loaded, JsonArray failed) {
        JsonObject toJson() {
            return new JsonObject().put("loaded", loaded).put("failed", failed);
        }
    }

    Future<Preloaded> preload(String project) {
        JsonArray failed = new JsonArray();
        int[] loaded = new int[1];
        return lists.get(project)
                .compose(names -> Windowed.forEach(
                        names.names(),
                        width,
                        filename -> fetch(project, filename)
                                .onSuccess(file -> loaded[0] += file == null ? 0 : 1)
                                .onFailure(cause -> failed.add(failed(filename, cause)))))
                .map(done -> new Preloaded(loaded[0], failed));
    }

    private static JsonObject failed(String filename, Throwable cause) {
        return new JsonObject()
                .put("filename", filename)
                .put("reason", Failure.of(cause).machineName());
    }

    /** Loads these keys, as far as they can be. */
    Future<Void> warm(List<TokenKey> keys) {
        return Windowed.forEach(keys, width, key -> fetch(key.project(), key.filename()));
    }

    /** The value from memory without counting a hit, or loaded; null when there is no such token. */
    Future<TokenFile> fetch(String project, String filename) {
        TokenFile cached = tokens.peek(project + '/' + filename);
        return cached != null ? Future.succeededFuture(cached) : load(new TokenKey(project, filename));
    }

    /** Loads a value that isn't in memory. */
    Future<TokenFile> load(TokenKey key) {
        return bulk.run(() -> tokens.load(key));
    }

    int width() {
        return width;
    }
}
