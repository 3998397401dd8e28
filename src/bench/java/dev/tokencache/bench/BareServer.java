package dev.tokencache.bench;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The reference point {@code bare}: a Vert.x server on one event loop that answers every request with the same reply. What
 * it does is what no server on Vert.x can do without. A process of its own; it ends when its standard input does.
 */
final class BareServer {
    private BareServer() {}

    /** Argument: a file with the reply, head and body as they went over the wire. Prints the address when it serves. */
    public static void main(String[] args) throws IOException {
        HttpReply reply = HttpReply.parse(Files.readAllBytes(Path.of(args[0])));
        List<CharSequence> names = new ArrayList<>();
        List<CharSequence> values = new ArrayList<>();
        reply.headers().forEach((name, value) -> {
            names.add(HttpHeaders.createOptimized(name));
            values.add(HttpHeaders.createOptimized(value));
        });
        Buffer body = Buffer.buffer(reply.body(), "ISO-8859-1");
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        vertx.createHttpServer(
                        new HttpServerOptions().setHost("127.0.0.1").setPort(0).setHttp2ClearTextEnabled(false))
                .requestHandler(request -> {
                    HttpServerResponse response = request.response();
                    MultiMap headers = response.headers();
                    for (int i = 0; i < names.size(); i++) {
                        headers.set(names.get(i), values.get(i));
                    }
                    response.end(body);
                })
                .listen()
                .onSuccess(server -> System.out.println("ready on http://127.0.0.1:" + server.actualPort()))
                .onFailure(cause -> Runtime.getRuntime().halt(1));
        while (System.in.read() >= 0) {
            // Nobody writes; the end of the stream is the end of the benchmark.
        }
        Runtime.getRuntime().halt(0);
    }
}
