package dev.tokencache.redis;

import static dev.tokencache.redis.Nodes.await;

import dev.tokencache.TokenCache;
import dev.tokencache.TokenCacheOptions;
import dev.tokencache.cache.CacheOptions;
import dev.tokencache.cache.CacheVerticle;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/** A node without files, at a base address of its own, with a cache node behind it. */
final class FrontNode {
    final TokenCache cache;
    final TierTokenSource source;

    FrontNode(Vertx vertx, String url, String address, TokenCache cacheNode) throws Exception {
        source = new TierTokenSource(vertx, Nodes.options(url), new RemoteTokenSource(cacheNode));
        CacheOptions options = new CacheOptions()
                .setBaseAddress(address)
                .setListTtl(Duration.ofMillis(100))
                .setAbsentTtl(Duration.ZERO);
        await(vertx.deployVerticle(new CacheVerticle(options, source)));
        cache = TokenCache.create(
                vertx, new TokenCacheOptions().setBaseAddress(address).setTimeout(Duration.ofSeconds(20)));
        source.watchOver(cache);
    }

    /** Waits until it uses the tier. */
    void awaitTrust() throws Exception {
        await(source::isTrusting);
    }

    boolean isWatching() throws Exception {
        JsonObject watch = await(cache.stats()).getJsonObject("cache").getJsonObject("watch");
        return watch.getBoolean("isWatching");
    }

    /** How many tokens are in memory. */
    long held() throws Exception {
        return await(cache.stats()).getJsonObject("cache").getLong("cachedTokens");
    }
}
