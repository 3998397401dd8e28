package dev.tokencache.server;

import static dev.tokencache.server.Api.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Poll;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A project of 100,000 files that is scanned, listed and paged through: nobody else waits for that. */
@Timeout(300)
class FaultManyFilesIT {
    private static final int FILES = 100_000;
    private static final Duration MOST = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void hundredThousandFiles_listedAndScanned_keepTheEventLoopFree() throws Exception {
        Path project = Files.createDirectories(directory.resolve("accounts/demo"));
        for (int i = 0; i < FILES; i++) {
            Files.createFile(project.resolve("f" + i + ".json"));
        }
        Files.writeString(
                Files.createDirectory(directory.resolve("accounts/small")).resolve("a.json"), "{}");
        try (ServerProcess server =
                ServerProcess.start(directory, "watch.maxLoad=1", "cache.loadTimeout=60s", Faults.INTERVAL)) {
            Api api = server.admin();
            CompletableFuture<Void> load = CompletableFuture.runAsync(() -> read(server.admin()));
            List<Long> millis = new ArrayList<>();
            while (!load.isDone()) {
                long start = System.nanoTime();
                assertThat(api.get("/health/live").statusCode()).isEqualTo(200);
                ok(api.get("small", "a.json"));
                millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
            }
            load.join();

            Collections.sort(millis);
            System.out.printf(
                    "beside %d files: %d pairs, p50 %d ms, most %d ms%n",
                    FILES, millis.size(), millis.get(millis.size() / 2), millis.get(millis.size() - 1));
            assertThat(millis.get(millis.size() / 2)).as("median, ms").isLessThan(250);
            assertThat(server.stderr()).as("blocked-thread checker").doesNotContain("has been blocked");
        }
    }

    /** Lists, pages, and waits until a scan has told of all, three times; a list that takes too long is asked for again. */
    private static void read(Api api) {
        try {
            for (int i = 0; i < 3; i++) {
                HttpResponse<byte[]> list =
                        Poll.until(MOST, () -> api.list("demo"), reply -> reply.statusCode() == 200);
                assertThat(ok(list).getInteger("count")).isEqualTo(FILES);
                Poll.until(
                        MOST, () -> api.get("tokens/all?project=demo&limit=1000"), reply -> reply.statusCode() == 200);
                ok(api.method("POST", "cache/clear"));
                Poll.until(
                        MOST,
                        () -> ok(api.get("cache/stats")).getJsonObject("cache"),
                        stats -> stats.getInteger("knownFiles") == FILES + 1);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
