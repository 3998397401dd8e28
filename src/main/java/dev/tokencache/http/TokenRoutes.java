package dev.tokencache.http;

import static dev.tokencache.http.Route.Target.PROJECT;
import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.PATCH;
import static io.vertx.core.http.HttpMethod.PUT;

import dev.tokencache.Failure;
import dev.tokencache.Precondition;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import dev.tokencache.auth.Scope;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.function.Function;

/** A token as a resource: its own bytes under its own path, with entity tags and conditions. */
final class TokenRoutes {
    static final String BASE = "/api/v0/tokens/";

    static final String TEMPLATE = BASE + "{project}/{filename}";

    private static final PathTemplate TOKEN = new PathTemplate(TEMPLATE);

    private final TokenCache cache;

    TokenRoutes(TokenCache cache) {
        this.cache = cache;
    }

    /** The table. */
    List<Route> routes() {
        return List.of(
                token(GET, "tokens/get", Scope.TOKENS_READ, Route.Body.NONE, this::get),
                token(PUT, "tokens/put", Scope.TOKENS_WRITE, Route.Body.TOKEN, this::put),
                token(PATCH, "tokens/patch", Scope.TOKENS_WRITE, Route.Body.MERGE_PATCH, this::patch),
                token(DELETE, "tokens/delete", Scope.TOKENS_WRITE, Route.Body.NONE, this::delete));
    }

    private static Route token(
            HttpMethod method, String name, Scope scope, Route.Body body, Function<Exchange, Future<Reply>> action) {
        return new Route(method, TOKEN, name, scope, PROJECT, body, List.of(), action);
    }

    private Future<Reply> get(Exchange exchange) {
        TokenKey key = exchange.key();
        Precondition precondition = ifMatch(exchange);
        return cache.get(key).map(file -> {
            if (file != null && !precondition.holds(file.etag())) {
                throw Failure.PRECONDITION_FAILED.exception();
            }
            exchange.touch(key);
            return reply(file, System.nanoTime());
        });
    }

    /** The reply to a get: the file's own bytes. */
    static Reply reply(TokenFile file, long nowNanos) {
        if (file == null) {
            throw Failure.NOT_FOUND.exception();
        }
        return Reply.cached(() -> content(file), file.status(), file.ageSeconds(nowNanos))
                .tagged(file.etag());
    }

    private static Buffer content(TokenFile file) {
        return file.appendTo(Buffer.buffer(file.size()));
    }

    /** A part of a file (RFC 9110 section 14.5) would be stored as the whole of it. */
    private Future<Reply> put(Exchange exchange) {
        if (exchange.header(HttpHeaders.CONTENT_RANGE) != null) {
            throw Failure.BAD_REQUEST.exception();
        }
        return cache.put(exchange.key(), exchange.content().getBytes(), putCondition(exchange))
                .map(written -> Reply.empty(written.created() ? 201 : 204).tagged(written.etag()));
    }

    /** {@code If-None-Match} counts as {@code *} only; a write that names both can't be meant. */
    private static Precondition putCondition(Exchange exchange) {
        String none = exchange.header(HttpHeaders.IF_NONE_MATCH);
        if (none == null) {
            return ifMatch(exchange);
        }
        if (!none.strip().equals("*") || exchange.header(HttpHeaders.IF_MATCH) != null) {
            throw Failure.BAD_REQUEST.exception();
        }
        return Precondition.ABSENT;
    }

    private static Precondition ifMatch(Exchange exchange) {
        return Precondition.ifMatch(exchange.header(HttpHeaders.IF_MATCH));
    }

    /** Where {@code If-None-Match} would only ever forbid: it is refused, since to do it all the same is not what was asked. */
    private static Precondition onlyIfMatch(Exchange exchange) {
        if (exchange.header(HttpHeaders.IF_NONE_MATCH) != null) {
            throw Failure.BAD_REQUEST.exception();
        }
        return ifMatch(exchange);
    }

    private Future<Reply> patch(Exchange exchange) {
        return cache.patch(exchange.key(), RequestBodies.text(exchange.content()), onlyIfMatch(exchange))
                .map(file -> {
                    if (file == null) {
                        throw Failure.NOT_FOUND.exception();
                    }
                    return Reply.json(() -> content(file)).tagged(file.etag());
                });
    }

    private Future<Reply> delete(Exchange exchange) {
        return cache.delete(exchange.key(), onlyIfMatch(exchange)).map(existed -> {
            if (!existed) {
                throw Failure.NOT_FOUND.exception();
            }
            return Reply.empty(204);
        });
    }
}
