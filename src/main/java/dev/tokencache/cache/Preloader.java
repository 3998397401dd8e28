package dev.tokencache.cache;

import dev.tokencache.Failure;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Loads many tokens at once, ahead of demand or for pages; behind {@link BulkLoads}, so that readers get theirs. */
final class Preloader {
    private static final int WIDTH = 32;

    /** How many loads of a preload share one call of the source, and how many such calls there are at once. */
    private static final int TOGETHER = 32;

    private static final int CALLS = 4;

    /**
     * How many values that were read and not kept are read once more: those under way when the watcher tells of its first look. More
     * of them means that there is no room.
     */
    private static final int MOST_OVERTAKEN = 1_000;

    private final Tokens tokens;
    private final Lists lists;
    private final int width;
    private final int together;
    private final int calls;
    private final BulkLoads bulk;

    Preloader(Tokens tokens, Lists lists, CacheOptions options) {
        this.tokens = tokens;
        this.lists = lists;
        int share = Math.max(1, options.getMaxLoads() / 2);
        this.width = Math.min(WIDTH, share);
        // One begins while any place is left: half of the share at most, or it would take places of a project's
        // readers.
        this.together = Math.max(1, Math.min(TOGETHER, share / 2));
        this.calls = Math.max(1, Math.min(CALLS, share / together));
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
        List<String> overtaken = new ArrayList<>();
        return lists.candidates(project)
                .compose(names -> fetchAll(project, names, (filename, read) -> {
                    if (read.failed()) {
                        failed.add(failed(filename, read.cause()));
                    } else if (read.result() != null) {
                        loaded[0]++;
                        if (overtaken.size() < MOST_OVERTAKEN && tokens.peek(project + '/' + filename) == null) {
                            overtaken.add(filename);
                        }
                    }
                }))
                .compose(done -> fetchAll(project, overtaken, (filename, read) -> {}))
                .map(done -> new Preloaded(loaded[0], failed));
    }

    private Future<Void> fetchAll(
            String project, List<String> filenames, BiConsumer<String, AsyncResult<TokenFile>> each) {
        return Windowed.forEach(pieces(filenames), calls, piece -> fetchPiece(project, piece, each));
    }

    private List<List<String>> pieces(List<String> names) {
        List<List<String>> pieces = new ArrayList<>();
        for (int start = 0; start < names.size(); start += together) {
            pieces.add(names.subList(start, Math.min(names.size(), start + together)));
        }
        return pieces;
    }

    /** Sees to it that these are in memory, and tells of each; completes when all have ended. */
    private Future<?> fetchPiece(
            String project, List<String> filenames, BiConsumer<String, AsyncResult<TokenFile>> each) {
        List<TokenKey> absent = new ArrayList<>();
        for (String filename : filenames) {
            TokenFile cached = tokens.peek(project + '/' + filename);
            if (cached == null) {
                absent.add(new TokenKey(project, filename));
            } else {
                each.accept(filename, Future.succeededFuture(cached));
            }
        }
        return absent.isEmpty() ? Future.succeededFuture() : bulk.run(absent.size(), () -> loadAll(absent, each));
    }

    private Future<Void> loadAll(List<TokenKey> keys, BiConsumer<String, AsyncResult<TokenFile>> each) {
        List<Future<TokenFile>> loads = tokens.loadAll(keys);
        Promise<Void> ended = Promise.promise();
        int[] left = {loads.size()};
        for (int i = 0; i < loads.size(); i++) {
            String filename = keys.get(i).filename();
            loads.get(i).onComplete(read -> {
                each.accept(filename, read);
                if (--left[0] == 0) {
                    ended.complete();
                }
            });
        }
        return ended.future();
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
