package dev.tokencache.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Closes connections on which nothing happens. It stands behind the decoder of HTTP, also with TLS: a head that drips, byte by
 * byte, is silence. So is a reply of which the client takes nothing, however much is written behind it.
 *
 * <p>A request notes two flags, no time and no listener: all connections are looked at together, four times in the time-out, and one that was
 * silent as many times in a row is closed, after 1 to 1.25 of it. Vert.x's own, which is Netty's {@code IdleStateHandler}, costs a get a
 * fourteenth of its CPU time. For one event loop.
 */
final class IdleTimeout {
    private static final int LOOKS = 4;

    private final long everyMillis;
    private final Set<Watch> watches = new LinkedHashSet<>();

    /** The next look, as long as there are connections; also after the server's stop, for those that end slowly. */
    private Future<?> next;

    IdleTimeout(Duration most) {
        this.everyMillis = Math.max(1, most.toMillis() / LOOKS);
    }

    /** From now on until it is closed. On its event loop, when it has just been opened. */
    void watch(HttpConnection connection) {
        ChannelHandlerContext last = ((HttpServerConnection) connection).channelHandlerContext();
        last.pipeline().addBefore(last.name(), "idle", new Watch());
        if (next == null) {
            lookLater(last.executor());
        }
    }

    /** Not at a fixed rate: looks that were late would come all at once then, and take a moment for silence. */
    private void lookLater(EventExecutor loop) {
        next = loop.schedule(
                () -> {
                    next = null;
                    if (!watches.isEmpty()) {
                        lookLater(loop);
                        look();
                    }
                },
                everyMillis,
                TimeUnit.MILLISECONDS);
    }

    /** How many connections are watched. */
    int size() {
        return watches.size();
    }

    private void look() {
        List<Watch> silent = new ArrayList<>();
        for (Watch watch : watches) {
            if (watch.isSilent()) {
                silent.add(watch);
            }
        }
        silent.forEach(Watch::close);
    }

    /** What happens on one connection. */
    private final class Watch extends ChannelDuplexHandler {
        private ChannelHandlerContext context;
        /** Its opening counts. */
        private boolean read = true;

        private boolean written;
        private int silentLooks;

        /** What is being sent, and how much of it the system has taken. */
        private Object current;

        private long progress;

        @Override
        public void handlerAdded(ChannelHandlerContext added) {
            context = added;
            watches.add(this);
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext removed) {
            watches.remove(this);
        }

        @Override
        public void channelRead(ChannelHandlerContext reading, Object message) {
            read = true;
            reading.fireChannelRead(message);
        }

        @Override
        public void write(ChannelHandlerContext writing, Object message, ChannelPromise promise) throws Exception {
            written = true;
            super.write(writing, message, promise);
        }

        /** Whether it was silent now and at the looks before. */
        boolean isSilent() {
            boolean sent = hasSent();
            boolean active = read || sent;
            read = false;
            written = false;
            silentLooks = active ? 0 : silentLooks + 1;
            return silentLooks >= LOOKS;
        }

        private boolean hasSent() {
            ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
            Object before = current;
            long progressBefore = progress;
            current = buffer == null ? null : buffer.current();
            progress = buffer == null ? 0 : buffer.currentProgress();
            return current != before || progress != progressBefore || (written && current == null);
        }

        /** As Vert.x does when Netty tells it of an idle connection. */
        void close() {
            context.fireUserEventTriggered(IdleStateEvent.ALL_IDLE_STATE_EVENT);
        }
    }
}
