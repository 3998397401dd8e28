package dev.tokencache.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A reply as it went over the wire.
 *
 * @param status HTTP status
 * @param headers in their order, names as they were sent; without the length of the body
 * @param body its bytes, a char each
 */
record HttpReply(int status, Map<String, String> headers, String body) {
    private static final int TIMEOUT_MILLIS = 10_000;

    HttpReply {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /** Reads a whole reply; the request must have asked for the connection's end. */
    static byte[] fetch(InetSocketAddress address, byte[] request) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(address, TIMEOUT_MILLIS);
            socket.getOutputStream().write(request);
            return socket.getInputStream().readAllBytes();
        }
    }

    static HttpReply parse(byte[] wire) {
        String text = new String(wire, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new IllegalArgumentException("no whole reply: " + wire.length + " bytes");
        }
        String[] lines = text.substring(0, end).split("\r\n", -1);
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line : Arrays.asList(lines).subList(1, lines.length)) {
            int colon = line.indexOf(':');
            String name = line.substring(0, colon);
            if (!name.equalsIgnoreCase("content-length") && !name.equalsIgnoreCase("connection")) {
                headers.put(name, line.substring(colon + 1).trim());
            }
        }
        return new HttpReply(Integer.parseInt(lines[0].split(" ", -1)[1]), headers, text.substring(end + 4));
    }
}
