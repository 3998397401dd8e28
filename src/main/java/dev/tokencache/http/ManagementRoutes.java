package dev.tokencache.http;

import static dev.tokencache.http.Route.Target.ALL;
import static dev.tokencache.http.Route.Target.NONE;
import static dev.tokencache.http.Route.Target.PROJECT;
import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.POST;

import dev.tokencache.Failure;
import dev.tokencache.Precondition;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import dev.tokencache.auth.Caller;
import dev.tokencache.auth.Scope;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** The management routes: the five original ones, whose paths, parameters and field names are fixed, and their company. */
final class ManagementRoutes {
    static final String BASE = "/api/v0/management/";
    static final String GET_PATH = BASE + "tokens/get";

    private static final int ENVELOPE_SIZE = 64;
    private static final byte[] BEFORE_PROJECT = ascii("{\"success\":true,\"project\":\"");
    private static final byte[] BEFORE_FILENAME = ascii("\",\"filename\":\"");
    private static final byte[] BEFORE_DATA = ascii("\",\"data\":");

    private final TokenCache cache;
    private final ListBodies lists = new ListBodies();
    private final Supplier<JsonObject> cluster;

    /** @param cluster what statistics say of the cluster, or null for a server on its own */
    ManagementRoutes(TokenCache cache, Supplier<JsonObject> cluster) {
        this.cache = cache;
        this.cluster = cluster;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The table. */
    List<Route> routes() {
        List<String> file = List.of("project", "filename");
        List<String> project = List.of("project");
        List<String> account = List.of("project", "type", "data");
        return List.of(
                route(GET, "tokens/list", Scope.TOKENS_LIST, PROJECT, project, this::list),
                route(GET, "tokens/get", Scope.TOKENS_READ, PROJECT, file, this::get),
                route(POST, "tokens/add", Scope.TOKENS_WRITE, PROJECT, account, this::add),
                route(POST, "tokens/delete", Scope.TOKENS_WRITE, PROJECT, file, this::delete),
                route(GET, "projects/list", Scope.TOKENS_LIST, NONE, List.of(), this::projects),
                route(GET, "cache/stats", Scope.STATS_READ, NONE, List.of(), this::stats),
                route(POST, "cache/invalidate", Scope.CACHE_ADMIN, PROJECT, file, this::invalidate),
                route(POST, "cache/preload", Scope.CACHE_ADMIN, PROJECT, project, this::preload),
                route(POST, "cache/clear", Scope.CACHE_ADMIN, ALL, List.of(), this::clear));
    }

    private static Route route(
            HttpMethod method,
            String name,
            Scope scope,
            Route.Target target,
            List<String> names,
            Function<Exchange, Future<Reply>> action) {
        return Route.management(method, BASE, name, scope, target, names, action);
    }

    private Future<Reply> list(Exchange exchange) {
        return cache.list(exchange.required("project"))
                .map(names -> Reply.cached(() -> lists.of(names), names.status(), names.ageSeconds(System.nanoTime()))
                        .taggedWeakly(names.etag()));
    }

    private Future<Reply> get(Exchange exchange) {
        TokenKey key = exchange.key();
        return cache.get(key).map(file -> {
            exchange.touch(key);
            return reply(file, System.nanoTime());
        });
    }

    /** The reply to a get: the file's own bytes inside the envelope. */
    static Reply reply(TokenFile file, long nowNanos) {
        if (file == null) {
            throw Failure.NOT_FOUND.exception();
        }
        return Reply.cached(() -> render(file), file.status(), file.ageSeconds(nowNanos));
    }

    /** The names need no escapes: a file with others can't be ({@link TokenKey}). */
    private static Buffer render(TokenFile file) {
        Buffer body = Buffer.buffer(file.size() + file.key().length() + ENVELOPE_SIZE)
                .appendBytes(BEFORE_PROJECT)
                .appendString(file.project())
                .appendBytes(BEFORE_FILENAME)
                .appendString(file.filename())
                .appendBytes(BEFORE_DATA);
        return file.appendTo(body).appendByte((byte) '}');
    }

    private Future<Reply> add(Exchange exchange) {
        String project = exchange.required("project");
        if (!(exchange.body().getValue("data") instanceof JsonObject data)) {
            throw Failure.BAD_REQUEST.exception();
        }
        return cache.add(project, exchange.required("type"), data).map(added -> {
            exchange.touch(new TokenKey(project, added.filename()));
            return Reply.ok(new JsonObject()
                    .put("success", true)
                    .put("message", added.replaced() ? "Token replaced." : "Token added.")
                    .put("filename", added.filename())
                    .put("project", project));
        });
    }

    private Future<Reply> delete(Exchange exchange) {
        TokenKey key = exchange.key();
        return cache.delete(key, Precondition.NONE).map(existed -> {
            if (!existed) {
                throw Failure.NOT_FOUND.exception();
            }
            return Reply.ok(new JsonObject()
                    .put("success", true)
                    .put("message", "Token deleted.")
                    .put("filename", key.filename())
                    .put("project", key.project()));
        });
    }

    /** Only those the caller may see: the others stay unknown to it. */
    private Future<Reply> projects(Exchange exchange) {
        return cache.projects().map(all -> {
            JsonArray visible = new JsonArray();
            for (int i = 0; i < all.size(); i++) {
                if (exchange.caller().mayProject(all.getJsonObject(i).getString("name"))) {
                    visible.add(all.getJsonObject(i));
                }
            }
            return Reply.ok(new JsonObject().put("success", true).put("projects", visible));
        });
    }

    private Future<Reply> stats(Exchange exchange) {
        Caller caller = exchange.caller();
        return cache.stats().map(stats -> {
            JsonObject visible = new JsonObject();
            stats.getJsonObject("stats").forEach(project -> {
                if (caller.mayProject(project.getKey())) {
                    visible.put(project.getKey(), project.getValue());
                }
            });
            JsonObject reply = new JsonObject()
                    .put("success", true)
                    .put("stats", visible)
                    .put("cache", stats.getJsonObject("cache"));
            if (cluster != null) {
                JsonObject figures = cluster.get();
                reply.put("cluster", cache.node() == null ? figures : figures.put("askedNode", cache.node()));
            }
            return Reply.ok(reply);
        });
    }

    private Future<Reply> invalidate(Exchange exchange) {
        String project = exchange.required("project");
        String filename = exchange.text("filename");
        Future<Integer> dropped =
                filename == null ? cache.invalidateProject(project) : cache.invalidate(new TokenKey(project, filename));
        return dropped.map(ManagementRoutes::invalidated);
    }

    private Future<Reply> clear(Exchange exchange) {
        return cache.clear().map(ManagementRoutes::invalidated);
    }

    private static Reply invalidated(int count) {
        return Reply.ok(new JsonObject().put("success", true).put("invalidated", count));
    }

    private Future<Reply> preload(Exchange exchange) {
        return cache.preload(exchange.required("project")).map(result -> {
            JsonArray failed = new JsonArray();
            result.failed()
                    .forEach(one -> failed.add(
                            new JsonObject().put("filename", one.filename()).put("reason", one.reason())));
            return Reply.ok(new JsonObject()
                    .put("success", true)
                    .put("loaded", result.loaded())
                    .put("failed", failed));
        });
    }
}
