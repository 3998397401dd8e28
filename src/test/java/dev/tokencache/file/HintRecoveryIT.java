package dev.tokencache.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The watcher while it lacks notifications or descriptors, and after. Its clock runs fast, so that it tries again soon. */
@Timeout(60)
class HintRecoveryIT {
    private static final long FASTER = 200;

    @TempDir
    Path root;

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger tries = new AtomicInteger();
    private FakeCache cache;
    private Disk disk;
    private CountingScanner scanner;

    @BeforeEach
    void prepare() {
        cache = new FakeCache(vertx);
        disk = new Disk(root);
        disk.write("p/a.json", "{}");
        scanner = new CountingScanner(root);
    }

    @AfterEach
    void close() {
        vertx.close().await();
    }

    private void deploy(Callable<WatchService> watchServices) {
        WatchOptions options = new WatchOptions()
                .setInterval(Duration.ofMillis(20))
                .setMaxLoad(1)
                .setScanTimeout(Duration.ofHours(1));
        WatchClocks clocks = WatchClocks.starting(() -> System.nanoTime() * FASTER, System::currentTimeMillis);
        WatcherService service = new WatcherService(vertx, root, options, scanner, clocks, watchServices);
        Watchers.deploy(vertx, service);
    }

    /** Edits until a file is looked at because of a hint: nothing else looks at single files. */
    private void awaitHints() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        for (int i = 0; scanner.looks.get() == 0; i++) {
            assertThat(System.nanoTime()).as("hints are back").isLessThan(end);
            disk.write("p/a.json", "{\"a\":" + i + "}");
        }
    }

    @Test
    void hints_notToBeHadAtFirst_comeLater() {
        deploy(() -> {
            if (tries.incrementAndGet() <= 2) {
                throw new IOException("User limit of inotify instances reached");
            }
            return FileSystems.getDefault().newWatchService();
        });

        awaitHints();

        assertThat(tries).hasValue(3);
    }

    @Test
    void hints_thatEnd_comeBack() {
        deploy(() -> {
            WatchService service = FileSystems.getDefault().newWatchService();
            if (tries.incrementAndGet() <= 2) {
                service.close();
            }
            return service;
        });

        awaitHints();

        assertThat(tries).hasValue(3);
    }

    @Test
    void descriptors_noneLeft_areNoErrorOfTheStorageAndNoRemoval() throws Exception {
        deploy(FileSystems.getDefault()::newWatchService);
        cache.await("p/a.json", "present");

        scanner.descriptors = false;
        JsonObject message = cache.await(
                any -> "overloaded".equals(FakeCache.project(any, "p").getString("error")));
        assertThat(message.containsKey("root")).isFalse();
        assertThat(message.getJsonArray("changes")).isEmpty();
        disk.write("p/b.json", "{}");
        scanner.descriptors = true;

        cache.await("p/b.json", "added");
        JsonObject after = cache.await(any -> any.getJsonObject("projects").containsKey("p"));
        assertThat(FakeCache.project(after, "p").containsKey("error")).isFalse();
    }

    private static final class CountingScanner extends DiskScanner {
        private final AtomicInteger looks = new AtomicInteger();
        private volatile boolean descriptors = true;

        CountingScanner(Path root) {
            super(root, TokenFixtures.ETAG_KEY, 1000, System::nanoTime);
        }

        private void requireDescriptors() throws IOException {
            if (!descriptors) {
                throw new FileSystemException("somewhere", null, "Too many open files");
            }
        }

        @Override
        List<String> projects() throws IOException {
            requireDescriptors();
            return super.projects();
        }

        @Override
        ProjectScan scan(ProjectScan.Request request) throws IOException {
            requireDescriptors();
            return super.scan(request);
        }

        @Override
        Map<String, TokenProbe.Sight> look(String project, Map<String, FileState> before) throws IOException {
            requireDescriptors();
            looks.incrementAndGet();
            return super.look(project, before);
        }
    }
}
