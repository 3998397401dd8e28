package dev.tokencache.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.tokencache.Failure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Reads the body of a request, bounded in size and time. Where a route wants a JSON object, it is one, without duplicate members;
 * the content of files and patches is judged by those who take it in.
 */
final class RequestBodies {
    private static final JsonFactory STRICT = new JsonFactoryBuilder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(100).build())
            .build();

    private final Vertx vertx;
    private final int maxBytes;
    private final long timeoutMillis;

    RequestBodies(Vertx vertx, int maxBytes, long timeoutMillis) {
        this.vertx = vertx;
        this.maxBytes = maxBytes;
        this.timeoutMillis = timeoutMillis;
    }

    /**
     * Reads the body: a JsonObject for {@link Route.Body#JSON}, a Buffer for what is taken as it is, null for what the action
     * reads itself and for none. Fails with {@link Failure#BODY_TOO_LARGE}, {@link Failure#UNSUPPORTED_MEDIA_TYPE}, {@link
     * Failure#REQUEST_TIMEOUT} or {@link Failure#BAD_REQUEST}. An empty body needs no type.
     */
    Future<Object> read(HttpServerRequest request, Route.Body kind) {
        if (kind == Route.Body.NONE) {
            return Future.succeededFuture();
        }
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        boolean bounded = kind != Route.Body.LINES;
        if (bounded && length != null && (length.length() > 10 || Long.parseLong(length) > maxBytes)) {
            return Future.failedFuture(Failure.BODY_TOO_LARGE.exception());
        }
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        if (type == null ? !bounded : !is(kind.mediaType(), type)) {
            return Future.failedFuture(Failure.UNSUPPORTED_MEDIA_TYPE.exception());
        }
        return bounded ? readBytes(request).map(bytes -> content(kind, type, bytes)) : Future.succeededFuture();
    }

    private static Object content(Route.Body kind, String type, Buffer bytes) {
        if (bytes.length() > 0 && type == null) {
            throw Failure.UNSUPPORTED_MEDIA_TYPE.exception();
        }
        if (kind != Route.Body.JSON) {
            return bytes;
        }
        return bytes.length() == 0 ? new JsonObject() : parse(bytes);
    }

    private static boolean is(String mediaType, String type) {
        String[] parts = type.split(";", 2);
        if (!parts[0].strip().equalsIgnoreCase(mediaType)) {
            return false;
        }
        String parameter = parts.length == 1 ? "" : parts[1].strip().toLowerCase(Locale.ROOT);
        return parameter.isEmpty() || parameter.matches("charset=\"?utf-8\"?");
    }

    private Future<Buffer> readBytes(HttpServerRequest request) {
        Promise<Buffer> promise = Promise.promise();
        Buffer body = Buffer.buffer();
        long timer = vertx.setTimer(timeoutMillis, id -> promise.tryFail(Failure.REQUEST_TIMEOUT.exception()));
        promise.future().onComplete(done -> vertx.cancelTimer(timer));
        request.handler(chunk -> {
            if (body.length() + chunk.length() > maxBytes) {
                promise.tryFail(Failure.BODY_TOO_LARGE.exception());
            } else if (!promise.future().isComplete()) {
                body.appendBuffer(chunk);
            }
        });
        request.exceptionHandler(cause -> promise.tryFail(Failure.BAD_REQUEST.exception()));
        request.endHandler(end -> promise.tryComplete(body));
        request.resume();
        return promise.future();
    }

    private static JsonObject parse(Buffer bytes) {
        try {
            String text = text(bytes);
            try (JsonParser parser = STRICT.createParser(text)) {
                while (parser.nextToken() != null) {
                    // Only the parser's own checks are wanted: duplicates, depth, what follows the value.
                }
            }
            return new JsonObject(text);
        } catch (IOException | RuntimeException e) {
            // A parser's message quotes the body: it goes nowhere.
            throw Failure.BAD_REQUEST.exception();
        }
    }

    /** Bytes as text; {@link Failure#BAD_REQUEST} when they are not UTF-8. */
    static String text(Buffer bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.getBytes()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Failure.BAD_REQUEST.exception();
        }
    }
}
