package dev.tokencache.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The id of a request: in the reply's header, in the audit log and in log lines about the request. Made here, never taken from
 * the client, and made when it is asked for: the reply of a get from memory, which nothing else speaks of, has none.
 */
final class RequestId {
    private static final CharSequence HEADER = HttpHeaders.createOptimized("x-request-id");
    private static final String START = start();
    private static final AtomicLong COUNT = new AtomicLong();

    private RequestId() {}

    private static String start() {
        byte[] random = new byte[6];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "-";
    }

    /** The request's; no other request of this or another process has it. For the request's event loop. */
    static String of(HttpServerRequest request) {
        String id = request.response().headers().get(HEADER);
        if (id == null) {
            id = START + Long.toString(COUNT.incrementAndGet(), Character.MAX_RADIX);
            if (!request.response().headWritten()) {
                request.response().putHeader(HEADER, id);
            }
        }
        return id;
    }
}
