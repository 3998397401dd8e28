package dev.tokencache.metrics;

import io.vertx.core.json.JsonObject;
import java.util.concurrent.TimeUnit;

/** What the cache says of itself in {@link dev.tokencache.Operation#STATS}, as figures; nothing of it is counted again. */
final class CacheFigures {
    private static final double SECOND = TimeUnit.SECONDS.toMillis(1);

    private final Figures figures;

    CacheFigures(Figures figures) {
        this.figures = figures;
    }

    /**
     * Adds them.
     *
     * @param nowMillis the wall clock, milliseconds since the epoch
     */
    void add(JsonObject stats, long nowMillis) {
        JsonObject cache = stats.getJsonObject("cache");
        addLookups(cache);
        addLoads(cache);
        addDrops(cache);
        addContent(cache);
        addWatch(cache.getJsonObject("watch"));
        addScanAge(stats.getJsonObject("stats"), nowMillis);
    }

    private void addLookups(JsonObject cache) {
        String help = "Lookups in memory. A miss goes to the source; absent is a name remembered as absent.";
        figures.counter("lookups", help, cache.getLong("hits"), "kind", "token", "result", "hit")
                .counter("lookups", help, cache.getLong("misses"), "kind", "token", "result", "miss")
                .counter("lookups", help, cache.getLong("absentHits"), "kind", "token", "result", "absent")
                .counter("lookups", help, cache.getLong("listHits"), "kind", "list", "result", "hit")
                .counter("lookups", help, cache.getLong("listMisses"), "kind", "list", "result", "miss");
    }

    private void addLoads(JsonObject cache) {
        figures.counter("load_failures", "Loads that failed, of invalid files too.", cache.getLong("loadFailures"))
                .counter(
                        "revalidations",
                        "Tokens in demand that were looked at before their time was up.",
                        cache.getLong("revalidations"))
                .gauge("loads_in_flight", "Loads that run now.", cache.getInteger("loadsInFlight"));
    }

    private void addDrops(JsonObject cache) {
        String evictions = "Tokens that left memory by themselves: for want of space, or because their time was up.";
        figures.counter("evictions", evictions, cache.getLong("evictions"), "cause", "size")
                .counter("evictions", evictions, cache.getLong("expirations"), "cause", "expired");
        JsonObject by = cache.getJsonObject("invalidatedBy");
        for (String source : by.fieldNames()) {
            figures.counter(
                    "invalidations",
                    "Tokens that were said to be no longer what they were, in memory or not, by who said so.",
                    by.getLong(source),
                    "source",
                    source);
        }
        figures.counter("changes", "Changes published to followers.", cache.getLong("changes"));
    }

    private void addContent(JsonObject cache) {
        figures.gauge("cached_tokens", "Tokens in memory.", cache.getInteger("cachedTokens"))
                .gauge("cached_lists", "Lists of names in memory.", cache.getInteger("cachedLists"))
                .gauge("cached_bytes", "What the tokens in memory weigh.", cache.getLong("bytes"))
                .gauge("cached_limit_bytes", "What the tokens in memory may weigh.", cache.getLong("maxBytes"))
                .gauge("absent_names", "Names remembered as absent.", cache.getInteger("absentNames"))
                .gauge("known_files", "Files that something is remembered of.", cache.getInteger("knownFiles"));
    }

    private void addWatch(JsonObject watch) {
        figures.gauge(
                        "watcher_up",
                        "1 while the watcher's last report is younger than three intervals.",
                        watch.getBoolean("isWatching") ? 1 : 0)
                .gauge(
                        "root_readable",
                        "1 unless the watcher can't read the root.",
                        watch.getString("root") == null ? 1 : 0)
                .gauge("scan_interval_seconds", "Pause between two scans now.", watch.getLong("interval") / SECOND)
                .gauge("scan_duration_seconds", "What the last scan took.", watch.getDouble("scanTime") / SECOND)
                .counter("scan_errors", "Scans that failed.", watch.getLong("errors"));
    }

    /** NaN before the first scan. */
    private void addScanAge(JsonObject projects, long nowMillis) {
        double age = Double.NaN;
        for (String project : projects.fieldNames()) {
            long scanned = projects.getJsonObject(project).getLong("lastScan");
            if (scanned > 0) {
                double seconds = Math.max(0, nowMillis - scanned) / SECOND;
                age = Double.isNaN(age) ? seconds : Math.max(age, seconds);
            }
        }
        figures.gauge("scan_age_seconds", "How long ago the project was scanned that waits longest.", age);
    }
}
