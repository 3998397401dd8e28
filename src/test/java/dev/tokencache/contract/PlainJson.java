package dev.tokencache.contract;

import io.vertx.core.json.jackson.JacksonCodec;
import io.vertx.core.spi.JsonFactory;
import io.vertx.core.spi.json.JsonCodec;

/**
 * The JSON of Vert.x as it is without jackson-databind: the tests' own libraries bring that, and Vert.x would use it in their
 * JVM, but not in the server.
 */
public final class PlainJson implements JsonFactory {
    @Override
    public int order() {
        return 0;
    }

    @Override
    public JsonCodec codec() {
        return new JacksonCodec();
    }
}
