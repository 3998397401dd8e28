package dev.tokencache.http;

import dev.tokencache.CacheStatus;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A successful answer.
 *
 * @param status HTTP status
 * @param contentType of the body; null for an answer without one
 * @param body makes the content, once it is known that it is wanted, and can't fail; null when there is none or it is streamed
 * @param etag value of the ETag header, or null for none; a GET that names it is answered with 304
 * @param cache where the content came from, or null when it isn't cached content
 * @param ageSeconds how old it is, if it is cached content
 * @param stream writes the content once the head is set, and completes when all is written; null when it isn't streamed. A
 *     failure closes the connection: that is how the other side learns that something is missing
 * @param headers further ones, which win over those that every reply has; mostly none
 */
record Reply(
        int status,
        CharSequence contentType,
        Supplier<Buffer> body,
        String etag,
        CacheStatus cache,
        long ageSeconds,
        Function<HttpServerResponse, Future<Void>> stream,
        Map<String, String> headers) {
    static Reply ok(JsonObject body) {
        Buffer content = body.toBuffer(); // at once, where it may still fail
        return json(() -> content);
    }

    static Reply json(Supplier<Buffer> body) {
        return of(Replies.JSON, body);
    }

    static Reply cached(Supplier<Buffer> body, CacheStatus cache, long ageSeconds) {
        return new Reply(200, Replies.JSON, body, null, cache, ageSeconds, null, Map.of());
    }

    static Reply of(CharSequence contentType, Supplier<Buffer> body) {
        return new Reply(200, contentType, body, null, null, 0, null, Map.of());
    }

    static Reply empty(int status) {
        return new Reply(status, null, null, null, null, 0, null, Map.of());
    }

    static Reply streamed(CharSequence contentType, Function<HttpServerResponse, Future<Void>> stream) {
        return new Reply(200, contentType, null, null, null, 0, stream, Map.of());
    }

    /** The same, of this very version. */
    Reply tagged(String tag) {
        return withEtag('"' + tag + '"');
    }

    /** The same, of a version that is equivalent to others of the same tag. */
    Reply taggedWeakly(String tag) {
        return withEtag("W/\"" + tag + '"');
    }

    /** The same with these headers. */
    Reply withHeaders(Map<String, String> further) {
        return new Reply(status, contentType, body, etag, cache, ageSeconds, stream, further);
    }

    private Reply withEtag(String header) {
        return new Reply(status, contentType, body, header, cache, ageSeconds, stream, headers);
    }
}
