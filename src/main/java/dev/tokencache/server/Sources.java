package dev.tokencache.server;

import dev.tokencache.TokenCache;
import dev.tokencache.TokenCacheOptions;
import dev.tokencache.TokenSource;
import dev.tokencache.file.FileTokenSource;
import dev.tokencache.redis.RedisSourceOptions;
import dev.tokencache.redis.RedisTokenSource;
import dev.tokencache.redis.RemoteTokenSource;
import dev.tokencache.redis.TierTokenSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Where a server's tokens come from, by its configuration: files, files with a tier before them, or a tier with a cache node
 * behind it. Made on the event loop of the cache.
 */
final class Sources {
    private final Deque<TokenSource> open = new ArrayDeque<>();
    private final TokenSource tokens;
    private final TokenSource truth;
    private Consumer<TokenCache> watcher = cache -> {};
    private Consumer<ServerConfig> updates = config -> {};

    /**
     * @param others reaches the nodes with files; asked with by a node that has none
     * @param traced makes steps of what a source of files does
     */
    Sources(
            Vertx vertx,
            ServerSetup setup,
            OptionsMapping options,
            Instruments instruments,
            TokenCacheOptions others,
            UnaryOperator<TokenSource> traced) {
        if (setup.config().source() == ServerConfig.Source.REDIS) {
            RemoteTokenSource remote = new RemoteTokenSource(TokenCache.create(vertx, others));
            TierTokenSource tier = new TierTokenSource(vertx, setup.redis().orElseThrow(), remote);
            open.push(tier);
            instruments.read(tier.counters(), tier::isUsable, tier::isBroken);
            watcher = tier::watchOver;
            updates = config ->
                    tier.update(config.watch().interval(), config.cache().tokenTtl());
            tokens = tier;
            truth = remote;
            return;
        }
        FileTokenSource files = new FileTokenSource(vertx, options.source());
        open.push(files);
        instruments.read(files);
        truth = traced.apply(files);
        if (setup.redis().isEmpty()) {
            tokens = truth;
            return;
        }
        RedisSourceOptions redis = new RedisSourceOptions(setup.redis().get()).setEtags(setup.etagKey()::etag);
        RedisTokenSource tier = new RedisTokenSource(vertx, redis, truth);
        open.push(tier);
        instruments.read(tier.counters(), tier::isUsable, tier::isBroken);
        tokens = tier;
    }

    /** What the cache reads from. */
    TokenSource tokens() {
        return tokens;
    }

    /** What is read while the cache does not answer. */
    TokenSource truth() {
        return truth;
    }

    /** Lets a source that no watcher of files speaks for watch over what the cache holds. */
    void watchOver(TokenCache cache) {
        watcher.accept(cache);
    }

    /** Goes by what the configuration's file says now. */
    void update(ServerConfig config) {
        updates.accept(config);
    }

    /** Closes what was opened, last first. */
    Future<Void> close() {
        Future<Void> closed = Future.succeededFuture();
        while (!open.isEmpty()) {
            TokenSource next = open.pop();
            closed = closed.eventually(next::close);
        }
        return closed;
    }
}
