package dev.tokencache.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.TokenCache;
import dev.tokencache.auth.Caller;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventStreamTest {
    private static final Caller CALLER = new Caller("alice", Set.of(), Set.of(), true, Long.MAX_VALUE / 2_000, null);

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /** As it is when the signature of a token is checked on a worker, or its key is fetched. */
    @Test
    void run_clientLeftBefore_endsAtOnce() throws Exception {
        EventHub hub = new EventHub(vertx, TokenCache.create(vertx), new HttpOptions());
        Promise<HttpServerRequest> asked = Promise.promise();
        Promise<Void> left = Promise.promise();
        HttpServer server = await(vertx.createHttpServer()
                .requestHandler(request -> {
                    request.connection().closeHandler(gone -> left.complete());
                    asked.complete(request);
                })
                .listen(0, "127.0.0.1"));
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.actualPort())) {
            client.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            await(asked.future());
        }
        await(left.future());

        HttpServerRequest request = asked.future().result();
        EventStream.Wish wish = new EventStream.Wish(null, CALLER, () -> Future.succeededFuture(CALLER), null);
        Promise<Void> ended = Promise.promise();
        vertx.runOnContext(none ->
                hub.stream(wish, request.connection(), request.response()).onComplete(ended));

        await(ended.future());
        assertThat(request.response().bytesWritten()).isZero();
    }
}
