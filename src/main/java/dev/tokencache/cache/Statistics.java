package dev.tokencache.cache;

import dev.tokencache.Failure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Renders the counters. Counts and project names only: never a file name, never a value. */
final class Statistics {
    private final Tokens tokens;
    private final Lists lists;
    private final FileIndex index;
    private final Observations observations;
    private final ChangeLog changes;
    private final LongSupplier currentMillis;

    Statistics(
            Tokens tokens,
            Lists lists,
            FileIndex index,
            Observations observations,
            ChangeLog changes,
            CacheOptions options) {
        this.tokens = tokens;
        this.lists = lists;
        this.index = index;
        this.observations = observations;
        this.changes = changes;
        this.currentMillis = options.currentMillis();
    }

    /** The reply of {@link dev.tokencache.Operation#STATS}; times in milliseconds, {@code lastScan} since the epoch. */
    JsonObject render() {
        JsonObject projects = new JsonObject();
        countExpiries();
        index.projects().forEach((name, project) -> projects.put(name, render(project)));
        return new JsonObject().put("stats", projects).put("cache", renderCache());
    }

    /** Brings the counts of all projects to the present; also from a timer, so that never much has passed. */
    void countExpiries() {
        long now = currentMillis.getAsLong();
        for (ProjectState project : index.unsorted()) {
            project.expiries.moveTo(now);
        }
    }

    private JsonObject render(ProjectState project) {
        JsonObject json = new JsonObject()
                .put("cachedTokens", project.cachedTokens)
                .put("fileListSize", fileCount(project))
                .put("lastScan", project.lastScanMillis)
                .put("scanTime", project.scanMillis)
                .put("hints", project.hinted)
                .put("isWatching", observations.isWatching() && project.error == null && project.filesSeen >= 0)
                .put("ignoredFiles", project.ignoredFiles)
                .put("invalidFiles", project.invalidFiles)
                .put("expiredTokens", project.expiries.expired())
                .put("expiringTokens", project.expiries.expiring())
                .put("scanErrors", project.scanErrors);
        return project.error == null ? json : json.put("error", project.error);
    }

    /** What is known now: what a watcher counted knows nothing of the writes since. */
    private int fileCount(ProjectState project) {
        if (project.list != null) {
            return project.list.count();
        }
        if (project.complete && !index.isFull()) {
            return project.files.size();
        }
        return project.filesSeen >= 0 ? project.filesSeen : project.files.size();
    }

    /** The count for those who ask what there is; null when nobody can say. */
    private Integer tokenCount(ProjectState project) {
        boolean unreadable =
                project == null || Failure.STORAGE_UNREADABLE.machineName().equals(project.error);
        return unreadable ? null : fileCount(project);
    }

    private JsonObject renderCache() {
        TokenCounters counters = tokens.counters();
        int ignored = 0;
        int expired = 0;
        int expiring = 0;
        int cachedLists = 0;
        for (ProjectState project : index.unsorted()) {
            ignored += project.ignoredFiles;
            expired += project.expiries.expired();
            expiring += project.expiries.expiring();
            cachedLists += project.list == null ? 0 : 1;
        }
        return new JsonObject()
                .put("cachedTokens", counters.tokens())
                .put("cachedLists", cachedLists)
                .put("bytes", counters.bytes())
                .put("maxBytes", tokens.maxBytes())
                .put("tokenTtl", TimeUnit.NANOSECONDS.toMillis(tokens.ttlNanos()))
                .put("knownFiles", index.size())
                .put("ignoredFiles", ignored)
                .put("invalidFiles", index.contents.invalidFiles())
                .put("expiredTokens", expired)
                .put("expiringTokens", expiring)
                .put("hits", counters.hits())
                .put("misses", counters.misses())
                .put("absentHits", counters.absentHits())
                .put("absentNames", counters.absentNames())
                .put("hitRate", counters.hitRate())
                .put("listHits", lists.hits())
                .put("listMisses", lists.misses())
                .put("evictions", counters.evictions())
                .put("expirations", counters.expirations())
                .put("invalidations", counters.invalidations())
                .put("invalidatedBy", tokens.invalidations.toJson())
                .put("revalidations", counters.revalidations())
                .put("loads", counters.loads())
                .put("loadFailures", counters.loadFailures())
                .put("loadsInFlight", counters.loadsInFlight())
                .put(
                        "loadTime",
                        new JsonObject().put("p50", counters.loadMillisP50()).put("p99", counters.loadMillisP99()))
                .put("changes", changes.published())
                .put("watch", observations.stats());
    }

    /** The reply of {@link dev.tokencache.Operation#PROJECTS}: those on the disk, with what is known of each. */
    JsonArray renderProjects(Iterable<String> onDisk) {
        TreeSet<String> names = new TreeSet<>();
        onDisk.forEach(names::add);
        countExpiries();
        JsonArray projects = new JsonArray();
        for (String name : names) {
            ProjectState known = index.project(name);
            projects.add(new JsonObject()
                    .put("name", name)
                    .put("tokens", tokenCount(known))
                    .put("cachedTokens", known == null ? 0 : known.cachedTokens)
                    .put("invalidFiles", known == null ? 0 : known.invalidFiles)
                    .put("expiredTokens", known == null ? 0 : known.expiries.expired())
                    .put("expiringTokens", known == null ? 0 : known.expiries.expiring()));
        }
        return projects;
    }
}
