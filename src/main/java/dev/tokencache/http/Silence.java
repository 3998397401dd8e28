package dev.tokencache.http;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.timeout.IdleStateHandler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Puts the look for silence behind the decoder of HTTP. There it stands without TLS; with TLS Vert.x puts it before the
 * decoder, and a head that drips, byte by byte, would never count as silence.
 */
final class Silence {
    private static final String IDLE = "idle";
    private static final String ENCODER = "httpEncoder";

    private Silence() {}

    /** On the connection's event loop, when it has just been opened. */
    static void afterDecoder(HttpConnection connection, Duration most) {
        ChannelPipeline pipeline =
                ((HttpServerConnection) connection).channelHandlerContext().pipeline();
        if (pipeline.get(IDLE) != null && pipeline.get(ENCODER) != null) {
            pipeline.remove(IDLE);
            pipeline.addAfter(ENCODER, IDLE, new IdleStateHandler(0, 0, most.toMillis(), TimeUnit.MILLISECONDS));
        }
    }
}
