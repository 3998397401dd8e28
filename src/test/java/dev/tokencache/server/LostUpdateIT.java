package dev.tokencache.server;

import static dev.tokencache.server.Api.header;
import static dev.tokencache.server.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of writers that read the same version one wins, and the others learn of it: no update is lost. */
class LostUpdateIT extends ManagementServer {
    private static final int WRITERS = 100;
    private static final String JSON = "application/json";
    private static final String MERGE_PATCH = "application/merge-patch+json";

    private final CountDownLatch started = new CountDownLatch(WRITERS);
    private ExecutorService threads;

    @BeforeEach
    void startThreads() {
        threads = Executors.newFixedThreadPool(WRITERS);
    }

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    private static HttpResponse<byte[]> send(String method, String type, String path, JsonObject body, String tag)
            throws Exception {
        return api.send(api.request(path)
                .method(method, BodyPublishers.ofString(body.encode()))
                .headers("Content-Type", type, "If-Match", tag));
    }

    /** Reads, adds one and writes on the condition that nobody else has, until that holds; how often it did not. */
    private int increment(String method, String type, String path) throws Exception {
        started.countDown();
        assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
        for (int lost = 0; ; lost++) {
            HttpResponse<byte[]> read = api.get(path);
            assertThat(read.statusCode()).isEqualTo(200);
            JsonObject next = new JsonObject().put("counter", json(read).getInteger("counter") + 1);
            HttpResponse<byte[]> written = send(method, type, path, next, header(read, "ETag"));
            if (written.statusCode() != 412) {
                assertThat(written.statusCode()).isIn(200, 204);
                return lost;
            }
        }
    }

    private int incrementAll(String method, String type, String path) throws Exception {
        List<Future<Integer>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            writers.add(threads.submit(() -> increment(method, type, path)));
        }
        int lost = 0;
        for (Future<Integer> writer : writers) {
            lost += writer.get(50, TimeUnit.SECONDS);
        }
        return lost;
    }

    @Test
    void put_hundredWithIfMatch_countExactly() throws Exception {
        put("counters", "put.json", "{\"counter\":0}");

        int lost = incrementAll("PUT", JSON, "/api/v0/tokens/counters/put.json");

        assertThat(json(api.get("/api/v0/tokens/counters/put.json")))
                .isEqualTo(new JsonObject().put("counter", WRITERS));
        assertThat(lost).as("races, without which nothing is shown").isPositive();
    }

    @Test
    void patch_hundredWithIfMatch_countExactly() throws Exception {
        put("counters", "patch.json", "{\"kept\":true,\"counter\":0}");

        int lost = incrementAll("PATCH", MERGE_PATCH, "/api/v0/tokens/counters/patch.json");

        assertThat(json(api.get("/api/v0/tokens/counters/patch.json")))
                .isEqualTo(new JsonObject().put("kept", true).put("counter", WRITERS));
        assertThat(lost).as("races, without which nothing is shown").isPositive();
    }

    @Test
    void patch_hundredAtOnceWithoutCondition_keepEachOthersMembers() throws Exception {
        put("counters", "members.json", "{}");
        List<Future<Integer>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            JsonObject patch = new JsonObject().put("member" + i, i);
            writers.add(threads.submit(() -> {
                int status;
                do {
                    status = api.send(api.request("/api/v0/tokens/counters/members.json")
                                    .method("PATCH", BodyPublishers.ofString(patch.encode()))
                                    .header("Content-Type", MERGE_PATCH))
                            .statusCode();
                } while (status == 503); // others were faster too often: to be sent again
                return status;
            }));
        }
        for (Future<Integer> writer : writers) {
            assertThat(writer.get(50, TimeUnit.SECONDS)).isEqualTo(200);
        }

        JsonObject merged = json(api.get("/api/v0/tokens/counters/members.json"));
        assertThat(merged.size()).isEqualTo(WRITERS);
        assertThat(merged.fieldNames())
                .allSatisfy(name -> assertThat(name).isEqualTo("member" + merged.getInteger(name)));
    }
}
