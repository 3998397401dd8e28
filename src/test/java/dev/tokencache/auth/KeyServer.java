package dev.tokencache.auth;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Somebody who publishes a key set, and may be told to do it badly. */
final class KeyServer {
    private final HttpServer server;
    private final String scheme;
    private final AtomicInteger requests = new AtomicInteger();
    private volatile Consumer<HttpServerRequest> answer;

    private KeyServer(Vertx vertx, HttpServerOptions options) {
        scheme = options.isSsl() ? "https" : "http";
        server = GateFixture.await(vertx.createHttpServer(options)
                .requestHandler(request -> {
                    requests.incrementAndGet();
                    answer.accept(request);
                })
                .listen(0, "127.0.0.1"));
    }

    static KeyServer start(Vertx vertx) {
        return new KeyServer(vertx, new HttpServerOptions());
    }

    static KeyServer start(Vertx vertx, HttpServerOptions options) {
        return new KeyServer(vertx, options);
    }

    /** What to do with requests from now on. */
    KeyServer answers(Consumer<HttpServerRequest> what) {
        answer = what;
        return this;
    }

    /** Publishes this from now on. */
    KeyServer publishes(String body) {
        return answers(request -> request.response().end(Buffer.buffer(body)));
    }

    /** How many requests have come. */
    int requests() {
        return requests.get();
    }

    URI url() {
        return URI.create(scheme + "://127.0.0.1:" + server.actualPort() + "/keys");
    }

    void stop() {
        GateFixture.await(server.close());
    }
}
