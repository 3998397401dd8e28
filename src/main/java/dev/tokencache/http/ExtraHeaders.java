package dev.tokencache.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Headers of every reply that only some servers have: those of CORS (WHATWG Fetch) for the configured origins, and HSTS
 * (RFC 6797). Credentials of the browser's own, such as cookies, are never allowed: a page sends its token itself.
 */
final class ExtraHeaders {
    private static final CharSequence VARY_ORIGIN = HttpHeaders.createOptimized("origin");
    private static final CharSequence METHODS = HttpHeaders.createOptimized("GET, HEAD, POST, PUT, PATCH, DELETE");
    private static final CharSequence REQUEST_HEADERS =
            HttpHeaders.createOptimized("authorization, content-type, if-match, if-none-match, last-event-id");
    private static final CharSequence REPLY_HEADERS =
            HttpHeaders.createOptimized("age, etag, retry-after, www-authenticate, x-cache, x-request-id");
    private static final CharSequence MAX_AGE = HttpHeaders.createOptimized("600");
    private static final CharSequence HSTS = HttpHeaders.createOptimized("strict-transport-security");

    private final Set<String> origins;
    private final CharSequence hsts;

    private ExtraHeaders(Set<String> origins, CharSequence hsts) {
        this.origins = origins;
        this.hsts = hsts;
    }

    /** What these options ask for; null when that is nothing, so that it costs a request nothing. */
    static ExtraHeaders of(HttpOptions options) {
        List<String> origins = options.getCorsOrigins();
        Duration age = options.getHsts();
        boolean secure = options.getTls() != null && !age.isZero();
        if (origins.isEmpty() && !secure) {
            return null;
        }
        return new ExtraHeaders(
                new HashSet<>(origins), secure ? HttpHeaders.createOptimized("max-age=" + age.toSeconds()) : null);
    }

    /** Puts them on the reply to a request; before anything else does with it. */
    void add(HttpServerRequest request) {
        MultiMap headers = request.response().headers();
        if (hsts != null) {
            headers.set(HSTS, hsts);
        }
        if (!origins.isEmpty()) {
            headers.set(HttpHeaders.VARY, VARY_ORIGIN);
            String origin = request.getHeader(HttpHeaders.ORIGIN);
            if (origin != null && origins.contains(origin)) {
                headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
                headers.set(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, REPLY_HEADERS);
                addPreflight(request, headers);
            }
        }
    }

    private static void addPreflight(HttpServerRequest request, MultiMap headers) {
        if (HttpMethod.OPTIONS.equals(request.method())
                && request.headers().contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD)) {
            headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, METHODS);
            headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS);
            headers.set(HttpHeaders.ACCESS_CONTROL_MAX_AGE, MAX_AGE);
        }
    }
}
