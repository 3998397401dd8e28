package dev.tokencache.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A network before a server that can be switched to worse. */
final class FlakyProxy implements AutoCloseable {
    private static final int BUFFER = 16_384;
    private static final long DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(60);

    private final ServerSocket listening;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final int target;
    private volatile Mode mode = Mode.PASS;

    enum Mode {
        /** As it should be. */
        PASS,
        /** Every piece arrives late. */
        DELAY,
        /** What is sent is lost, and nobody hears of it. */
        SWALLOW,
        /** No connection stays, and none is made. */
        CUT
    }

    FlakyProxy(int target) throws IOException {
        this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target);
    }

    /** Ends TLS, say: what it is asked through is what the socket gives. */
    FlakyProxy(ServerSocket listening, int target) {
        this.listening = listening;
        this.target = target;
        threads.execute(this::accept);
    }

    String url() {
        return "redis://127.0.0.1:" + listening.getLocalPort();
    }

    void set(Mode next) {
        mode = next;
        if (next == Mode.CUT) {
            sockets.forEach(FlakyProxy::closeQuietly);
        }
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = keep(listening.accept());
                client.setTcpNoDelay(true);
                if (mode == Mode.CUT) {
                    closeQuietly(client);
                    continue;
                }
                Socket server = keep(new Socket(InetAddress.getLoopbackAddress(), target));
                server.setTcpNoDelay(true);
                threads.execute(() -> pump(client, server));
                threads.execute(() -> pump(server, client));
            } catch (IOException e) {
                // a server that is away, or the end
            }
        }
    }

    private Socket keep(Socket socket) {
        sockets.add(socket);
        return socket;
    }

    private void pump(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[BUFFER];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                Mode now = mode;
                if (now == Mode.DELAY) {
                    LockSupport.parkNanos(DELAY_NANOS);
                }
                if (now != Mode.SWALLOW) {
                    out.write(buffer, 0, length);
                }
            }
        } catch (IOException e) {
            // cut
        } finally {
            closeQuietly(from);
            closeQuietly(to);
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        set(Mode.CUT);
        threads.shutdownNow();
    }
}
