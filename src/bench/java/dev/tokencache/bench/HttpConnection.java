package dev.tokencache.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** A connection that asks and waits, for benchmarks that look at one reply after the other. One thread; blocking. */
final class HttpConnection implements AutoCloseable {
    private static final int BUFFER = 4 << 20;

    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(BUFFER);

    HttpConnection(InetSocketAddress address) throws IOException {
        channel = SocketChannel.open(address);
    }

    /** The whole reply, head and body. */
    String get(HttpRequest request) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(request.keepAlive());
        while (out.hasRemaining()) {
            channel.write(out);
        }
        in.clear();
        int length = 0;
        while (length == 0 || in.position() < length) {
            if (channel.read(in) < 0) {
                throw new EOFException("the server closed the connection");
            }
            length = NioLoad.lengthOf(in);
        }
        return new String(in.array(), 0, length, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
