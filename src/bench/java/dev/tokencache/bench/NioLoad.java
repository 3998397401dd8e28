package dev.tokencache.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A load generator for machines without wrk: one thread, one selector, and no more work for a reply than to see that it is a
 * success and where it ends.
 */
final class NioLoad implements LoadGenerator {
    private static final byte[] SUCCESS = "HTTP/1.1 200".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOT_MODIFIED = "HTTP/1.1 304".getBytes(StandardCharsets.US_ASCII);
    private static final int SPARE = 1 << 10;

    private static final int MOST_REQUEST_BYTES = 8 << 10;

    private final Requests requests;
    private final int replyBytes;

    /** What is sent. */
    interface Requests {
        /** Puts the bytes of the next request. */
        void put(ByteBuffer out);
    }

    /** The same request over and over. */
    NioLoad(byte[] request, int replyBytes) {
        this(out -> out.put(request), replyBytes);
    }

    NioLoad(Requests requests, int replyBytes) {
        this.requests = requests;
        this.replyBytes = replyBytes;
    }

    @Override
    public String name() {
        return "own (NIO, 1 thread)";
    }

    @Override
    public Load run(InetSocketAddress address, int connections, Duration duration) throws IOException {
        Latencies latencies = new Latencies();
        List<Connection> all = new ArrayList<>();
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < connections; i++) {
                all.add(new Connection(selector, address, latencies));
            }
            long start = System.nanoTime();
            for (Connection connection : all) {
                connection.send();
            }
            long end = start + duration.toNanos();
            while (System.nanoTime() - end < 0) {
                selector.select(key -> ((Connection) key.attachment()).receive(), 100);
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            return new Load(
                    latencies.count() / seconds, latencies.micros(0.5), latencies.micros(0.99), latencies.count());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            for (Connection connection : all) {
                connection.channel.close();
            }
        }
    }

    /** One connection: a request is on its way at any time. */
    private final class Connection {
        private final SocketChannel channel;
        private final Latencies latencies;
        private final ByteBuffer out = ByteBuffer.allocateDirect(MOST_REQUEST_BYTES);
        private final ByteBuffer in = ByteBuffer.allocateDirect(replyBytes + SPARE);

        private ByteBuffer last = ByteBuffer.allocate(0);

        private long sentNanos;

        Connection(Selector selector, InetSocketAddress address, Latencies latencies) throws IOException {
            this.latencies = latencies;
            channel = SocketChannel.open(address);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, this);
        }

        void send() throws IOException {
            out.clear();
            requests.put(out);
            out.flip();
            sentNanos = System.nanoTime();
            channel.write(out);
            // A connection without anything under way takes a request whole.
            if (out.hasRemaining()) {
                throw new IOException("a request did not fit into the socket's buffer");
            }
        }

        void receive() {
            try {
                if (channel.read(in) < 0) {
                    throw new IOException("the server closed a connection");
                }
                if (isWhole()) {
                    latencies.record(System.nanoTime() - sentNanos);
                    in.clear();
                    send();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Often a reply is the last one again, but for a number in it, which two comparisons tell; any other is parsed. */
        private boolean isWhole() throws IOException {
            ByteBuffer got = in.duplicate().flip();
            if (equalButForNumber(got, last)) {
                return true;
            }
            int length = lengthOf(in);
            if (length == 0 || got.limit() < length) {
                return false;
            }
            if (last.capacity() != length) {
                last = ByteBuffer.allocateDirect(length);
            }
            last.clear().put(got.limit(length)).flip();
            return true;
        }
    }

    /** Whether two replies are equal but for one number of as many digits, as their ages may be: both are whole then. */
    static boolean equalButForNumber(ByteBuffer one, ByteBuffer other) {
        if (one.remaining() != other.remaining()) {
            return false;
        }
        int at = one.mismatch(other);
        while (at >= 0 && at < one.limit() && isDigit(one.get(at)) && isDigit(other.get(at))) {
            at++;
        }
        return at < 0 || one.slice(at, one.limit() - at).equals(other.slice(at, other.limit() - at));
    }

    private static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }

    /** Length of the whole reply that the buffer begins with, or 0 while its head is incomplete. */
    static int lengthOf(ByteBuffer buffer) throws IOException {
        int end = buffer.position();
        boolean empty = startsLike(buffer, end, NOT_MODIFIED);
        if (!empty && !startsLike(buffer, end, SUCCESS)) {
            throw new IOException("a reply is no success");
        }
        int bodyLength = empty ? 0 : -1;
        for (int lineStart = 0, i = 0; i + 1 < end; i++) {
            if (buffer.get(i) == '\r' && buffer.get(i + 1) == '\n') {
                if (i == lineStart) {
                    if (bodyLength < 0) {
                        throw new IOException("a reply without a length");
                    }
                    return i + 2 + bodyLength;
                }
                bodyLength = Math.max(bodyLength, contentLength(buffer, lineStart, i));
                lineStart = i + 2;
                i++;
            }
        }
        return 0;
    }

    private static boolean startsLike(ByteBuffer buffer, int end, byte[] start) {
        for (int i = 0; i < start.length && i < end; i++) {
            if (buffer.get(i) != start[i]) {
                return false;
            }
        }
        return true;
    }

    private static int contentLength(ByteBuffer buffer, int start, int end) {
        String name = "content-length:";
        if (end - start <= name.length()) {
            return -1;
        }
        for (int i = 0; i < name.length(); i++) {
            if ((buffer.get(start + i) | 0x20) != (name.charAt(i) | 0x20)) {
                return -1;
            }
        }
        int length = 0;
        for (int i = start + name.length(); i < end; i++) {
            byte c = buffer.get(i);
            length = isDigit(c) ? 10 * length + c - '0' : length;
        }
        return length;
    }
}
