package dev.tokencache.http;

import dev.tokencache.contract.ReplyCheck;
import io.vertx.core.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A client of the stream of events as simple as the standards allow; nothing in it waits for ever. */
final class EventClient implements Closeable {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Socket socket;
    private final long start = System.nanoTime();
    private final InputStream in;
    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final String status;

    /** What is left of the chunk that is being read. */
    private int chunk;

    private boolean ended;

    /** The place after what was read so far, or null. */
    private String lastId;

    private int comments;

    /** What of the stream has not been held against the contract yet. */
    private final StringBuilder block = new StringBuilder();

    /** What was dispatched. */
    record Event(String id, String name, JsonObject data) {
        String file() {
            return data.getString("project") + '/' + data.getString("filename");
        }
    }

    /** @param since the Last-Event-ID, or null */
    EventClient(int port, String token, String query, String since) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        String head = "GET " + EventRoutes.PATH + query + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + token + "\r\n" + (since == null ? "" : "Last-Event-ID: " + since + "\r\n") + "\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        status = headLine();
        for (String line = headLine(); !line.isEmpty(); line = headLine()) {
            headers.put(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 2));
        }
        lastId = since;
    }

    private String headLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("the connection was closed");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.US_ASCII);
    }

    int status() {
        return Integer.parseInt(status.substring(9, 12));
    }

    String header(String name) {
        return headers.get(name);
    }

    String lastId() {
        return lastId;
    }

    int comments() {
        return comments;
    }

    /** The next byte of the content, or -1 at its end. */
    private int read() throws IOException {
        if (chunk == 0) {
            if (ended) {
                return -1;
            }
            chunk = Integer.parseInt(headLine(), 16);
            if (chunk == 0) {
                ended = true;
                return -1;
            }
        }
        int b = in.read();
        if (--chunk == 0) {
            headLine();
        }
        return b;
    }

    /** The next line, or null at the end of the stream. */
    String line() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int b = read(); b != '\n'; b = read()) {
            if (b < 0) {
                return null;
            }
            bytes.write(b);
        }
        if (System.nanoTime() - start > PATIENCE.toNanos()) {
            throw new IOException("heartbeats and no end");
        }
        String line = bytes.toString(StandardCharsets.UTF_8);
        block.append(line).append('\n');
        if (line.isEmpty()) {
            requireContract();
        } else if (line.startsWith(":")) {
            comments++;
        } else if (line.startsWith("id: ")) {
            lastId = line.substring(4);
        }
        return line;
    }

    /** Holds the head, and what came since the last time, against the contract. */
    private void requireContract() {
        Map<String, List<String>> head = new TreeMap<>();
        headers.forEach((name, value) -> head.put(name, List.of(value)));
        ReplyCheck.check(
                "GET", EventRoutes.PATH, status(), head, block.toString().getBytes(StandardCharsets.UTF_8));
        block.setLength(0);
    }

    /** The next event, or null at the end of the stream. */
    Event next() throws IOException {
        String name = null;
        String data = null;
        for (String line = line(); line != null; line = line()) {
            if (line.startsWith("event: ")) {
                name = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data = line.substring(6);
            } else if (line.isEmpty() && data != null) {
                return new Event(lastId, name, new JsonObject(data));
            } else if (!line.isEmpty() && !line.startsWith(":") && !line.startsWith("id: ")) {
                throw new IOException("not a line of an event stream: " + line);
            }
        }
        return null;
    }

    /** As many as are asked for. */
    List<Event> next(int count) throws IOException {
        List<Event> events = new ArrayList<>();
        while (events.size() < count) {
            Event event = next();
            if (event == null) {
                throw new IOException("the stream ended after " + events);
            }
            events.add(event);
        }
        return events;
    }

    /** Reads until the place is known from which it could go on. */
    EventClient placed() throws IOException {
        while (lastId == null) {
            if (line() == null) {
                throw new IOException("the stream ended");
            }
        }
        return this;
    }

    /** Reads lines to the end. */
    void drain() throws IOException {
        String line;
        do {
            line = line();
        } while (line != null);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
