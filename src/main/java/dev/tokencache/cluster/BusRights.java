package dev.tokencache.cluster;

import dev.tokencache.Failure;
import dev.tokencache.Operation;
import dev.tokencache.TokenKey;
import dev.tokencache.TokenKeys;
import dev.tokencache.auth.Caller;
import dev.tokencache.auth.Scope;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * What a caller may ask over the cluster, and see of the answer: the rights of the HTTP routes that do the same. Wrong bodies
 * are refused before rights are looked at, as there.
 */
final class BusRights {
    /** The most keys of a request. */
    private static final int MAX_KEYS = 10_000;

    private BusRights() {}

    /** Whether other nodes may ask for an operation at all; what the disk looks like is told by the own watcher only. */
    static boolean isExposed(Operation operation) {
        return switch (operation) {
            case OBSERVE, CHANGED, HINT -> false;
            default -> true;
        };
    }

    /**
     * Refuses what the caller may not.
     *
     * @throws dev.tokencache.TokenCacheException with {@link Failure#BAD_REQUEST}, {@link Failure#INVALID_NAME} or
     *     {@link Failure#FORBIDDEN}, which is the same whether the project exists or not
     */
    static void require(Operation operation, Object body, Caller caller) {
        if (!isAllowed(operation, body, caller)) {
            throw Failure.FORBIDDEN.exception();
        }
    }

    private static boolean isAllowed(Operation operation, Object body, Caller caller) {
        return switch (operation) {
            case GET ->
                may(caller, Scope.TOKENS_READ, TokenKey.parse(text(body)).project());
            case GETS -> mayAll(keys(body), caller) && caller.may(Scope.TOKENS_READ);
            case LIST -> may(caller, Scope.TOKENS_LIST, project(text(body)));
            case PAGE -> {
                JsonObject page = object(body);
                boolean values = page.getValue("values") != null && !Boolean.FALSE.equals(page.getValue("values"));
                yield may(caller, values ? Scope.TOKENS_READ : Scope.TOKENS_LIST, project(page));
            }
            case PROJECTS -> caller.may(Scope.TOKENS_LIST);
            case STATS -> caller.may(Scope.STATS_READ);
            case ADD, PUT, PATCH, DELETE -> may(caller, Scope.TOKENS_WRITE, project(object(body)));
            case INVALIDATE -> mayInvalidate(body, caller) && caller.may(Scope.CACHE_ADMIN);
            case PRELOAD -> may(caller, Scope.CACHE_ADMIN, project(text(body)));
            case EVENTS -> {
                JsonObject wish = object(body);
                yield caller.may(Scope.TOKENS_LIST)
                        && (wish.getValue("project") == null || caller.mayProject(project(wish)));
            }
            case OBSERVE, CHANGED, HINT -> false;
        };
    }

    private static boolean may(Caller caller, Scope scope, String project) {
        return caller.may(scope) && caller.mayProject(project);
    }

    private static boolean mayAll(TokenKeys keys, Caller caller) {
        boolean all = true;
        for (int i = 0; i < keys.size(); i++) {
            all &= caller.mayProject(TokenKey.parse(keys.get(i)).project());
        }
        return all;
    }

    private static boolean mayInvalidate(Object body, Caller caller) {
        if (!(body instanceof JsonArray what) || what.size() > MAX_KEYS) {
            throw Failure.BAD_REQUEST.exception();
        }
        boolean all = true;
        for (int i = 0; i < what.size(); i++) {
            String each = text(what.getValue(i));
            if (each.equals("*")) {
                all &= caller.allProjects();
            } else if (each.endsWith("/")) {
                all &= caller.mayProject(project(each.substring(0, each.length() - 1)));
            } else {
                all &= caller.mayProject(TokenKey.parse(each).project());
            }
        }
        return all;
    }

    /** The answer without what the caller may not see; the answer itself is shared and stays as it is. */
    static Object visible(Operation operation, Object reply, Caller caller) {
        if (caller.allProjects()) {
            return reply;
        }
        return switch (operation) {
            case PROJECTS -> visible((JsonArray) reply, "name", caller);
            case STATS -> {
                JsonObject stats = new JsonObject();
                ((JsonObject) reply).getJsonObject("stats").forEach(each -> {
                    if (caller.mayProject(each.getKey())) {
                        stats.put(each.getKey(), each.getValue());
                    }
                });
                yield ((JsonObject) reply).copy().put("stats", stats);
            }
            case EVENTS -> {
                JsonObject events = (JsonObject) reply;
                yield events.getJsonArray("events") == null
                        ? events
                        : events.copy().put("events", visible(events.getJsonArray("events"), "project", caller));
            }
            default -> reply;
        };
    }

    private static JsonArray visible(JsonArray all, String member, Caller caller) {
        JsonArray visible = new JsonArray();
        for (int i = 0; i < all.size(); i++) {
            if (caller.mayProject(all.getJsonObject(i).getString(member))) {
                visible.add(all.getJsonObject(i));
            }
        }
        return visible;
    }

    private static TokenKeys keys(Object body) {
        if (body instanceof TokenKeys keys && !keys.isMalformed() && keys.size() <= MAX_KEYS) {
            return keys;
        }
        throw Failure.BAD_REQUEST.exception();
    }

    private static String text(Object body) {
        if (body instanceof String text) {
            return text;
        }
        throw Failure.BAD_REQUEST.exception();
    }

    private static JsonObject object(Object body) {
        if (body instanceof JsonObject object) {
            return object;
        }
        throw Failure.BAD_REQUEST.exception();
    }

    private static String project(JsonObject body) {
        return project(text(body.getValue("project")));
    }

    private static String project(String name) {
        return TokenKey.requireProject(name);
    }
}
