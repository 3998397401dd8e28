package dev.tokencache.http;

import dev.tokencache.CacheStatus;
import dev.tokencache.EntityTags;
import dev.tokencache.Failure;
import dev.tokencache.TokenCacheException;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.Map;

/** Writes replies: the headers every reply has, and the one form of an error. */
final class Replies {
    static final CharSequence JSON = HttpHeaders.createOptimized("application/json; charset=utf-8");
    static final CharSequence X_CACHE = HttpHeaders.createOptimized("x-cache");
    static final CharSequence NOSNIFF_NAME = HttpHeaders.createOptimized("x-content-type-options");

    private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final CharSequence ONE_SECOND = HttpHeaders.createOptimized("1");

    /** Values that are made once: a header's value that isn't is a new text for each reply. */
    private static final Map<CacheStatus, CharSequence> STATUSES = new EnumMap<>(CacheStatus.class);

    private static final CharSequence[] AGES = new CharSequence[600];
    private static final Map<Failure, Buffer> ERRORS = new EnumMap<>(Failure.class);

    static {
        for (CacheStatus status : CacheStatus.values()) {
            STATUSES.put(status, HttpHeaders.createOptimized(status.name()));
        }
        for (int age = 0; age < AGES.length; age++) {
            AGES[age] = HttpHeaders.createOptimized(Integer.toString(age));
        }
        for (Failure failure : Failure.values()) {
            ERRORS.put(
                    failure,
                    new JsonObject()
                            .put("success", false)
                            .put("statusCode", failure.code())
                            .put("error", failure.machineName())
                            .put("message", failure.text())
                            .toBuffer());
        }
    }

    private Replies() {}

    /** Answers a request with success; ends it, unless the reply is streamed: then the stream does. */
    static void success(HttpServerRequest request, Reply reply) {
        HttpServerResponse response = request.response();
        if (response.ended()) {
            return;
        }
        MultiMap headers = response.headers();
        if (reply.cache() != null) {
            headers.set(X_CACHE, STATUSES.get(reply.cache())).set(HttpHeaders.AGE, age(reply.ageSeconds()));
        }
        if (reply.etag() != null) {
            headers.set(HttpHeaders.ETAG, reply.etag());
            if (reply.status() == 200 && isKnown(request, reply.etag())) {
                endEmpty(response, 304, reply.headers());
                return;
            }
        }
        if (reply.stream() != null) {
            stream(request, response, reply);
        } else if (reply.body() == null) {
            endEmpty(response, reply.status(), reply.headers());
        } else {
            end(
                    request,
                    response,
                    headers,
                    reply.status(),
                    reply.contentType(),
                    reply.body().get(),
                    reply.headers());
        }
    }

    /** Whether a read named the version that it would get (RFC 9110 section 13.1.2). A malformed header names none. */
    private static boolean isKnown(HttpServerRequest request, String etag) {
        if (!HttpMethod.GET.equals(request.method()) && !HttpMethod.HEAD.equals(request.method())) {
            return false;
        }
        String header = Exchange.header(request, HttpHeaders.IF_NONE_MATCH);
        if (header == null) {
            return false;
        }
        if (header.equals(etag)) {
            return true;
        }
        try {
            return EntityTags.parse(header).names(etag.substring(etag.indexOf('"') + 1, etag.length() - 1));
        } catch (TokenCacheException e) {
            return false;
        }
    }

    private static void endEmpty(HttpServerResponse response, int status, Map<String, String> further) {
        response.setStatusCode(status);
        response.headers().set(HttpHeaders.CACHE_CONTROL, NO_STORE).set(NOSNIFF_NAME, NOSNIFF);
        setFurther(response.headers(), further);
        response.end();
    }

    /** HTTP/1.0 has no chunks: there the end of the connection is the end of the reply, whatever the client wants to keep. */
    private static void stream(HttpServerRequest request, HttpServerResponse response, Reply reply) {
        response.setChunked(true);
        setCommon(response.headers(), reply.contentType());
        if (HttpMethod.HEAD.equals(request.method())) {
            response.end();
            return;
        }
        boolean endsByClose = request.version() == HttpVersion.HTTP_1_0;
        if (endsByClose) {
            // Not before: Vert.x says keep-alive if the request does.
            response.headersEndHandler(head -> response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE));
        }
        reply.stream().apply(response).onComplete(done -> {
            if (done.succeeded()) {
                Future<Void> ended = response.end();
                if (endsByClose) {
                    ended.onComplete(sent -> request.connection().close());
                }
            } else {
                request.connection().close();
            }
        });
    }

    /** Value of the Age header. */
    static CharSequence age(long seconds) {
        return seconds < AGES.length ? AGES[(int) seconds] : Long.toString(seconds);
    }

    /** Ends a request with JSON. */
    static void json(HttpServerRequest request, int status, Buffer body) {
        HttpServerResponse response = request.response();
        if (!response.ended()) {
            end(request, response, response.headers(), status, JSON, body, Map.of());
        }
    }

    private static void setCommon(MultiMap headers, CharSequence contentType) {
        headers.set(HttpHeaders.CONTENT_TYPE, contentType)
                .set(HttpHeaders.CACHE_CONTROL, NO_STORE)
                .set(NOSNIFF_NAME, NOSNIFF);
    }

    private static void setFurther(MultiMap headers, Map<String, String> further) {
        if (!further.isEmpty()) {
            further.forEach(headers::set);
        }
    }

    private static void end(
            HttpServerRequest request,
            HttpServerResponse response,
            MultiMap headers,
            int status,
            CharSequence contentType,
            Buffer body,
            Map<String, String> further) {
        if (status != 200) {
            response.setStatusCode(status);
        }
        setCommon(headers, contentType);
        setFurther(headers, further);
        if (HttpMethod.HEAD.equals(request.method())) {
            headers.set(HttpHeaders.CONTENT_LENGTH, String.valueOf(body.length()));
            response.end();
        } else {
            response.end(body);
        }
    }

    /** Ends a request with a failure. No path, no name and no content is in it. */
    static void failure(HttpServerRequest request, Failure failure) {
        HttpServerResponse response = request.response();
        if (response.ended()) {
            return;
        }
        RequestId.of(request);
        if (failure == Failure.UNAUTHORIZED) {
            response.putHeader("WWW-Authenticate", "Bearer");
        }
        if (failure.code() == 503 || failure.code() == 429) {
            response.putHeader(HttpHeaders.RETRY_AFTER, ONE_SECOND);
        }
        json(request, failure.code(), ERRORS.get(failure).copy());
    }

    /** Ends a request that asked what is allowed. */
    static void allowed(HttpServerRequest request, int status, String methods) {
        request.response().putHeader(HttpHeaders.ALLOW, methods);
        if (status == 204) {
            request.response()
                    .setStatusCode(204)
                    .putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE)
                    .putHeader(NOSNIFF_NAME, NOSNIFF)
                    .end();
        } else {
            failure(request, Failure.METHOD_NOT_ALLOWED);
        }
    }
}
