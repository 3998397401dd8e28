package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.Failure;
import dev.tokencache.Poll;
import dev.tokencache.http.Pems;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that take their time, or take up room: they are cut off, memory stays bounded, others are served meanwhile. */
@Timeout(120)
class SlowClientsIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int SOCKET_MILLIS = 30_000;
    private static final long MOST_GROWTH = 150L << 20;
    private static final int IDLE = 2_000;

    @TempDir
    Path directory;

    private final List<Socket> sockets = new ArrayList<>();

    @AfterEach
    void closeSockets() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private ServerProcess start(String... sets) throws Exception {
        Path project = Files.createDirectories(directory.resolve("accounts/demo"));
        Files.writeString(project.resolve("a.json"), "{\"token\":\"made-up\"}");
        return ServerProcess.start(directory, sets);
    }

    private Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        sockets.add(socket);
        socket.setSoTimeout(SOCKET_MILLIS);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void assertServed(ServerProcess server) throws Exception {
        assertThat(server.admin().get("demo", "a.json").statusCode()).isEqualTo(200);
    }

    @Test
    void drippedHead_isCutOff_ofTheFirstRequestAndOfLaterOnes() throws Exception {
        try (ServerProcess server = start("http.headerTimeout=3s", "http.idleTimeout=4s");
                Drip first = new Drip(server.port());
                Drip later = new Drip(server.port())) {
            first.send("GET /version HTTP/1.1\r\nX: ");
            later.send("GET /version HTTP/1.1\r\nHost: localhost\r\n\r\nGET /version HTTP/1.1\r\nX: ");

            assertThat(first.untilClosed(SOON)).isEmpty();
            assertThat(later.untilClosed(SOON))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .containsOnlyOnce("HTTP/1.1");
            assertServed(server);
        }
    }

    @Test
    void drippedHead_overTls_isCutOff_ofTheFirstRequestAndOfLaterOnes() throws Exception {
        try (TlsServer server = TlsServer.start(directory, "http.headerTimeout=3s", "http.idleTimeout=4s")) {
            SSLContext client = Pems.client(server.authority(), null);
            try (Drip first = new Drip(server.connect(client));
                    Drip later = new Drip(server.connect(client))) {
                first.send("GET /version HTTP/1.1\r\nX: ");
                later.send("GET /version HTTP/1.1\r\nHost: localhost\r\n\r\nGET /version HTTP/1.1\r\nX: ");

                assertThat(first.untilClosed(SOON)).isEmpty();
                assertThat(later.untilClosed(SOON))
                        .startsWith("HTTP/1.1 200 OK\r\n")
                        .containsOnlyOnce("HTTP/1.1");
            }
        }
    }

    @Test
    void drippedBody_isCutOff() throws Exception {
        try (ServerProcess server = start("http.requestTimeout=1s");
                Drip drip = new Drip(server.port());
                Drip stranger = new Drip(server.port())) {
            String head = "POST " + Api.BASE + "tokens/add HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Type: application/json\r\nContent-Length: 100000\r\n";
            drip.send(head + server.admin().credentials() + "\r\n");
            stranger.send(head + "\r\n");

            assertThat(drip.untilClosed(SOON))
                    .startsWith("HTTP/1.1 408 ")
                    .endsWith(Api.errorBody(Failure.REQUEST_TIMEOUT));
            assertThat(stranger.untilClosed(SOON)).startsWith("HTTP/1.1 401 ");
            assertServed(server);
        }
    }

    @Test
    void bodiesTooLarge_announcedByNobody_areRefusedInBoundedMemory() throws Exception {
        try (ServerProcess server = start()) {
            assertServed(server);
            long before = server.residentBytes();
            String head = "POST " + Api.BASE + "tokens/add HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
                    + server.admin().credentials() + "\r\n";
            String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
            String body = chunk.repeat(32) + "0\r\n\r\n";
            for (int i = 0; i < 100; i++) {
                assertThat(server.admin().raw(head + body))
                        .startsWith("HTTP/1.1 413 ")
                        .endsWith(Api.errorBody(Failure.BODY_TOO_LARGE));
            }
            assertServed(server);
            assertThat(server.residentBytes() - before).isLessThan(MOST_GROWTH);
        }
    }

    @Test
    void idleConnections_areServedAround_andCutOff() throws Exception {
        try (ServerProcess server = start("http.headerTimeout=5s")) {
            assertServed(server);
            long before = server.residentBytes();
            for (int i = 0; i < IDLE; i++) {
                send(connect(server.port()), i % 2 == 0 ? "GET /version HTTP/1.1\r\nX: " + "x".repeat(2_000) : "");
                if (i % 100 == 0) {
                    assertServed(server);
                }
            }

            assertServed(server);
            assertThat(server.residentBytes() - before).isLessThan(MOST_GROWTH);
            for (Socket socket : sockets) {
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
            assertServed(server);
        }
    }

    @Test
    void clientThatNeverReads_isHeldBack_inBoundedMemory() throws Exception {
        try (ServerProcess server = start("http.idleTimeout=2s")) {
            Files.writeString(server.root().resolve("demo/large.json"), "{\"token\":\"" + "x".repeat(900_000) + "\"}");
            assertServed(server);
            long before = server.residentBytes();
            String request = "GET " + Api.BASE + "tokens/get?project=demo&filename=large.json HTTP/1.1\r\n"
                    + "Host: localhost\r\n" + server.admin().credentials() + "\r\n";
            for (int i = 0; i < 20; i++) {
                send(connect(server.port()), request.repeat(100));
            }

            // Its own requests are the pause; all that was asked for would be 1.8 GB.
            long start = System.nanoTime();
            while (System.nanoTime() - start < Duration.ofSeconds(3).toNanos()) {
                assertServed(server);
            }
            assertThat(server.residentBytes() - before).isLessThan(MOST_GROWTH);
            assertThat(server.stderr()).doesNotContain("OutOfMemory", "ERROR");
        }
    }

    @Test
    void connectionsBeyondTheLimit_areClosedAtOnce_untilOthersEnd() throws Exception {
        try (ServerProcess server = start("http.maxConnections=20", "http.headerTimeout=5s")) {
            for (int i = 0; i < 20; i++) {
                connect(server.port());
            }

            assertThat(closedWithoutAWord(connect(server.port()))).isTrue();
            for (int i = 0; i < 20; i++) {
                assertThat(closedWithoutAWord(sockets.get(i))).isTrue();
            }
            assertServed(server);
        }
    }

    /** At the limit the system may have to reset it. */
    private static boolean closedWithoutAWord(Socket socket) {
        try {
            return socket.getInputStream().read() == -1;
        } catch (SocketException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void handshakesThatNeverEnd_countToTheLimit_andAreCutOff() throws Exception {
        try (TlsServer server = TlsServer.start(directory, "http.maxConnections=20", "http.headerTimeout=10s")) {
            SSLContext client = Pems.client(server.authority(), null);
            for (int i = 0; i < 20; i++) {
                connect(server.process().port());
            }

            assertThatThrownBy(() -> server.get(client)).isInstanceOf(IOException.class);
            Poll.until(SOON, () -> answer(server, client), reply -> reply.startsWith("HTTP/1.1 200 "));
            for (Socket socket : sockets) {
                assertThat(closedWithoutAWord(socket)).isTrue();
            }
        }
    }

    private static String answer(TlsServer server, SSLContext client) {
        try {
            return server.get(client);
        } catch (IOException e) {
            return e.getClass().getSimpleName();
        }
    }
}
