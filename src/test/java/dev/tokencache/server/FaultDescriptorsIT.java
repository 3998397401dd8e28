package dev.tokencache.server;

import static dev.tokencache.server.Api.assertFails;
import static dev.tokencache.server.Api.header;
import static dev.tokencache.server.Api.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import dev.tokencache.Poll;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server whose every descriptor is held by connections. The requests go over one that was open before. */
@Timeout(180)
class FaultDescriptorsIT {
    private static final int DESCRIPTORS = 256;
    private static final int FILES = 500;

    @TempDir
    Path directory;

    private final List<Socket> held = new ArrayList<>();
    private ServerProcess server;
    private Api api;
    private int next;

    @BeforeEach
    void start() throws Exception {
        Path project = Files.createDirectories(directory.resolve("accounts/demo"));
        for (int i = 0; i < FILES; i++) {
            Files.writeString(project.resolve("f" + i + ".json"), "{}");
        }
        server = ServerProcess.startUnder(
                List.of("sh", "-c", "ulimit -n " + DESCRIPTORS + "; exec \"$0\" \"$@\""),
                directory,
                Faults.INTERVAL,
                "cache.warm=false");
        api = server.admin();
        ok(Faults.add(api, "mine", "made-up-old"));
        assertThat(Faults.token(api, "mine")).isEqualTo("made-up-old");
        Poll.until(Faults.BOUND, this::cache, stats -> stats.getInteger("knownFiles") == FILES + 1);
        // A load that the watcher's word on the new file overtakes is served, and not kept.
        Poll.until(
                Faults.BOUND, () -> api.get("mine", Faults.ACCOUNT), reply -> "HIT".equals(header(reply, "X-Cache")));
    }

    @AfterEach
    void stop() throws Exception {
        release();
        server.close();
    }

    private void release() throws Exception {
        for (Socket socket : held) {
            socket.close();
        }
        held.clear();
    }

    private JsonObject stats() throws Exception {
        return ok(api.get("cache/stats"));
    }

    private JsonObject cache() throws Exception {
        return stats().getJsonObject("cache");
    }

    /** A file that was never asked for. */
    private HttpResponse<byte[]> uncached() throws Exception {
        return api.get("demo", "f" + next++ % FILES + ".json");
    }

    @Test
    void descriptors_allHeldByConnections_serveWhatIsInMemoryAndLoseNothing() throws Exception {
        long changes = cache().getLong("changes");
        for (int i = 0; i < DESCRIPTORS + 50; i++) {
            held.add(new Socket(InetAddress.getLoopbackAddress(), server.port()));
        }

        Faults.awaitFailure(this::uncached, Failure.STORAGE_UNREADABLE);
        Poll.until(
                Faults.BOUND,
                this::stats,
                stats -> "overloaded"
                        .equals(stats.getJsonObject("stats")
                                .getJsonObject("demo")
                                .getString("error")));

        HttpResponse<byte[]> refused = uncached();
        assertFails(refused, Failure.STORAGE_UNREADABLE);
        assertThat(header(refused, "Retry-After")).isNotNull();
        HttpResponse<byte[]> inMemory = api.get("mine", Faults.ACCOUNT);
        assertThat(ok(inMemory).getJsonObject("data").getString("token")).isEqualTo("made-up-old");
        assertThat(header(inMemory, "X-Cache")).isEqualTo("HIT");
        assertThat(Faults.add(api, "mine", "made-up-new").statusCode()).isEqualTo(503);
        assertThat(Faults.delete(api, "mine", Faults.ACCOUNT).statusCode()).isEqualTo(503);
        assertThat(Files.readString(server.root().resolve("mine").resolve(Faults.ACCOUNT)))
                .contains("made-up-old");
        HttpResponse<byte[]> still = api.get("mine", Faults.ACCOUNT);
        assertThat(ok(still).getJsonObject("data").getString("token")).isEqualTo("made-up-old");
        assertThat(header(still, "X-Cache")).isEqualTo("HIT");
        assertThat(cache().getInteger("knownFiles")).isEqualTo(FILES + 1);
        assertThat(cache().getLong("changes")).as("nothing was called removed").isEqualTo(changes);

        release();
        Faults.awaitStatus(this::uncached, 200);
        assertThat(Faults.token(api, "mine")).isEqualTo("made-up-old");
        Poll.until(Faults.BOUND, () -> Faults.add(api, "mine", "made-up-new"), reply -> reply.statusCode() == 200);
        assertThat(Faults.token(api, "mine")).isEqualTo("made-up-new");
        Faults.assertNoTemps(server.root().resolve("mine"));
        Files.writeString(server.root().resolve("demo/late.json"), "{}");
        Poll.until(Faults.BOUND, this::cache, stats -> stats.getInteger("knownFiles") == FILES + 2);
    }
}
