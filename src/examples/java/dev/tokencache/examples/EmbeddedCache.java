package dev.tokencache.examples;

import dev.tokencache.cache.CacheOptions;
import dev.tokencache.cache.CacheVerticle;
import dev.tokencache.content.EtagKey;
import dev.tokencache.file.FileSourceOptions;
import dev.tokencache.file.FileTokenSource;
import dev.tokencache.file.WatchOptions;
import dev.tokencache.file.WatcherVerticle;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A cache of one directory inside an application: it keeps the tokens, a watcher tells it what changes on the disk. No
 * server, no HTTP. Undeploying this verticle undeploys both and ends the source's threads.
 */
public final class EmbeddedCache extends VerticleBase {
    private final Path root;
    private final EtagKey etagKey;
    private FileTokenSource source;

    /**
     * A cache that isn't deployed.
     *
     * @param root the directory of the projects; it exists
     * @param etagKey the key of the entity tags; keep it if tags are to outlive a restart
     */
    public EmbeddedCache(Path root, EtagKey etagKey) {
        this.root = root;
        this.etagKey = etagKey;
    }

    @Override
    public Future<?> start() {
        FileSourceOptions files = new FileSourceOptions().setRoot(root).setEtagKey(etagKey);
        source = new FileTokenSource(vertx, files);
        CacheOptions cache = new CacheOptions()
                .setTokenTtl(Duration.ofMinutes(5))
                .setMaxBytes(64L << 20)
                .setPreload(List.of("*"));
        WatchOptions watch = new WatchOptions().setInterval(Duration.ofSeconds(1));
        return vertx.deployVerticle(new CacheVerticle(cache, source))
                .compose(id -> vertx.deployVerticle(new WatcherVerticle(root, etagKey, watch)))
                .onFailure(cause -> source.close());
    }

    @Override
    public Future<?> stop() {
        return source.close();
    }
}
