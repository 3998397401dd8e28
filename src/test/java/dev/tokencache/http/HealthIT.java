package dev.tokencache.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import dev.tokencache.cache.CacheOptions;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Live is the process; ready is a cache that answers, a root that can be read, and a first scan of it, told completely. */
@Timeout(60)
class HealthIT {
    @TempDir
    Path directory;

    private HttpStack stack;

    @BeforeEach
    void start() throws Exception {
        stack = new HttpStack(directory, options -> options);
        stack.http(options -> options.setWatcherExpected(true));
    }

    @AfterEach
    void stop() throws Exception {
        stack.close();
    }

    private HttpResponse<String> ask(String path) throws Exception {
        return stack.sending("GET", path, null).get(30, TimeUnit.SECONDS);
    }

    /** The route remembers what it found for half a second, so one look is not enough. */
    private void becomes(int status, Failure failure) throws Exception {
        long start = System.nanoTime();
        HttpResponse<String> ready = ask("/health/ready");
        while (ready.statusCode() != status || (failure != null && !ready.body().contains(failure.machineName()))) {
            assertThat(System.nanoTime() - start).as(ready.body()).isLessThan(TimeUnit.SECONDS.toNanos(30));
            ready = ask("/health/ready");
        }
        assertThat(ask("/health/live").statusCode()).isEqualTo(200);
    }

    /** Longer than the route remembers. */
    private void stays503() throws Exception {
        for (long start = System.nanoTime(); System.nanoTime() - start < TimeUnit.SECONDS.toNanos(1); ) {
            HttpResponse<String> ready = ask("/health/ready");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body()).contains(Failure.CACHE_UNREACHABLE.machineName());
        }
    }

    @Test
    void ready_stepByStep_namesWhatIsMissing() throws Exception {
        stack.deployHttp(false);
        becomes(503, Failure.CACHE_UNREACHABLE);

        String cache = stack.deployCache(new CacheOptions());
        assertThat(ask("tokens/list?project=demo").statusCode()).isEqualTo(200);
        stays503();

        stack.deployWatcher();
        becomes(200, null);

        Path elsewhere = Files.move(stack.root, directory.resolve("elsewhere"));
        becomes(503, Failure.STORAGE_UNREADABLE);

        Files.move(elsewhere, stack.root);
        becomes(200, null);

        stack.undeploy(cache);
        becomes(503, Failure.CACHE_UNREACHABLE);
    }

    /** More files than one message holds: the last one closes the scan, and until it arrives nobody knows all of them. */
    @Test
    void ready_whileTheFirstScanIsHalfTold_waitsForTheRest() throws Exception {
        for (int i = 0; i <= 10_000; i++) {
            stack.put("large/f" + i + ".json", "{}");
        }
        AtomicInteger passed = new AtomicInteger();
        CompletableFuture<Runnable> held = new CompletableFuture<>();
        AtomicBoolean released = new AtomicBoolean();
        stack.vertx.eventBus().addOutboundInterceptor(message -> {
            boolean closing = message.body() instanceof JsonObject told && told.containsKey("listedNanos");
            if (closing && !released.get()) {
                held.complete(message::next); // later ones are lost
            } else {
                passed.addAndGet(message.body() instanceof JsonObject told && told.containsKey("changes") ? 1 : 0);
                message.next();
            }
        });
        stack.deployHttp(false);
        stack.deployCache(new CacheOptions());
        stack.deployWatcher();

        Runnable last = held.get(30, TimeUnit.SECONDS);
        assertThat(passed).as("told before").hasPositiveValue();
        stays503();
        assertThat(stack.get("tokens/get?project=large&filename=f5.json").statusCode())
                .isEqualTo(200);
        assertThat(ask("/health/live").statusCode()).isEqualTo(200);

        released.set(true);
        last.run();
        becomes(200, null);
    }

    @Test
    void ready_whereNoWatcherIsExpected_needsNone() throws Exception {
        stack.http(options -> options.setWatcherExpected(false));
        stack.deployCache(new CacheOptions());
        stack.deployHttp(false);

        becomes(200, null);
    }
}
