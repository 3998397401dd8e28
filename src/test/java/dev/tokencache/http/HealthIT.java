package dev.tokencache.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import dev.tokencache.cache.CacheOptions;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Live is the process; ready is a cache that answers, a root that can be read, and a first look at it. */
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

    @Test
    void ready_whereNoWatcherIsExpected_needsNone() throws Exception {
        stack.http(options -> options.setWatcherExpected(false));
        stack.deployCache(new CacheOptions());
        stack.deployHttp(false);

        becomes(200, null);
    }
}
