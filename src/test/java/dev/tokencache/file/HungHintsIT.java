package dev.tokencache.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Hints on a disk parts of which hang. Rounds are an hour apart, so that what is heard comes from hints. */
@Timeout(60)
class HungHintsIT {
    @TempDir
    Path root;

    private final Vertx vertx = Vertx.vertx();
    private final FakeCache cache = new FakeCache(vertx);
    private final CountDownLatch held = new CountDownLatch(1);
    private Disk disk;
    private HangingScanner scanner;

    @BeforeEach
    void deploy() throws Exception {
        disk = new Disk(root);
        disk.write("hung/a.json", "{}");
        disk.write("p/b.json", "{}");
        scanner = new HangingScanner(root);
        WatchOptions options = new WatchOptions()
                .setInterval(Duration.ofHours(1))
                .setMaxLoad(1)
                .setScanTimeout(Duration.ofSeconds(1));
        WatcherService service = new WatcherService(
                vertx,
                root,
                options,
                scanner,
                WatchClocks.starting(System::nanoTime, System::currentTimeMillis),
                FileSystems.getDefault()::newWatchService);
        Watchers.deploy(vertx, service);
        cache.await("p/b.json", "present");
        scanner.hanging = true;
    }

    @AfterEach
    void close() {
        held.countDown();
        vertx.close().await();
    }

    @Test
    void look_thatHangs_stopsNoOtherAndCountsWhenItEnds() throws Exception {
        disk.write("hung/a.json", "{\"a\":1}");
        scanner.looking.await();
        disk.write("p/b.json", "{\"a\":1}");
        cache.await("p/b.json", "changed");
        disk.write("hung/a.json", "{\"a\":2}");
        disk.write("p/c.json", "{}");
        cache.await("p/c.json", "added");
        assertThat(scanner.looks).as("a project that hangs is not asked again").hasValue(1);

        scanner.hanging = false;
        held.countDown();
        cache.await("hung/a.json", "changed");
    }

    @Test
    void scan_thatHangs_stopsNoOtherAndCountsWhenItEnds() throws Exception {
        disk.write("hung-new/a.json", "{}");
        scanner.scanning.await();
        disk.write("new/b.json", "{}");
        cache.await("new/b.json", "added");

        scanner.hanging = false;
        held.countDown();
        cache.await("hung-new/a.json", "added");
    }

    @Test
    void scans_moreThanMayHang_leaveLooksAlone() throws Exception {
        for (int i = 0; i < ScanCalls.MAX_OVERDUE + 2; i++) {
            disk.write("hung-" + i + "/a.json", "{}");
        }
        scanner.scanning.await();
        disk.write("p/b.json", "{\"a\":1}");
        cache.await("p/b.json", "changed");

        scanner.hanging = false;
        held.countDown();
        for (int i = 0; i < ScanCalls.MAX_OVERDUE + 2; i++) {
            cache.await(message -> !message.getJsonArray("changes").isEmpty());
        }
    }

    /** The disk; what belongs to a project whose name begins with {@code hung} hangs. */
    private final class HangingScanner extends DiskScanner {
        private final CountDownLatch looking = new CountDownLatch(1);
        private final CountDownLatch scanning = new CountDownLatch(1);
        private volatile boolean hanging;
        private final AtomicInteger looks = new AtomicInteger();

        HangingScanner(Path root) {
            super(root, TokenFixtures.ETAG_KEY, 1000, System::nanoTime);
        }

        @Override
        ProjectScan scan(ProjectScan.Request request) throws IOException {
            hang(request.project(), scanning);
            return super.scan(request);
        }

        @Override
        Map<String, TokenProbe.Sight> look(String project, Map<String, FileState> before) throws IOException {
            if (project.equals("hung")) {
                looks.incrementAndGet();
            }
            hang(project, looking);
            return super.look(project, before);
        }

        private void hang(String project, CountDownLatch reached) throws IOException {
            if (hanging && project.startsWith("hung")) {
                reached.countDown();
                try {
                    held.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
        }
    }
}
