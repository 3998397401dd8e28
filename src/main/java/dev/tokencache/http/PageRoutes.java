package dev.tokencache.http;

import static dev.tokencache.http.Route.Target.PROJECT;
import static io.vertx.core.http.HttpMethod.GET;

import dev.tokencache.Failure;
import dev.tokencache.PageQuery;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenKey;
import dev.tokencache.auth.Scope;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Pages of a project's tokens, with their values or without. */
final class PageRoutes {
    private static final List<String> PARAMETERS =
            List.of("limit", "cursor", "prefix", "expired", "expiringWithin", "invalid");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

    private final TokenCache cache;

    PageRoutes(TokenCache cache) {
        this.cache = cache;
    }

    /** The table. */
    List<Route> routes() {
        List<String> withProject = new ArrayList<>(List.of("project"));
        withProject.addAll(PARAMETERS);
        return List.of(
                Route.management(
                        GET,
                        ManagementRoutes.BASE,
                        "tokens/all",
                        Scope.TOKENS_READ,
                        PROJECT,
                        List.copyOf(withProject),
                        this::values),
                new Route(
                        GET,
                        new PathTemplate(TokenRoutes.BASE + "{project}"),
                        "tokens/page",
                        Scope.TOKENS_LIST,
                        PROJECT,
                        Route.Body.NONE,
                        PARAMETERS,
                        this::metadata));
    }

    private Future<Reply> metadata(Exchange exchange) {
        return cache.page(query(exchange)).map(page -> {
            JsonObject body = new JsonObject()
                    .put("success", true)
                    .put("project", page.getString("project"))
                    .put("tokens", page.getJsonArray("tokens"))
                    .put("cursor", page.getString("cursor"))
                    .put("unknown", page.getInteger("unknown"));
            return Reply.ok(body).taggedWeakly(page.getString("etag"));
        });
    }

    private Future<Reply> values(Exchange exchange) {
        String project = exchange.required("project");
        return cache.page(query(exchange).setValues(true)).map(page -> {
            touch(exchange, project, page.getJsonArray("tokens"));
            return Reply.json(() -> renderValues(project, page)).taggedWeakly(page.getString("etag"));
        });
    }

    private static PageQuery query(Exchange exchange) {
        return new PageQuery(exchange.required("project"))
                .setLimit(exchange.number("limit", PageQuery.DEFAULT_LIMIT))
                .setCursor(exchange.text("cursor"))
                .setPrefix(exchange.text("prefix"))
                .setExpired(flag(exchange, "expired"))
                .setExpiringWithin(duration(exchange.text("expiringWithin")))
                .setInvalid(flag(exchange, "invalid"));
    }

    private static Boolean flag(Exchange exchange, String name) {
        String value = exchange.text(name);
        if (value == null) {
            return null;
        }
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw Failure.BAD_REQUEST.exception();
        };
    }

    /** As the configuration writes it: {@code 500ms}, {@code 30s}, {@code 15m}, {@code 1h}, {@code 7d}. */
    private static Duration duration(String text) {
        if (text == null) {
            return null;
        }
        Matcher parts = DURATION.matcher(text);
        if (!parts.matches()) {
            throw Failure.BAD_REQUEST.exception();
        }
        long number = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    private static void touch(Exchange exchange, String project, JsonArray tokens) {
        for (int i = 0; i < tokens.size(); i++) {
            if (TokenItem.hasValue(tokens.getJsonObject(i))) {
                exchange.touch(new TokenKey(project, tokens.getJsonObject(i).getString("filename")));
            }
        }
    }

    private static Buffer renderValues(String project, JsonObject page) {
        JsonArray tokens = page.getJsonArray("tokens");
        Buffer body = Buffer.buffer()
                .appendString("{\"success\":true,\"project\":\"")
                .appendString(project)
                .appendString("\",\"tokens\":[");
        for (int i = 0; i < tokens.size(); i++) {
            JsonObject token = tokens.getJsonObject(i);
            body.appendString(i == 0 ? "" : ",");
            TokenItem.append(body, token, token.getString("json"));
        }
        return body.appendString("],\"cursor\":")
                .appendString(Json.encode(page.getString("cursor")))
                .appendString(",\"unknown\":")
                .appendString(String.valueOf(page.getInteger("unknown")))
                .appendString("}");
    }
}
