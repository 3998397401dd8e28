package dev.tokencache.http;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.IdentityHashMap;

/**
 * Closes connections whose first head, or whose body, has not arrived in time. A connection is in at most one of the two
 * states, so each has at most one timer. For one event loop.
 */
final class Deadlines {
    /** Time for the answer to a request that was too slow. */
    private static final long REFUSAL_MILLIS = 500;

    private final Vertx vertx;
    private final long headMillis;
    private final long bodyMillis;
    private final IdentityHashMap<HttpConnection, Long> timers = new IdentityHashMap<>();

    Deadlines(Vertx vertx, Duration head, Duration request) {
        this.vertx = vertx;
        this.headMillis = head.toMillis();
        this.bodyMillis = request.toMillis() + REFUSAL_MILLIS;
    }

    /** A connection was opened, and no head has come yet. */
    void awaitHead(HttpConnection connection) {
        start(connection, headMillis);
    }

    /**
     * A head has come: if there is a body, it has a time of its own. A refusal is sent without waiting for the body, and what
     * comes of it then is dropped: without an end a stranger could hold the connection as long as he lets it drip.
     */
    void awaitBody(HttpServerRequest request) {
        HttpConnection connection = request.connection();
        lift(connection);
        MultiMap headers = request.headers();
        if (headers.contains(HttpHeaders.CONTENT_LENGTH) || headers.contains(HttpHeaders.TRANSFER_ENCODING)) {
            start(connection, bodyMillis);
            request.end().onComplete(done -> lift(connection));
        }
    }

    /** Takes the connection's deadline away. In the steady state there are none, so that this costs a request nothing. */
    void lift(HttpConnection connection) {
        if (!timers.isEmpty()) {
            Long timer = timers.remove(connection);
            if (timer != null) {
                vertx.cancelTimer(timer);
            }
        }
    }

    private void start(HttpConnection connection, long millis) {
        timers.put(connection, vertx.setTimer(millis, id -> {
            timers.remove(connection);
            connection.close();
        }));
    }
}
