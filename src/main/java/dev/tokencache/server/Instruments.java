package dev.tokencache.server;

import dev.tokencache.Telemetry;
import dev.tokencache.TokenCache;
import dev.tokencache.audit.AuditLog;
import dev.tokencache.file.FileTokenSource;
import dev.tokencache.http.Access;
import dev.tokencache.http.ConnectionLimit;
import dev.tokencache.http.HttpOptions;
import dev.tokencache.metrics.Metrics;
import dev.tokencache.redis.TierCounters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** Wires the parts of a server to the figures of the process, or to nothing when there are none. */
final class Instruments {
    private static final String CALLS = "Calls of the file system that have not begun yet.";
    private static final String RUNNING = "Calls of the file system that run, hung ones too.";
    private static final String FAILURES = "Requests without a caller, by what was wrong with their bearer token.";

    private static final String LOOKUPS = "Loads of tokens, by what the second tier had for them.";
    private static final String CONNECTS = "Connections for commands, by whether they were made.";
    private static final String STORES = "Values for the second tier, by whether they were still in time.";
    private static final String CONFIG_CHANGES = "Changes of the configuration's file while the server ran.";

    private final Vertx vertx;
    private final Metrics metrics;

    /** @param enabled whether there are figures */
    Instruments(Vertx vertx, boolean enabled) {
        this.vertx = vertx;
        metrics = enabled ? new Metrics(vertx, Version.current()) : null;
    }

    Telemetry telemetry() {
        return metrics == null ? Telemetry.NONE : metrics;
    }

    void read(FileTokenSource source) {
        if (metrics != null) {
            metrics.gauge("storage_calls_waiting", CALLS, source::waitingReads, "kind", "read");
            metrics.gauge("storage_calls_waiting", CALLS, source::waitingWrites, "kind", "write");
            metrics.gauge("storage_calls_running", RUNNING, source::runningReads, "kind", "read");
            metrics.gauge("storage_calls_running", RUNNING, source::runningWrites, "kind", "write");
            metrics.gauge("storage_calls_hung", "Calls that run for longer than a load may.", source::hungCalls);
            metrics.counter("storage_errors", "Calls that the file system failed.", source::storageErrors);
            metrics.counter(
                    "refused_links", "Reads that met a link out of their project's directory.", source::refusedLinks);
        }
    }

    void read(ClusterMember member) {
        if (metrics != null) {
            metrics.gauge(
                    "cluster_members", "Nodes of the cluster, this one included.", () -> member.figure("members"));
            metrics.counter("cluster_requests", "Requests of other nodes.", () -> member.figure("requests"));
            metrics.counter(
                    "cluster_refused",
                    "Requests of other nodes without a token or right.",
                    () -> member.figure("refused"));
            metrics.counter("cluster_hints_sent", "Hints to other nodes.", () -> member.figure("hintsSent"));
            metrics.counter("cluster_hints_heard", "Hints of other nodes.", () -> member.figure("hintsHeard"));
        }
    }

    void read(Access access) {
        if (metrics != null) {
            metrics.counter("auth_failures", FAILURES, access::missing, "reason", "missing");
            metrics.counter("auth_failures", FAILURES, access::refused, "reason", "refused");
            metrics.counter("auth_failures", FAILURES, access::throttled, "reason", "throttled");
        }
    }

    void read(TierCounters tier, BooleanSupplier usable, BooleanSupplier broken) {
        if (metrics == null) {
            return;
        }
        metrics.gauge("redis_up", "1 while commands are sent.", () -> usable.getAsBoolean() ? 1 : 0);
        metrics.gauge("redis_breaker_open", "1 while commands are kept back.", () -> broken.getAsBoolean() ? 1 : 0);
        metrics.counter("redis_lookups", LOOKUPS, tier::hits, "result", "hit");
        metrics.counter("redis_lookups", LOOKUPS, tier::misses, "result", "miss");
        metrics.counter("redis_lookups", LOOKUPS, tier::stale, "result", "stale");
        metrics.counter("redis_lookups", LOOKUPS, tier::unopened, "result", "unopened");
        metrics.counter("redis_lookups", LOOKUPS, tier::skipped, "result", "skipped");
        metrics.counter("redis_stores", STORES, tier::stored, "result", "stored");
        metrics.counter("redis_stores", STORES, tier::outrun, "result", "outrun");
        metrics.counter("redis_commands", "Commands that were answered.", tier::commands);
        metrics.counter("redis_command_seconds", "Time that answered commands took.", tier::commandSeconds);
        metrics.counter("redis_errors", "Commands that failed or were not answered in time.", tier::errors);
        metrics.counter("redis_refused", "Commands that were not sent.", tier::refused);
        metrics.counter("redis_connects", CONNECTS, tier::connects, "result", "made");
        metrics.counter("redis_connects", CONNECTS, tier::failedConnects, "result", "failed");
    }

    void read(AuditLog audit) {
        if (metrics != null) {
            metrics.counter("audit_lost_lines", "Lines that the audit log lacks.", audit::lost);
        }
    }

    void read(HotConfig hot, ConfigWatch watch) {
        if (metrics != null) {
            metrics.counter("config_changes", CONFIG_CHANGES, hot::taken, "result", "taken");
            metrics.counter("config_changes", CONFIG_CHANGES, watch::broken, "result", "broken");
            metrics.gauge("config_restart_needed", "Settings that the file says otherwise.", hot::restartNeeded);
        }
    }

    void read(ConnectionLimit connections) {
        if (metrics != null) {
            metrics.gauge("http_connections", "Connections that are open.", connections::open);
            metrics.gauge("http_connections_limit", "Connections that may be open.", connections::max);
        }
    }

    /** Reads all figures; null when there are none. */
    HttpOptions.Scrape scrape(TokenCache cache) {
        return metrics == null ? null : visible -> scrape(cache, visible);
    }

    private Future<Buffer> scrape(TokenCache cache, Predicate<String> visible) {
        return cache.stats()
                .otherwise((JsonObject) null)
                .compose(stats -> vertx.executeBlocking(() -> Buffer.buffer(metrics.scrape(stats, visible)), false));
    }

    Future<Void> close() {
        if (metrics != null) {
            metrics.close();
        }
        return Future.succeededFuture();
    }
}
