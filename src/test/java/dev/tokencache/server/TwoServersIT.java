package dev.tokencache.server;

import static dev.tokencache.server.Api.json;
import static dev.tokencache.server.Api.ok;
import static dev.tokencache.server.Api.strings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Poll;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two servers on one root, each with a state directory of its own. */
@Timeout(120)
class TwoServersIT {
    /** C2: interval + one scan + 2 s. */
    private static final Duration BOUND = Duration.ofMillis(3_500);

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PROJECT = "demo";
    private static final int LARGE = 200_000;

    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private ServerProcess first;
    private ServerProcess second;

    @BeforeEach
    void start() throws Exception {
        first = ServerProcess.start(Files.createDirectory(directory.resolve("first")));
        String root = "root=" + first.root().toRealPath();
        second = ServerProcess.start(Files.createDirectory(directory.resolve("second")), root, "watch.hints=false");
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
        for (ServerProcess server : Arrays.asList(first, second)) {
            if (server != null) {
                server.close();
            }
        }
    }

    private static HttpResponse<byte[]> add(Api api, String email, String token) throws Exception {
        return api.post(
                "tokens/add",
                new JsonObject()
                        .put("project", PROJECT)
                        .put("type", "password")
                        .put(
                                "data",
                                new JsonObject()
                                        .put("email", email)
                                        .put("password", "made-up")
                                        .put("token", token)));
    }

    private static String token(HttpResponse<byte[]> reply) {
        return reply.statusCode() == 200 ? json(reply).getJsonObject("data").getString("token") : null;
    }

    @Test
    void write_throughOneServer_isServedByTheOtherWithinTheBound() throws Exception {
        Api writer = first.admin();
        Api reader = second.admin();
        for (int round = 0; round < 3; round++) {
            String token = "made-up-" + round;
            String filename = ok(add(writer, "a@example.com", token)).getString("filename");
            Poll.until(BOUND, () -> token.equals(token(reader.get(PROJECT, filename))), shown -> shown);
            String session = "session-" + round + "@example.com";
            String added = ok(add(writer, session, token)).getString("filename");
            Poll.until(
                    BOUND,
                    () -> strings(json(reader.list(PROJECT)).getJsonArray("tokens")),
                    names -> names.contains(added));
            assertThat(token(reader.get(PROJECT, added))).isEqualTo(token);
            ok(writer.post(
                    "tokens/delete", new JsonObject().put("project", PROJECT).put("filename", added)));
            Poll.until(BOUND, () -> reader.get(PROJECT, added).statusCode(), status -> status == 404);
            Poll.until(
                    BOUND,
                    () -> strings(json(reader.list(PROJECT)).getJsonArray("tokens")),
                    names -> !names.contains(added));
        }
    }

    /** All these addresses give the same file name: each server tells by compare-and-set whose file it is. */
    @Test
    void accounts_thatWouldShareAFile_areAllKeptByBothServers() throws Exception {
        List<Future<Void>> writers = new ArrayList<>();
        List<String> signs = List.of(".", "_", "-", "+");
        for (int i = 0; i < signs.size(); i++) {
            Api api = (i % 2 == 0 ? first : second).admin();
            String email = "an" + signs.get(i) + "account@example.com";
            writers.add(threads.submit(() -> {
                for (int version = 0; version < 10; version++) {
                    assertThat(add(api, email, "made-up-" + version).statusCode())
                            .isEqualTo(200);
                }
                return null;
            }));
        }
        for (Future<Void> writer : writers) {
            writer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        List<String> found = new ArrayList<>();
        for (JsonObject file : files()) {
            found.add(file.getString("email") + (file.getString("token").equals("made-up-9") ? " last" : " earlier"));
        }
        assertThat(found)
                .containsExactlyInAnyOrderElementsOf(signs.stream()
                        .map(sign -> "an" + sign + "account@example.com last")
                        .toList());
        assertThat(StormCheck.temps(first.root())).isEmpty();
    }

    private List<JsonObject> files() throws IOException {
        List<JsonObject> files = new ArrayList<>();
        try (var names = Files.list(first.root().resolve(PROJECT))) {
            for (Path file :
                    names.filter(name -> name.toString().endsWith(".json")).toList()) {
                files.add(new JsonObject(Files.readString(file)));
            }
        }
        return files;
    }

    @Test
    void server_killedWhileItHoldsTheLock_letsTheOtherGoOn() throws Exception {
        AtomicInteger acknowledged = new AtomicInteger();
        Api doomed = first.admin();
        assertThat(add(doomed, "killed@example.com", token(0)).statusCode()).isEqualTo(200);
        Future<Void> writer = threads.submit(() -> {
            try {
                for (int version = 1; ; version++) {
                    assertThat(add(doomed, "killed@example.com", token(version)).statusCode())
                            .isEqualTo(200);
                    acknowledged.set(version);
                }
            } catch (IOException killed) {
                return null;
            }
        });
        suspendHoldingTheLock();
        Future<HttpResponse<byte[]>> waiting =
                threads.submit(() -> add(second.admin(), "other@example.com", "made-up"));
        JsonObject other = new JsonObject().put("token", "made-up");
        ok(second.admin()
                .post(
                        "tokens/add",
                        new JsonObject()
                                .put("project", "other")
                                .put("type", "session")
                                .put("data", other)));
        assertThat(waiting).isNotDone();

        long killed = System.nanoTime();
        first.close();

        HttpResponse<byte[]> reply = waiting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        System.out.printf("two servers: the other went on after %d ms%n", (System.nanoTime() - killed) / 1_000_000);
        assertThat(reply.statusCode()).isEqualTo(200);
        writer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        int last = acknowledged.get();
        Poll.until(
                BOUND,
                () -> version(token(second.admin().get(PROJECT, "killed_example_com.json"))),
                version -> version == last || version == last + 1);
    }

    /** The version of a token that is whole. */
    private static int version(String token) {
        int version = Integer.parseInt(token.substring(8, 15)) - 1_000_000;
        assertThat(token.equals(token(version)))
                .as("version %d is whole", version)
                .isTrue();
        return version;
    }

    private static String token(int version) {
        return "made-up-" + (1_000_000 + version) + "x".repeat(LARGE);
    }

    /** Stops the first server again and again, until it is in the middle of a write. */
    private void suspendHoldingTheLock() throws Exception {
        Poll.until(
                PATIENCE,
                () -> {
                    Signals.suspend(first.pid());
                    boolean held = isLocked();
                    if (!held) {
                        Signals.resume(first.pid());
                    }
                    return held;
                },
                held -> held);
    }

    private boolean isLocked() throws IOException {
        Path file = first.root().resolve(PROJECT).resolve(".token-cache.lock");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock == null;
        }
    }
}
