package dev.tokencache.server;

import static dev.tokencache.server.Api.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.server.ServerProcess.Ended;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How the process starts, refuses to, and ends. */
@Timeout(120)
class StartIT {
    private static final int READERS = 4;

    @TempDir
    Path directory;

    private ServerProcess start(String... sets) throws Exception {
        Path project = Files.createDirectories(directory.resolve("accounts/demo"));
        Files.writeString(project.resolve("a.json"), "{\"token\":\"made-up\"}");
        return ServerProcess.start(directory, sets);
    }

    @Test
    void start_portInUse_isOneLineAndCode1() throws Exception {
        Ended keygen = ServerProcess.run(directory, "keygen", "some.key");
        assertThat(keygen.code()).isZero();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());

            Ended ended = ServerProcess.run(
                    directory,
                    "--set",
                    "http.port=" + port,
                    "--set",
                    "log.level=warn",
                    "--set",
                    "auth.keys=[{id: main, algorithm: HS256, secretFile: some.key}]");

            assertThat(ended.stderr()).isEqualTo("token-cache: port " + port + " on 127.0.0.1 is in use\n");
            assertThat(ended.stdout()).isEmpty();
            assertThat(ended.code()).isEqualTo(1);
        }
    }

    @Test
    void start_severalHttpInstances_shareOneFreePort() throws Exception {
        try (ServerProcess server = start("http.instances=3")) {
            // Connections go round the instances, and each raw request is a connection of its own.
            for (int i = 0; i < 6; i++) {
                assertThat(server.admin().rawGet(Api.BASE + "tokens/get?project=demo&filename=a.json"))
                        .startsWith("HTTP/1.1 200 OK")
                        .contains("made-up");
            }
        }
    }

    @Test
    void start_unknownKey_isCode1WithLineAndColumn() throws Exception {
        Files.writeString(directory.resolve("c.yaml"), "# a comment\nhttp:\n  host: 127.0.0.1\n  prot: 0\n");

        Ended ended = ServerProcess.run(directory, "--conf", "c.yaml");

        assertThat(ended.stderr())
                .isEqualTo("token-cache: http.prot: unknown key; did you mean http.port? (c.yaml, line 4, column 3)\n");
        assertThat(ended.stdout()).isEmpty();
        assertThat(ended.code()).isEqualTo(1);
        assertThat(directory.resolve("accounts")).doesNotExist();
        assertThat(directory.resolve("state")).doesNotExist();
    }

    @Test
    void start_badUsage_isCode2() throws Exception {
        Ended ended = ServerProcess.run(directory, "bake");

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.stdout()).isEmpty();
        assertThat(ended.stderr()).startsWith("token-cache: ").doesNotContain("Exception", "\tat ");
    }

    @Test
    void firstStart_printsNothingSecretAndKeepsItToItself() throws Exception {
        try (ServerProcess server = start("log.level=trace")) {
            String key =
                    Files.readString(server.stateDir().resolve("signing.key")).strip();
            String token =
                    Files.readString(server.stateDir().resolve("admin.jwt")).strip();
            String etagKey =
                    Files.readString(server.stateDir().resolve("etag.key")).strip();

            ok(new Api(server.port(), token).get("demo", "a.json"));

            assertThat(server.stdout()).isEqualTo("ready on http://127.0.0.1:" + server.port());
            assertThat(server.stderr())
                    .contains("state/admin.jwt")
                    .doesNotContain(key, token, etagKey, directory.toString(), "made-up", "a.json");
            for (String name : List.of("signing.key", "admin.jwt", "etag.key")) {
                assertThat(mode(server.stateDir().resolve(name))).isEqualTo("rw-------");
            }
            assertThat(mode(server.stateDir())).isEqualTo("rwx------");
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void start_secondServerOnTheSameStateDir_isRefused() throws Exception {
        try (ServerProcess server = start()) {
            Ended second = ServerProcess.run(directory, "--set", "http.port=0");

            assertThat(second.code()).isEqualTo(1);
            assertThat(second.stderr()).isEqualTo("token-cache: stateDir: in use by another server\n");
            ok(server.admin().get("demo", "a.json"));
        }
    }

    @Test
    void otherCommands_besideARunningServer_work() throws Exception {
        try (ServerProcess server = start()) {
            Ended issue = ServerProcess.run(
                    directory, "issue", "--scope", "tokens:read tokens:list", "--project", "demo", "--ttl", "5m");
            assertThat(issue.code()).isZero();
            assertThat(issue.stderr()).isEmpty();
            assertThat(issue.stdout()).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+\n");
            Api issued = new Api(server.port(), issue.stdout().strip());
            ok(issued.get("demo", "a.json"));
            ok(issued.list("demo"));
            assertThat(issued.list("other").statusCode()).isEqualTo(403);
            assertThat(issued.get("cache/stats").statusCode()).isEqualTo(403);

            Ended check = ServerProcess.run(directory, "check", "--json");
            assertThat(check.code()).as(check.stdout()).isZero();
            assertThat(new JsonObject(check.stdout()).isEmpty()).isFalse();
            Files.writeString(server.root().resolve("demo/b.json"), "not json");
            assertThat(ServerProcess.run(directory, "check").code()).isEqualTo(1);

            Map<String, String> keys = keys(server);
            Ended keygen = ServerProcess.run(directory, "keygen");
            assertThat(keygen.code()).isEqualTo(1);
            assertThat(keygen.stderr()).isEqualTo("token-cache: keygen: the file exists already; it stays as it is\n");
            assertThat(ServerProcess.run(directory, "keygen", "other.key").code())
                    .isZero();
            assertThat(mode(directory.resolve("other.key"))).isEqualTo("rw-------");
            assertThat(keys(server)).isEqualTo(keys);
            ok(issued.get("demo", "a.json"));
        }
    }

    private static Map<String, String> keys(ServerProcess server) throws IOException {
        return Map.of(
                "signing.key", Files.readString(server.stateDir().resolve("signing.key")),
                "admin.jwt", Files.readString(server.stateDir().resolve("admin.jwt")));
    }

    @Test
    void sigterm_whileRequestsRun_isCode0WithWholeAnswersOnly() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(READERS);
        // Each instance has one that never ends; they are given up all at the same time.
        try (ServerProcess server = start("http.instances=3");
                Socket idle = new Socket(InetAddress.getLoopbackAddress(), server.port());
                Socket first = new Socket(InetAddress.getLoopbackAddress(), server.port());
                Socket second = new Socket(InetAddress.getLoopbackAddress(), server.port());
                Socket third = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            for (Socket slow : List.of(first, second, third)) {
                halfABody(server, slow);
            }
            CountDownLatch running = new CountDownLatch(READERS);
            List<Future<Integer>> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                Api api = server.admin();
                readers.add(pool.submit(() -> readUntilRefused(api, running)));
            }
            assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();

            server.terminate();

            assertThat(server.awaitEnd(Duration.ofSeconds(10))).isZero();
            for (Future<Integer> reader : readers) {
                assertThat(reader.get(30, TimeUnit.SECONDS)).isPositive();
            }
            assertThat(idle.isConnected()).isTrue();
            assertThat(server.stderr()).contains("stopped in ").doesNotContain("ERROR", "WARN");
        } finally {
            pool.shutdownNow();
        }
        try (ServerProcess again = ServerProcess.start(directory)) {
            ok(again.admin().get("demo", "a.json"));
        }
    }

    /** A request that will never be whole. */
    private static void halfABody(ServerProcess server, Socket socket) throws IOException {
        String head = "POST " + Api.BASE + "tokens/delete HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n"
                + "Content-Type: application/json\r\n" + server.admin().credentials() + "\r\n{\"project\":";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** How many whole answers came before the connection was refused or closed. */
    private static int readUntilRefused(Api api, CountDownLatch running) throws Exception {
        Callable<HttpResponse<byte[]>> get = () -> api.get("demo", "a.json");
        for (int count = 0; ; count++) {
            try {
                assertThat(ok(get.call()).getJsonObject("data").encode()).isEqualTo("{\"token\":\"made-up\"}");
            } catch (IOException e) {
                return count;
            }
            if (count == 20) {
                running.countDown();
            }
        }
    }
}
