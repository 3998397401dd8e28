package dev.tokencache.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Poll;
import dev.tokencache.RunningTime;
import dev.tokencache.cache.CacheOptions;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that hangs: what does not need it is served as ever, what does is refused in time, and all is well again when it
 * answers, without a restart. A read hangs in the clock it asks when it begins, on its thread, as it would in a system call.
 */
@Timeout(120)
class SlowDiskIT {
    private static final Duration LOAD_TIMEOUT = Duration.ofMillis(1_200);

    private static final int FILES = 40;

    /** Of the eight threads, those that one project may hold, and all with those that stand in for hung ones. */
    private static final int SHARE = 6;

    private static final int ALL_THREADS = 24;

    /** Below the load time-out, and far above what a loaded machine adds. */
    private static final long FAST_MILLIS = 900;

    @TempDir
    Path directory;

    private final AtomicInteger trapped = new AtomicInteger();
    private final CountDownLatch mended = new CountDownLatch(1);
    private volatile boolean trapping;
    private HttpStack stack;

    @BeforeEach
    void start() throws Exception {
        stack = new HttpStack(
                directory, options -> options.setNanoTime(this::clock).setReadPatience(LOAD_TIMEOUT));
        stack.client().setTimeout(LOAD_TIMEOUT.multipliedBy(4));
        for (String project : List.of("slow", "well")) {
            for (int i = 0; i < FILES; i++) {
                stack.put(project + "/f" + i + ".json", "{\"token\":\"made-up\"}");
            }
        }
        stack.deployCache(new CacheOptions().setLoadTimeout(LOAD_TIMEOUT));
        stack.deployHttp(true);
        assertThat(get("well", 0).statusCode()).isEqualTo(200);
    }

    @AfterEach
    void stop() throws Exception {
        mended.countDown();
        stack.close();
    }

    /** Reads that begin while the trap is set hang until the disk is mended. */
    private long clock() {
        if (trapping && Thread.currentThread().getName().startsWith("token-files-read")) {
            trapped.incrementAndGet();
            try {
                mended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return System.nanoTime();
    }

    private HttpResponse<String> get(String project, int file) throws Exception {
        return stack.getting(project, "f" + file + ".json").get(30, TimeUnit.SECONDS);
    }

    private List<CompletableFuture<HttpResponse<String>>> getting(String project, int from, int to) {
        List<CompletableFuture<HttpResponse<String>>> gets = new ArrayList<>();
        for (int i = from; i < to; i++) {
            gets.add(stack.getting(project, "f" + i + ".json"));
        }
        return gets;
    }

    private static void assertRefused(HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(new JsonObject(response.body()).getString("error")).isIn("load_timeout", "overloaded");
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
    }

    private static void assertAll(List<CompletableFuture<HttpResponse<String>>> gets, int status) throws Exception {
        for (CompletableFuture<HttpResponse<String>> each : gets) {
            HttpResponse<String> response = each.get(30, TimeUnit.SECONDS);
            assertThat(response.statusCode()).isEqualTo(status);
            if (status == 503) {
                assertRefused(response);
            }
        }
    }

    private void assertFast(String path, int status) throws Exception {
        long before = RunningTime.nanoTime();
        assertThat(stack.get(path).statusCode()).as(path).isEqualTo(status);
        assertThat(TimeUnit.NANOSECONDS.toMillis(RunningTime.nanoTime() - before))
                .as("milliseconds of %s", path)
                .isLessThan(FAST_MILLIS);
    }

    private void assertTheRestIsFast() throws Exception {
        assertFast("/health/live", 200);
        assertFast("/health/ready", 200);
        assertFast("tokens/get?project=well&filename=f0.json", 200);
        assertFast("cache/stats", 200);
    }

    private void assertRecovers(String project) throws Exception {
        trapping = false;
        mended.countDown();
        Poll.until(() -> stack.source().hungCalls() == 0);
        Poll.untilTrue(() -> stack.stats().getInteger("loadsInFlight") == 0);
        assertAll(getting(project, 0, FILES), 200);
    }

    @Test
    void get_oneProjectHangs_othersReadTheDiskMeanwhile() throws Exception {
        trapping = true;
        List<CompletableFuture<HttpResponse<String>>> hung = getting("slow", 0, FILES);
        Poll.until(() -> trapped.get() == SHARE);
        trapping = false;

        assertAll(getting("well", 1, FILES), 200);
        assertTheRestIsFast();
        assertAll(hung, 503);
        Poll.until(() -> stack.source().hungCalls() == SHARE);
        assertFast("tokens/get?project=slow&filename=f7.json", 503);
        assertFast("tokens/list?project=slow", 503);
        assertThat(trapped).hasValue(SHARE);

        assertRecovers("slow");
    }

    @Test
    void get_oneFileHangs_holdsTwoThreadsAtMostAndItsProjectIsServed() throws Exception {
        trapping = true;
        assertRefused(get("slow", 0));
        assertRefused(get("slow", 0));
        trapping = false;
        Poll.until(() -> stack.source().hungCalls() == 2);

        assertFast("tokens/get?project=slow&filename=f0.json", 503);
        assertThat(trapped).hasValue(2);
        assertAll(getting("slow", 1, FILES), 200);
        assertTheRestIsFast();

        assertRecovers("slow");
    }

    @Test
    void get_theWholeDiskHangs_threadsStayBoundedAndMemoryIsServed() throws Exception {
        for (int project = 0; project < 10; project++) {
            stack.put("p" + project + "/f0.json", "{}");
        }
        trapping = true;
        for (int round = 0; round < 3; round++) {
            List<CompletableFuture<HttpResponse<String>>> hung = new ArrayList<>();
            for (int project = 0; project < 10; project++) {
                hung.addAll(getting("p" + project, 0, 10));
            }
            assertTheRestIsFast();
            assertAll(hung, 503);
        }
        Poll.until(() -> stack.source().hungCalls() == ALL_THREADS);
        assertThat(trapped).hasValue(ALL_THREADS);
        assertFast("tokens/get?project=well&filename=f1.json", 503);
        assertTheRestIsFast();

        assertRecovers("well");
        assertRecovers("slow");
    }
}
