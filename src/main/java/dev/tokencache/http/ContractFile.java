package dev.tokencache.http;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The contract of the REST interface, OpenAPI 3.1: the very file that the tests hold the replies against. */
final class ContractFile {
    private final byte[] content = read();
    private final String etag = ContentTag.of(content);

    private static byte[] read() {
        try (InputStream in = ContractFile.class.getResourceAsStream("openapi.yaml")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The whole of it, with its entity tag. */
    Reply reply() {
        return Reply.of("application/yaml", () -> Buffer.buffer(content)).tagged(etag);
    }
}
