package dev.tokencache.http;

import dev.tokencache.Failure;
import dev.tokencache.TokenCache;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** The routes that need no token: health, version and contract. They say nothing that helps an attacker. */
final class PublicRoutes {
    private static final long READY_MEMO_NANOS = 500_000_000L;

    private final TokenCache cache;
    private final HttpOptions options;
    private final ContractFile contract = new ContractFile();
    private Future<Optional<Failure>> obstacle;
    private long readyAskedNanos;

    PublicRoutes(TokenCache cache, HttpOptions options) {
        this.cache = cache;
        this.options = options;
    }

    List<Route> routes() {
        return List.of(
                Route.open("/health/live", exchange -> up()),
                Route.open("/health/ready", exchange -> ready()),
                Route.open("/version", exchange -> version()),
                Route.open("/openapi.yaml", exchange -> Future.succeededFuture(contract.reply())));
    }

    private static Future<Reply> up() {
        return Future.succeededFuture(Reply.ok(new JsonObject().put("status", "up")));
    }

    private Future<Reply> version() {
        return Future.succeededFuture(
                Reply.ok(new JsonObject().put("name", "token-cache").put("version", options.getVersion())));
    }

    /** Ready is: the cache answers, the root can be read and, where a watcher is expected, it has told of all there is. */
    private Future<Reply> ready() {
        return obstacle()
                .compose(found ->
                        found.isEmpty() ? up() : Future.failedFuture(found.get().exception()));
    }

    /** Asked for at most twice a second, however often anybody asks: the route is open to all. */
    private Future<Optional<Failure>> obstacle() {
        long now = System.nanoTime();
        if (obstacle == null || now - readyAskedNanos > READY_MEMO_NANOS) {
            readyAskedNanos = now;
            obstacle = cache.stats().map(this::obstacle).otherwise(Optional.of(Failure.CACHE_UNREACHABLE));
        }
        return obstacle;
    }

    private Optional<Failure> obstacle(JsonObject stats) {
        JsonObject watch = stats.getJsonObject("cache").getJsonObject("watch");
        if (watch.getString("root") != null) {
            return Optional.of(Failure.STORAGE_UNREADABLE);
        }
        boolean watched = watch.getBoolean("isWatching") && watch.getBoolean("scanned");
        return watched || !options.isWatcherExpected() ? Optional.empty() : Optional.of(Failure.CACHE_UNREACHABLE);
    }
}
