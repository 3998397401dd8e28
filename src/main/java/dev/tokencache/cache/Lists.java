package dev.tokencache.cache;

import dev.tokencache.CacheStatus;
import dev.tokencache.TokenKey;
import dev.tokencache.TokenNames;
import dev.tokencache.TokenSource;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** The lists of names, one a project, with a TTL of their own and the same invalidation rule as the values. */
final class Lists {
    private static final String ALL = "*";

    private final TokenSource source;
    private final FileIndex index;
    private final Loads<TokenNames> loads;
    private final Loads<List<String>> projectLoads;
    private final Loads<List<String>> candidateLoads;
    private final LongSupplier nanoTime;
    private long ttlNanos;
    private ListNews news;
    private long hits;
    private long misses;

    Lists(Context context, CacheOptions options, TokenSource source, FileIndex index) {
        this.source = source;
        this.index = index;
        this.nanoTime = options.nanoTime();
        this.ttlNanos = options.getListTtl().toNanos();
        this.loads = loads(
                context,
                options,
                list -> list.result() == null ? null : list.result().etag());
        this.projectLoads = loads(context, options, AsyncResult::result);
        this.candidateLoads = loads(context, options, AsyncResult::result);
    }

    private static <T> Loads<T> loads(Context context, CacheOptions options, Function<AsyncResult<T>, Object> version) {
        return new Loads<>(
                context,
                options.nanoTime(),
                options.getMaxLoads(),
                options.getLoadTimeout().toNanos(),
                version);
    }

    /** Takes over the TTL. Lists read under a longer one are dropped, since their time is set. */
    void update(CacheOptions options) {
        long nanos = options.getListTtl().toNanos();
        if (nanos < ttlNanos) {
            clear();
        }
        ttlNanos = nanos;
    }

    /** Who hears of the lists that readers are given. */
    void tell(ListNews listener) {
        news = listener;
    }

    /** The list from memory or the source; empty when there is no such project. */
    Future<TokenNames> get(String project) {
        ProjectState state = index.project(project);
        if (state != null && state.list != null && nanoTime.getAsLong() - state.listDeadlineNanos < 0) {
            hits++;
            return Future.succeededFuture(state.list);
        }
        TokenKey.requireProject(project);
        misses++;
        return loads.load(
                        project,
                        () -> source.list(project),
                        result -> {
                            if (result.succeeded()) {
                                store(project, result.result());
                            }
                        },
                        etag -> dropUnless(project, etag))
                .onSuccess(news::told);
    }

    private void dropUnless(String project, Object etag) {
        ProjectState state = index.project(project);
        if (state != null && state.list != null && !state.list.etag().equals(etag)) {
            state.list = null;
        }
    }

    /** The list as the source has it now; bounded like any other load. */
    Future<TokenNames> reload(String project) {
        invalidate(project);
        return get(project);
    }

    /** The names of all projects, from the source; those who ask meanwhile get the same answer. */
    Future<List<String>> projects() {
        return projectLoads.load(ALL, source::projects, result -> {}, names -> {});
    }

    /** Names that a project's tokens are among, from the source; nothing is kept of it. Those who ask meanwhile get the same. */
    Future<List<String>> candidates(String project) {
        TokenKey.requireProject(project);
        return candidateLoads.load(project, () -> source.candidates(project), result -> {}, names -> {});
    }

    /** An empty list is not kept: names of absent projects would fill the memory. */
    private void store(String project, TokenNames names) {
        if (names.count() == 0) {
            invalidate(project);
            return;
        }
        ProjectState state = index.ensureProject(project);
        state.list = names.withStatus(CacheStatus.HIT);
        state.listConfirmed = false;
        state.listDeadlineNanos = names.readNanos() + ttlNanos;
    }

    /** Drops a project's list and its load in flight; whether there was a list. */
    boolean invalidate(String project) {
        loads.forget(project);
        projectLoads.forget(ALL);
        candidateLoads.forget(project);
        ProjectState state = index.project(project);
        boolean had = state != null && state.list != null;
        if (had) {
            state.list = null;
        }
        return had;
    }

    /** Drops all lists; how many there were. */
    int clear() {
        loads.forgetAll();
        projectLoads.forgetAll();
        candidateLoads.forgetAll();
        int dropped = 0;
        for (ProjectState state : index.unsorted()) {
            dropped += state.list == null ? 0 : 1;
            state.list = null;
        }
        return dropped;
    }

    /** Fails the readers of loads that take too long; from a timer. */
    void timeOut() {
        loads.timeOut();
        projectLoads.timeOut();
        candidateLoads.timeOut();
    }

    /** From a timer: lists whose TTL has ended give their memory back. */
    void upkeep() {
        long now = nanoTime.getAsLong();
        for (ProjectState state : index.unsorted()) {
            if (state.list != null && now - state.listDeadlineNanos >= 0) {
                state.list = null;
            }
        }
    }

    long hits() {
        return hits;
    }

    long misses() {
        return misses;
    }
}
