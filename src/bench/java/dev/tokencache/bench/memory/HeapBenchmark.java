package dev.tokencache.bench.memory;

import dev.tokencache.TokenCache;
import dev.tokencache.TokenCacheOptions;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenFiles;
import dev.tokencache.TokenKey;
import dev.tokencache.TokenNames;
import dev.tokencache.bench.Outcomes;
import dev.tokencache.bench.memory.HeapTable.Bytes;
import dev.tokencache.cache.CacheOptions;
import dev.tokencache.cache.CacheVerticle;
import dev.tokencache.content.EtagKey;
import dev.tokencache.file.FileSourceOptions;
import dev.tokencache.file.FileTokenSource;
import dev.tokencache.file.WatchOptions;
import dev.tokencache.file.WatcherVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.management.JMException;

/**
 * The heap that a cached token of 300 bytes takes: real files, read through the real cache, watched by the real watcher. A
 * picture of the heap is taken after each step, so that each step's bytes can be told apart. Alone in its JVM.
 *
 * <p>System properties: {@code bench.directory} (where the results go), {@code bench.tokens} (a million if unset; the heap
 * has to hold a kilobyte for each).
 */
final class HeapBenchmark {
    private static final int DEFAULT_TOKENS = 1_000_000;
    private static final int BATCH = 1_000;
    private static final double MOST_VALUE = 700;
    private static final double MOST_BESIDE = 200;
    private static final Duration LONG = Duration.ofDays(1);

    /** To take a picture of the heap stops everything for seconds. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final long TIMEOUT_MINUTES = 10;
    private static final long POLL_MILLIS = 100;

    private final TokenTree tree;
    private final Vertx vertx = Vertx.vertx();
    private final EtagKey etagKey = EtagKey.of("not-a-secret-key-of-a-benchmark".getBytes(StandardCharsets.US_ASCII));
    private final TokenCache cache = TokenCache.create(vertx, new TokenCacheOptions().setTimeout(PATIENCE));

    private HeapBenchmark(TokenTree tree) {
        this.tree = tree;
    }

    /** Runs it, prints the table and writes it. */
    public static void main(String[] args) throws Exception {
        Path results = Files.createDirectories(Path.of(System.getProperty("bench.directory")));
        HeapTable table = new HeapTable(Integer.getInteger("bench.tokens", DEFAULT_TOKENS), TokenTree.FILE_BYTES);
        Outcomes outcomes = new Outcomes();
        try (TokenTree tree = TokenTree.create(table.tokens())) {
            HeapBenchmark benchmark = new HeapBenchmark(tree);
            try {
                benchmark.run(table, outcomes);
            } finally {
                await(benchmark.vertx.close());
            }
        }
        String text = table.render();
        System.out.print(text);
        Files.writeString(results.resolve("heap.txt"), text);
        outcomes.writeTo(results, "heap");
    }

    private void run(HeapTable table, Outcomes outcomes) throws JMException {
        FileTokenSource source = new FileTokenSource(
                vertx, new FileSourceOptions().setRoot(tree.root()).setEtagKey(etagKey));
        CacheOptions options = new CacheOptions()
                .setTokenTtl(LONG)
                .setListTtl(LONG)
                .setLoadTimeout(PATIENCE)
                .setMaxBytes(Runtime.getRuntime().maxMemory());
        await(vertx.deployVerticle(new CacheVerticle(options, source)));
        await(cache.getAll(tree.keys(0, BATCH))); // what is made once, whatever is read
        await(cache.clear());
        HeapPicture empty = HeapPicture.take();
        readAll();
        HeapPicture values = HeapPicture.take();
        Bytes value = table.add("values, keys and the index", values, empty);
        await(vertx.deployVerticle(new WatcherVerticle(tree.root(), etagKey, new WatchOptions())));
        awaitWatched();
        HeapPicture watched = HeapPicture.take();
        Bytes picture = table.add("the watcher's picture, and its word in the index", watched, values);
        listAll();
        HeapPicture listed = HeapPicture.take();
        Bytes lists = table.add("lists of names", listed, watched);
        outcomes.atMost("heap for value, key and its place in the map", "bytes a token", MOST_VALUE, value.rest());
        outcomes.atMost(
                "heap for record of the file, watcher's picture and list",
                "bytes a token",
                MOST_BESIDE,
                value.records() + picture.records() + picture.rest() + lists.records() + lists.rest());
        table.add("all", listed, empty);
        requireCached();
        await(cache.clear());
        readAll();
        listAll();
        requireCached();
        table.add("all, dropped and read anew with the watcher's picture there first", HeapPicture.take(), empty);
        await(source.close());
    }

    private void listAll() {
        for (String project : tree.projects()) {
            await(cache.list(project));
        }
    }

    private void readAll() {
        for (int from = 0; from < tree.files(); from += BATCH) {
            get(tree.keys(from, from + BATCH));
        }
    }

    private void get(List<TokenKey> keys) {
        TokenFiles files = await(cache.getAll(keys));
        for (int i = 0; i < files.size(); i++) {
            TokenFile file = files.file(i);
            if (file == null || file.size() != TokenTree.FILE_BYTES) {
                throw new IllegalStateException("not read: " + files.failure(i));
            }
        }
    }

    private void awaitWatched() {
        Future<Void> watched = Future.future(promise -> vertx.setPeriodic(
                POLL_MILLIS,
                timer -> cache.stats().onFailure(promise::tryFail).onSuccess(stats -> {
                    if (watch(stats).getBoolean("scanned")) {
                        vertx.cancelTimer(timer);
                        promise.tryComplete();
                    }
                })));
        await(watched);
    }

    private static JsonObject watch(JsonObject stats) {
        return stats.getJsonObject("cache").getJsonObject("watch");
    }

    /** None was evicted meanwhile, nor invalidated, and the lists name all. */
    private void requireCached() {
        int cached = await(cache.stats()).getJsonObject("cache").getInteger("cachedTokens");
        int listed = 0;
        for (String project : tree.projects()) {
            TokenNames names = await(cache.list(project));
            listed += names.count();
        }
        if (cached != tree.files() || listed != tree.files()) {
            throw new IllegalStateException(cached + " cached, " + listed + " listed");
        }
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(TIMEOUT_MINUTES, TimeUnit.MINUTES);
        } catch (TimeoutException e) {
            throw new IllegalStateException("it hangs", e);
        }
    }
}
