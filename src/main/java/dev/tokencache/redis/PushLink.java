package dev.tokencache.redis;

import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A connection that hears of invalidations and carries nothing else ({@link RedisLink} says why). What it misses costs time
 * until the next comparison. Lives on the event loop it is started on.
 */
final class PushLink {
    private static final long PAUSE_MILLIS = 1_000;

    private final Vertx vertx;
    private final RedisClients clients;
    private final String channel;
    private final Consumer<String> heard;
    private Redis client;
    private boolean closed;

    /** @param heard is given each message */
    PushLink(Vertx vertx, RedisSourceOptions options, String channel, Consumer<String> heard) {
        this.vertx = vertx;
        this.clients = new RedisClients(vertx, options);
        this.channel = channel;
        this.heard = heard;
    }

    void connect() {
        if (closed) {
            return;
        }
        Redis made = clients.create();
        client = made;
        made.connect()
                .compose(connection -> listen(made, connection)
                        .send(Request.cmd(Command.SUBSCRIBE).arg(channel)))
                .timeout(RedisClients.CONNECT_MILLIS, TimeUnit.MILLISECONDS)
                .onFailure(cause -> lost(made));
    }

    private RedisConnection listen(Redis made, RedisConnection connection) {
        return connection
                .exceptionHandler(cause -> lost(made))
                .endHandler(end -> lost(made))
                .handler(this::push);
    }

    private void push(Response message) {
        if (message != null && message.size() == 3 && "message".equals(String.valueOf(message.get(0)))) {
            heard.accept(String.valueOf(message.get(2)));
        }
    }

    private void lost(Redis lost) {
        if (lost != client) {
            return;
        }
        client = null;
        vertx.runOnContext(later -> lost.close()); // not amid the library's own handling of the end
        if (!closed) {
            vertx.setTimer(PAUSE_MILLIS, id -> connect());
        }
    }

    void close() {
        closed = true;
        if (client != null) {
            client.close();
            client = null;
        }
    }
}
