package dev.tokencache.file;

import dev.tokencache.content.EtagKey;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Watches the directories of token files and tells the cache of every change, on {@code .observe}. It needs the cache on the
 * bus, not before: what can't be told now is told again in the next round. One for a root and cache; deploy it on an event
 * loop.
 */
public final class WatcherVerticle extends VerticleBase {
    private final Path root;
    private final EtagKey etagKey;
    private final WatchOptions options;
    private WatcherService service;

    /**
     * A watcher of one root.
     *
     * @param root the directory that holds the projects; while it is absent that is reported as an error
     * @param etagKey the cache's own, so that tags agree
     * @param options copied
     */
    public WatcherVerticle(Path root, EtagKey etagKey, WatchOptions options) {
        this.root = Objects.requireNonNull(root);
        this.etagKey = Objects.requireNonNull(etagKey);
        this.options = new WatchOptions(options);
    }

    @Override
    public Future<?> start() {
        service = new WatcherService(
                vertx,
                root,
                options,
                new DiskScanner(root, etagKey, options.getMaxTokenBytes(), System::nanoTime),
                WatchClocks.starting(System::nanoTime, System::currentTimeMillis),
                FileSystems.getDefault()::newWatchService);
        return service.start();
    }

    /**
     * Takes over another {@code interval} and {@code maxLoad} while it runs; nothing else of the options. For any thread, once
     * it is deployed.
     *
     * @param changed copied
     */
    public void update(WatchOptions changed) {
        WatchOptions copy = new WatchOptions(changed);
        context.runOnContext(none -> service.update(copy));
    }

    @Override
    public Future<?> stop() {
        return service.stop();
    }
}
