package dev.tokencache.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real sockets; all on one event loop, so that what delays one side delays the other. */
@Timeout(60)
class IdleTimeoutTest {
    private static final Duration MOST = Duration.ofMillis(400);
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final int LARGE = 8 << 20;

    /** The system's buffers are small, so that little is too much for them, and not yet for Vert.x's. */
    private static final int SMALL = 4 << 10;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Context loop = vertx.getOrCreateContext();
    private final IdleTimeout idle = new IdleTimeout(MOST);
    private final Promise<Long> closed = Promise.promise();
    private final Promise<Void> asked = Promise.promise();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger trickles = new AtomicInteger();
    private volatile long requestedNanos;
    private volatile int port;
    private String deployment;
    private final Socket socket = new Socket();

    @BeforeEach
    void serve() throws Exception {
        deployment = await(vertx.deployVerticle(new VerticleBase() {
            @Override
            public Future<?> start() {
                return vertx.createHttpServer(new HttpServerOptions()
                                .setHttp2ClearTextEnabled(false)
                                .setSendBufferSize(SMALL))
                        .connectionHandler(connection -> {
                            idle.watch(connection);
                            connection.closeHandler(gone -> closed.complete(System.nanoTime()));
                        })
                        .requestHandler(IdleTimeoutTest.this::reply)
                        .listen(0, "127.0.0.1")
                        .onSuccess(server -> port = server.actualPort());
            }
        }));
    }

    @AfterEach
    void close() throws Exception {
        socket.close();
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /** {@code /} is answered; {@code /large} with more than all buffers hold; {@code /stream} with a little again and again. */
    private void reply(HttpServerRequest request) {
        requests.incrementAndGet();
        requestedNanos = System.nanoTime();
        asked.tryComplete();
        switch (request.path()) {
            case "/large" -> request.response().end(Buffer.buffer(new byte[LARGE]));
            case "/stream" -> {
                request.response().setChunked(true).write(Buffer.buffer(new byte[40 << 10]));
                trickle(request.response());
            }
            case "/drip" -> {
                request.response().setChunked(true);
                vertx.setPeriodic(MOST.toMillis() / 2, id -> {
                    request.response().write(":\n");
                    if (requests.incrementAndGet() > 10) {
                        vertx.cancelTimer(id);
                    }
                });
            }
            default -> request.response().end();
        }
    }

    /** No periodic timer: what that has missed on a busy machine comes all at once. */
    private void trickle(HttpServerResponse response) {
        vertx.setTimer(MOST.toMillis() / 8, id -> {
            if (!closed.future().isComplete()) {
                trickles.incrementAndGet();
                response.write(":\n");
                trickle(response);
            }
        });
    }

    private NetSocket connect() throws Exception {
        return await(vertx.createNetClient(new NetClientOptions().setReceiveBufferSize(SMALL))
                .connect(port, "127.0.0.1"));
    }

    /** Reads nothing, as no socket of Vert.x can: that takes a little also while it pauses. */
    private void ask(String path) throws IOException {
        socket.setReceiveBufferSize(SMALL);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.getOutputStream().write(get(path).getBytes(StandardCharsets.US_ASCII));
    }

    private static String get(String path) {
        return REQUEST.replace("GET /", "GET " + path);
    }

    private Duration sinceClosed(long nanos) throws Exception {
        return Duration.ofNanos(await(closed.future()) - nanos);
    }

    @Test
    void silentConnection_isClosed_notBeforeItsTime_andForgotten() throws Exception {
        long start = System.nanoTime();
        connect();

        assertThat(sinceClosed(start)).isGreaterThanOrEqualTo(MOST.minusMillis(1));
        Promise<Integer> watched = Promise.promise();
        loop.runOnContext(none -> watched.complete(idle.size()));
        assertThat(await(watched.future())).isZero();
    }

    @Test
    void requests_keepItOpen_untilTheLastOne() throws Exception {
        NetSocket socket = connect();
        socket.handler(reply -> {
            if (requests.get() < 8) {
                vertx.setTimer(MOST.toMillis() / 2, id -> socket.write(REQUEST));
            }
        });
        socket.write(REQUEST);

        await(closed.future());
        assertThat(requests).hasValue(8);
        assertThat(sinceClosed(requestedNanos)).isGreaterThanOrEqualTo(MOST.minusMillis(1));
    }

    @Test
    void halfAHead_isSilence() throws Exception {
        NetSocket socket = connect();
        long drip = vertx.setPeriodic(20, id -> socket.write("x"));
        socket.write("GET / HTTP/1.1\r\nX: ");

        await(closed.future());
        vertx.cancelTimer(drip);
        assertThat(requests).hasValue(0);
    }

    @Test
    void writes_keepItOpen() throws Exception {
        connect().write(get("/drip"));

        await(closed.future());
        assertThat(requests).hasValueGreaterThan(10);
    }

    @Test
    void replyThatNobodyTakes_isSilence_howeverMuchIsWrittenBehindIt() throws Exception {
        ask("/stream");

        await(closed.future());
        // Some twelve; if each kept the connection, it would be open until Vert.x's own queue is full.
        assertThat(trickles).hasValueLessThan(60);
    }

    @Test
    void replyThatNobodyTakes_isCutOff_alsoWhenItsServerHasStopped() throws Exception {
        ask("/large");
        await(asked.future());
        await(vertx.undeploy(deployment));

        assertThat(await(closed.future())).isNotNull();
    }

    @Test
    void noTime_isRefused() {
        assertThatThrownBy(() -> new HttpOptions().setIdleTimeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void replyThatIsTakenSlowly_arrives() throws Exception {
        NetSocket socket = connect().pause();
        long start = System.nanoTime();
        Promise<Long> all = Promise.promise();
        long[] taken = {0};
        socket.handler(piece -> {
            taken[0] += piece.length();
            if (taken[0] > LARGE) {
                all.tryComplete(System.nanoTime());
            }
        });
        socket.closeHandler(gone -> all.tryFail("closed after " + taken[0]));
        socket.write(get("/large"));
        // Slowly for three times the time-out, then all at once.
        vertx.setPeriodic(20, id -> {
            if (System.nanoTime() - start < 3 * MOST.toNanos()) {
                socket.fetch(4);
            } else {
                vertx.cancelTimer(id);
                socket.resume();
            }
        });

        assertThat(await(all.future()) - start).isGreaterThan(3 * MOST.toNanos());
    }
}
