package dev.tokencache.redis;

import static dev.tokencache.redis.Nodes.await;

import dev.tokencache.TokenCache;
import dev.tokencache.TokenCacheOptions;
import dev.tokencache.cache.CacheOptions;
import dev.tokencache.cache.CacheVerticle;
import dev.tokencache.content.EtagKey;
import dev.tokencache.file.FileSourceOptions;
import dev.tokencache.file.FileTokenSource;
import dev.tokencache.file.WatchOptions;
import dev.tokencache.file.WatcherVerticle;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** A node with files: cache, watcher and tier, at a base address of its own. Files count as old at once. */
final class FileNode {
    static final long INTERVAL_MILLIS = 100;

    private static final EtagKey ETAGS = EtagKey.of("an etag key for tests only".getBytes(StandardCharsets.UTF_8));
    private static final long AHEAD_MILLIS = Duration.ofHours(1).toMillis();

    final TokenCache cache;
    final RedisTokenSource source;
    private final FileTokenSource files;
    private final Vertx vertx;
    private final Deque<String> deployed = new ArrayDeque<>();

    FileNode(Vertx vertx, Path root, String url, String address) throws Exception {
        this(vertx, root, Nodes.options(url), address, CacheOptions.DEFAULT_TOKEN_TTL);
    }

    FileNode(Vertx vertx, Path root, RedisSourceOptions options, String address, Duration ttl) throws Exception {
        TokenCacheOptions client =
                new TokenCacheOptions().setBaseAddress(address).setTimeout(Duration.ofSeconds(20));
        files = new FileTokenSource(vertx, new FileSourceOptions().setRoot(root).setEtagKey(ETAGS));
        source = new RedisTokenSource(
                vertx,
                new RedisSourceOptions(options)
                        .setEtags(ETAGS::etag)
                        .setCurrentMillis(() -> System.currentTimeMillis() + AHEAD_MILLIS),
                files);
        CacheOptions cacheOptions =
                new CacheOptions().setBaseAddress(address).setTokenTtl(ttl).setAbsentTtl(Duration.ZERO);
        this.vertx = vertx;
        deployed.push(await(vertx.deployVerticle(new CacheVerticle(cacheOptions, source))));
        cache = TokenCache.create(vertx, client);
        deployed.push(await(vertx.deployVerticle(new WatcherVerticle(
                root,
                ETAGS,
                new WatchOptions()
                        .setInterval(Duration.ofMillis(INTERVAL_MILLIS))
                        .setMaxLoad(1)
                        .setHints(false)
                        .setCacheOptions(client)))));
    }

    /** Ends it; once more does nothing. */
    void close() throws Exception {
        while (!deployed.isEmpty()) {
            await(vertx.undeploy(deployed.pop()));
        }
        await(source.close());
        await(files.close());
    }
}
