package dev.tokencache.server;

import static dev.tokencache.server.Api.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Poll;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A root with 100,000 files is served at once: no request waits for the first scan. */
@Timeout(600)
class StartLargeIT {
    private static final int FILES = 100_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void start_withManyFiles_servesBeforeTheFirstScanIsThrough() throws Exception {
        Path project = Files.createDirectories(directory.resolve("accounts/large"));
        byte[] content = "{\"token\":\"made-up\"}".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < FILES; i++) {
            Files.write(project.resolve("f" + (FILES + i) + ".json"), content);
        }

        long start = System.nanoTime();
        try (ServerProcess server = ServerProcess.start(directory)) {
            Api api = server.admin();
            long ready = System.nanoTime();
            String first = api.rawGet(Api.BASE + "tokens/get?project=large&filename=f" + (FILES + FILES / 2) + ".json");
            long got = System.nanoTime();
            String stats = api.rawGet(Api.BASE + "cache/stats");
            assertThat(api.get("/health/live").statusCode()).isEqualTo(200);
            long live = System.nanoTime();

            assertThat(first).startsWith("HTTP/1.1 200 ").contains("\"data\":{\"token\":");
            assertThat(knownFiles(new JsonObject(stats.substring(stats.indexOf("\r\n\r\n")))))
                    .as("files scanned when the first get was answered")
                    .isLessThan(FILES);

            Poll.until(PATIENCE, () -> api.get("/health/ready").statusCode(), status -> status == 200);
            long watching = System.nanoTime();
            Poll.until(PATIENCE, () -> knownFiles(ok(api.get("cache/stats"))), files -> files == FILES);
            long scanned = System.nanoTime();
            // On a busy machine the listing takes longer than a reader waits: 503, and it is there for the next one.
            Poll.until(PATIENCE, () -> api.list("large").statusCode(), status -> status == 200);
            assertThat(ok(api.list("large")).getInteger("count")).isEqualTo(FILES);
            System.out.printf(
                    "start with %d files: accepts after %d ms, first get %d ms, health/live %d ms, health/ready %d ms,"
                            + " all scanned %d ms%n",
                    FILES,
                    millis(start, ready),
                    millis(start, got),
                    millis(start, live),
                    millis(start, watching),
                    millis(start, scanned));
            assertThat(server.stderr()).doesNotContain("ERROR", "blocked");
        }
    }

    private static int knownFiles(JsonObject stats) {
        return stats.getJsonObject("cache").getInteger("knownFiles");
    }

    private static long millis(long start, long end) {
        return (end - start) / 1_000_000;
    }
}
