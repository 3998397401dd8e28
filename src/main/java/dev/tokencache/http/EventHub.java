package dev.tokencache.http;

import dev.tokencache.ChangeFeed;
import dev.tokencache.EventId;
import dev.tokencache.Telemetry;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenEvents;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The streams of one HTTP instance, behind one follower of the feed: each event is rendered once for all of them. Follows from
 * the first stream on. For the instance's event loop.
 */
final class EventHub {
    private final Vertx vertx;
    private final TokenCache cache;
    private final long heartbeatMillis;
    private final long drainMillis;
    private final Telemetry telemetry;
    private final Set<EventStream> streams = new LinkedHashSet<>();
    private ChangeFeed feed;
    private EventId last;
    private boolean closed;

    /** None yet. A silent stream must not look like a silent client: a heartbeat comes before the idle time-out. */
    EventHub(Vertx vertx, TokenCache cache, HttpOptions options) {
        this.vertx = vertx;
        this.cache = cache;
        this.telemetry = options.getTelemetry();
        Duration half = options.getIdleTimeout().dividedBy(2);
        Duration heartbeat = options.getEventHeartbeat();
        this.heartbeatMillis = Math.max(1, (half.compareTo(heartbeat) < 0 ? half : heartbeat).toMillis());
        this.drainMillis = options.getEventDrainTimeout().toMillis();
    }

    /** Writes a stream until its token ends, its connection closes or this does; then it completes. */
    Future<Void> stream(EventStream.Wish wish, HttpConnection connection, HttpServerResponse response) {
        if (closed) {
            return Future.succeededFuture();
        }
        if (feed == null) {
            feed = cache.follow(null, null, this::tell);
        }
        EventStream stream = new EventStream(vertx, this, wish, connection, response);
        streams.add(stream);
        telemetry.streaming(1);
        return stream.run().onComplete(done -> {
            streams.remove(stream);
            telemetry.streaming(-1);
        });
    }

    private Future<Void> tell(TokenEvents piece) {
        last = piece.last();
        List<EventText.Rendered> events = EventText.render(piece.events());
        for (EventStream stream : List.copyOf(streams)) {
            if (piece.reset()) {
                stream.lookAgain();
            } else {
                stream.offer(events, last);
            }
        }
        return Future.succeededFuture();
    }

    /** Behind it nothing has been offered; null before anything is known of the feed. */
    EventId last() {
        return last;
    }

    TokenCache cache() {
        return cache;
    }

    long heartbeatMillis() {
        return heartbeatMillis;
    }

    long drainMillis() {
        return drainMillis;
    }

    /** Ends all streams, and each that still comes. */
    Future<Void> close() {
        closed = true;
        List.copyOf(streams).forEach(EventStream::end);
        return feed == null ? Future.succeededFuture() : feed.close();
    }
}
