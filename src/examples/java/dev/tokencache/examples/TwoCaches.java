package dev.tokencache.examples;

import dev.tokencache.TokenCache;
import dev.tokencache.TokenCacheOptions;
import dev.tokencache.cache.CacheOptions;
import dev.tokencache.cache.CacheVerticle;
import dev.tokencache.content.EtagKey;
import dev.tokencache.file.FileSourceOptions;
import dev.tokencache.file.FileTokenSource;
import dev.tokencache.file.WatchOptions;
import dev.tokencache.file.WatcherVerticle;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Two directories in one JVM, each with a cache, a watcher and clients at a base address of its own. */
public final class TwoCaches extends VerticleBase {
    /** Where the people's tokens are. */
    public static final String PEOPLE = "tokens.people";

    /** Where the machines' tokens are. */
    public static final String MACHINES = "tokens.machines";

    private final Path people;
    private final Path machines;
    private final EtagKey etagKey;
    private final List<FileTokenSource> sources = new ArrayList<>();

    /** Caches that aren't deployed, of directories that exist. */
    public TwoCaches(Path people, Path machines, EtagKey etagKey) {
        this.people = people;
        this.machines = machines;
        this.etagKey = etagKey;
    }

    @Override
    public Future<?> start() {
        return deploy(PEOPLE, people).compose(id -> deploy(MACHINES, machines)).onFailure(cause -> stop());
    }

    private Future<String> deploy(String address, Path root) {
        FileTokenSource source =
                new FileTokenSource(vertx, new FileSourceOptions().setRoot(root).setEtagKey(etagKey));
        sources.add(source);
        CacheOptions cache = new CacheOptions().setBaseAddress(address);
        WatchOptions watch = new WatchOptions().setCacheOptions(options(address));
        return vertx.deployVerticle(new CacheVerticle(cache, source))
                .compose(id -> vertx.deployVerticle(new WatcherVerticle(root, etagKey, watch)));
    }

    /** A client of one of them. */
    public static TokenCache client(Vertx vertx, String address) {
        return TokenCache.create(vertx, options(address));
    }

    private static TokenCacheOptions options(String address) {
        return new TokenCacheOptions().setBaseAddress(address);
    }

    @Override
    public Future<?> stop() {
        return Future.join(sources.stream().map(FileTokenSource::close).toList());
    }
}
