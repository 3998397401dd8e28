package dev.tokencache.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.transport.Transport;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many connections the process has open: one for all HTTP instances. For any thread.
 *
 * <p>Vert.x tells of a connection only when its TLS handshake is over. So a Vert.x made with {@link #countingTransport} counts
 * each when it is accepted; with any other the HTTP server counts them when it hears of them.
 */
public final class ConnectionLimit {
    private volatile int max;
    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean countedAtAccept;

    /** A limit with nothing open. */
    public ConnectionLimit(int max) {
        this.max = max;
    }

    /** The same transport, but that HTTP servers on it have their connections counted, and refused, at accept. */
    public Transport countingTransport(Transport transport) {
        countedAtAccept = true;
        return new CountingTransport(transport, (options, bootstrap) -> {
            if (options instanceof HttpServerOptions) {
                count(bootstrap);
            }
        });
    }

    private void count(ServerBootstrap bootstrap) {
        bootstrap.handler(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object accepted) {
                Channel connection = (Channel) accepted;
                if (tryAcquire()) {
                    connection.closeFuture().addListener(closed -> release());
                    context.fireChannelRead(connection);
                } else {
                    connection.unsafe().closeForcibly(); // it has no event loop yet that could close it
                }
            }
        });
    }

    /** Whether nobody else counts. */
    boolean isCountedByServer() {
        return !countedAtAccept;
    }

    /** Counts one more; false, and nothing counted, when there are too many. */
    boolean tryAcquire() {
        if (open.incrementAndGet() <= max) {
            return true;
        }
        open.decrementAndGet();
        return false;
    }

    void release() {
        open.decrementAndGet();
    }

    /** How many may be open. */
    public int max() {
        return max;
    }

    /** From now on so many may be open. None is closed for it. For any thread. */
    public void limit(int most) {
        max = most;
    }

    /** How many are open now. */
    public int open() {
        return open.get();
    }
}
