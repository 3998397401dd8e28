package dev.tokencache.cache;

import dev.tokencache.Failure;
import dev.tokencache.TokenKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What is loaded at the start, in the background: the most-read names of the last run first, then the projects that are to
 * be preloaded.
 */
final class WarmUp {
    private static final Logger LOG = System.getLogger(WarmUp.class.getName());

    /** How often a project's list is asked for. */
    private static final int TRIES = 12;

    private final Vertx vertx;
    private final long pauseMillis;
    private final Lists lists;
    private final FileIndex index;
    private final Preloader preloader;
    private final List<String> projects;

    /** Null when nothing is to be remembered between starts. */
    private final WarmList list;

    /** The last writing of the list: the next begins when it has ended, so that the newest names stay. */
    private Future<Void> saved = Future.succeededFuture();

    WarmUp(Vertx vertx, CacheOptions options, Lists lists, FileIndex index, Preloader preloader) {
        this.vertx = vertx;
        this.pauseMillis = Math.max(1, options.getLoadTimeout().toMillis());
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

    /**
     * A directory of a million files takes longer to list than a reader would wait, while other work keeps the disk busy as
     * well: so this asks again when the list was not there in time.
     */
    private Future<?> preload(String project) {
        return preload(project, TRIES)
                .onFailure(cause -> LOG.log(
                        Level.WARNING,
                        "preload of a project failed: {0}",
                        Failure.of(cause).machineName()))
                .onSuccess(done -> LOG.log(
                        Level.INFO,
                        "preloaded: tokens {0}, failed {1}",
                        done.loaded(),
                        done.failed().size()));
    }

    private Future<Preloader.Preloaded> preload(String project, int tries) {
        return preloader
                .preload(project)
                .recover(cause -> tries > 1 && Failure.of(cause) == Failure.LOAD_TIMEOUT
                        ? vertx.timer(pauseMillis, TimeUnit.MILLISECONDS).compose(done -> preload(project, tries - 1))
                        : Future.failedFuture(cause));
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
        saved = saved.compose(done -> write(names));
        return saved;
    }

    private Future<Void> write(List<String> names) {
        return vertx.<Void>executeBlocking(
                        () -> {
                            list.save(names);
                            return null;
                        },
                        false)
                .recover(cause -> {
                    LOG.log(
                            Level.WARNING,
                            "the most-read names were not written: {0}",
                            cause.getClass().getName());
                    return Future.succeededFuture();
                });
    }
}
