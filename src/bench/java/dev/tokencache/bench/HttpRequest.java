package dev.tokencache.bench;

import java.nio.charset.StandardCharsets;

/**
 * The request that is measured.
 *
 * @param target path and query
 * @param authorization value of the header
 */
record HttpRequest(String target, String authorization) {
    /** Its bytes on a connection that stays. */
    byte[] keepAlive() {
        return bytes("");
    }

    /** Its bytes on a connection that ends with the reply. */
    byte[] closing() {
        return bytes("Connection: close\r\n");
    }

    private byte[] bytes(String more) {
        return ("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: " + authorization + "\r\n" + more
                        + "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Never the header's value. */
    @Override
    public String toString() {
        return "HttpRequest[" + target + "]";
    }
}
