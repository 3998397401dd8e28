package dev.tokencache.bench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The request that is measured.
 *
 * @param target path and query
 * @param authorization value of the header
 * @param ifNoneMatch the entity tag that the client has, or null
 */
record HttpRequest(String target, String authorization, String ifNoneMatch) {
    HttpRequest(String target, String authorization) {
        this(target, authorization, null);
    }

    /** The headers that it has beside the host, a line each. */
    List<String> headers() {
        List<String> headers = new ArrayList<>(List.of("Authorization: " + authorization));
        if (ifNoneMatch != null) {
            headers.add("If-None-Match: " + ifNoneMatch);
        }
        return headers;
    }

    /** Its bytes on a connection that stays. */
    byte[] keepAlive() {
        return bytes("");
    }

    /** Its bytes on a connection that ends with the reply. */
    byte[] closing() {
        return bytes("Connection: close\r\n");
    }

    private byte[] bytes(String more) {
        return ("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + String.join("\r\n", headers()) + "\r\n" + more
                        + "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Never the header's value. */
    @Override
    public String toString() {
        return "HttpRequest[" + target + "]";
    }
}
