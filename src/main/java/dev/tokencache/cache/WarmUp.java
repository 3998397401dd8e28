package dev.tokencache.cache;

import dev.tokencache.Failure;
import dev.tokencache.TokenKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;

/**
 * What is loaded at the start, in the background: the most-read names of the last run first, then the projects that are to
 * be preloaded.
 */
final class WarmUp {
    private static final Logger LOG = System.getLogger(WarmUp.class.getName());

    private final Vertx vertx;
    private final Lists lists;
    private final FileIndex index;
    private final Preloader preloader;
    private final List<String> projects;

    /** Null when nothing is to be remembered between starts. */
    private final WarmList list;

    WarmUp(Vertx vertx, CacheOptions options, Lists lists, FileIndex index, Preloader preloader) {
        this.vertx = vertx;
        this.lists = lists;
        this.index = index;
        this.preloader = preloader;
        this.projects = options.getPreload();
        this.list = options.getWarmFile() == null ? null : new WarmList(options.getWarmFile());
    }

    void run() {
        remembered()
                .compose(preloader::warm)
                .compose(done -> projects.contains("*") ? lists.projects() : Future.succeededFuture(projects))
                .compose(names -> Windowed.forEach(names, 1, this::preload))
                .onFailure(cause -> LOG.log(
                        Level.WARNING, "preload failed: {0}", Failure.of(cause).machineName()));
    }

    private Future<List<TokenKey>> remembered() {
        return list == null
                ? Future.succeededFuture(List.of())
                : vertx.executeBlocking(list::load, false).otherwise(List.of());
    }

    private Future<?> preload(String project) {
        return preloader
                .preload(project)
                .onSuccess(done -> LOG.log(
                        Level.INFO,
                        "preloaded: tokens {0}, failed {1}",
                        done.loaded(),
                        done.failed().size()));
    }

    /** Remembers the most-read names; never fails, since a list that can't be written costs speed only. */
    Future<Void> save() {
        if (list == null) {
            return Future.succeededFuture();
        }
        List<String> names = WarmList.mostRead(index);
        if (names.isEmpty()) {
            // Nobody has read anything yet: what the last run knew is the better guess.
            return Future.succeededFuture();
        }
        return vertx.<Void>executeBlocking(() -> {
                    list.save(names);
                    return null;
                })
                .recover(cause -> {
                    LOG.log(
                            Level.WARNING,
                            "the most-read names were not written: {0}",
                            cause.getClass().getName());
                    return Future.succeededFuture();
                });
    }
}
