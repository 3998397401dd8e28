package dev.tokencache.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A client that sends byte after byte, as slowly as it can without being silent. */
final class Drip implements AutoCloseable {
    private static final int PAUSE_MILLIS = 50;

    private final Socket socket;

    Drip(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** One over a connection that is open, which it closes. */
    Drip(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PAUSE_MILLIS);
        socket.setTcpNoDelay(true);
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Drips x until the server closes the connection; what it said before that. Fails when it never does. */
    String untilClosed(Duration most) throws IOException {
        StringBuilder said = new StringBuilder();
        byte[] buffer = new byte[4096];
        long start = System.nanoTime();
        while (System.nanoTime() - start < most.toNanos()) {
            try {
                send("x");
                int read = socket.getInputStream().read(buffer);
                if (read < 0) {
                    return said.toString();
                }
                said.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
            } catch (SocketTimeoutException e) {
                // The pause between two bytes.
            } catch (SocketException e) {
                return said.toString();
            }
        }
        throw new AssertionError("still open after " + most);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
