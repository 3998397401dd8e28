package dev.tokencache.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tokencache.Fingerprint;
import dev.tokencache.Poll;
import dev.tokencache.TokenCacheOptions;
import dev.tokencache.content.EtagKey;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The watcher against a cache that can be made deaf and a disk that can be made to fail. */
@Timeout(60)
class WatcherServiceIT {
    private static final EtagKey KEY = EtagKey.of("a fixture, not a key".getBytes(StandardCharsets.UTF_8));

    @TempDir
    Path directory;

    private Path root;
    private Disk disk;
    private Vertx vertx;
    private FakeCache cache;
    private FaultyScanner scanner;
    private final WatchOptions options =
            new WatchOptions().setInterval(Duration.ofMillis(20)).setMaxLoad(1).setHints(false);
    private Callable<WatchService> watchServices = FileSystems.getDefault()::newWatchService;

    @BeforeEach
    void prepare() throws IOException {
        root = Files.createDirectory(directory.resolve("root"));
        disk = new Disk(root);
        vertx = Vertx.vertx();
        cache = new FakeCache(vertx);
        scanner = new FaultyScanner(root);
    }

    @AfterEach
    void close() {
        scanner.held.countDown();
        vertx.close().await();
    }

    private String deploy() {
        WatcherService service = new WatcherService(
                vertx,
                root,
                options,
                scanner,
                WatchClocks.starting(System::nanoTime, System::currentTimeMillis),
                watchServices);
        return Watchers.deploy(vertx, service);
    }

    @Test
    void round_firstAndLater_reportsPresentOnceAndProjectsAlways() throws Exception {
        Path file = disk.write("p/a.json", "{}");
        disk.write("p/notes.txt", "x");
        deploy();

        JsonObject first = cache.await("p/a.json", "present");
        assertThat(Fingerprint.parse(first.getString("fingerprint"))).isEqualTo(Fingerprints.ofRegularFile(file));
        assertThat(first.getString("etag")).isEqualTo(KEY.etag(Files.readAllBytes(file)));
        JsonObject quiet = cache.awaitQuiet();
        assertThat(quiet.getLong("interval")).isGreaterThanOrEqualTo(20);
        assertThat(quiet.getLong("scanTime")).isNotNegative();
        assertThat(quiet.getLong("errors")).isZero();
        assertThat(quiet.containsKey("root")).isFalse();
        assertThat(System.nanoTime() - quiet.getLong(Reporter.LISTED)).isBetween(0L, 60_000_000_000L);
        JsonObject project = FakeCache.project(quiet, "p");
        assertThat(project.getLong("lastScan")).isCloseTo(System.currentTimeMillis(), within(60_000L));
        project.remove("lastScan");
        assertThat((Double) project.remove("scanTime")).isPositive();
        assertThat(System.nanoTime() - (Long) project.remove("startedNanos")).isBetween(0L, 60_000_000_000L);
        assertThat(project)
                .isEqualTo(new JsonObject()
                        .put("hints", false)
                        .put("files", 1)
                        .put("ignored", 1)
                        .put("errors", 0));
    }

    @Test
    void round_withoutHints_reportsEveryKindOfEdit() throws Exception {
        disk.write("p/a.json", "{\"a\":1}");
        deploy();
        cache.awaitQuiet();

        disk.write("p/a.json", "{\"a\":22}");
        cache.await("p/a.json", "changed");
        disk.replace("p/a.json", "{\"a\":3}");
        cache.await("p/a.json", "changed");
        disk.write("p/b.json", "{}");
        cache.await("p/b.json", "added");
        disk.delete("p/b.json");
        assertThat(cache.await("p/b.json", "removed").containsKey("fingerprint"))
                .isFalse();
        disk.write("q/c.json", "{}");
        cache.await("q/c.json", "added");
        disk.deleteProject("q");
        JsonObject gone = cache.await(message -> FakeCache.changes(message).contains("q/c.json=removed"));
        assertThat(FakeCache.project(gone, "q").getBoolean("gone")).isTrue();
        assertThat(FakeCache.project(cache.awaitQuiet(), "q")).isNull();
        disk.write("q/c.json", "{}");
        cache.await("q/c.json", "added");
    }

    @Test
    void acknowledgement_refusedOrMissing_isAskedForAgain() throws Exception {
        options.setCacheOptions(new TokenCacheOptions().setWriteTimeout(Duration.ofSeconds(1)));
        disk.write("p/a.json", "{}");
        cache.refuse(2);
        deploy();
        for (int i = 0; i < 3; i++) {
            assertThat(FakeCache.changes(cache.await())).containsExactly("p/a.json=present");
        }
        assertThat(FakeCache.changes(cache.await())).isEmpty();

        cache.setSilent(true);
        disk.write("p/b.json", "{}");
        cache.await("p/b.json", "added");
        cache.await("p/b.json", "added");
        cache.setSilent(false);
        cache.awaitQuiet();
    }

    @Test
    void round_manyKeys_areCutAndSentAgainWhenOnePartIsLost() throws Exception {
        ProjectSnapshot.Builder files = new ProjectSnapshot.Builder(25_000);
        for (int i = 0; i < 25_000; i++) {
            files.add(String.format("f%05d.json", i), new FileState(new Fingerprint(i, 1, 1, 1), null));
        }
        scanner.present.put("big", files.build());
        disk.write("small/a.json", "{}");
        cache.refuse(1);
        deploy();

        List<String> lost = next(3);
        List<String> again = next(3);
        assertThat(lost).hasSize(25_001).doesNotHaveDuplicates();
        assertThat(again)
                .as("the small project was told in a part that arrived")
                .hasSize(25_000);
        assertThat(lost).containsAll(again).contains("small/a.json=present");
        assertThat(FakeCache.changes(cache.await())).isEmpty();
    }

    private List<String> next(int messages) throws InterruptedException {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < messages; i++) {
            List<String> changes = FakeCache.changes(cache.await());
            assertThat(changes).hasSizeLessThanOrEqualTo(10_000);
            all.addAll(changes);
        }
        return all;
    }

    @Test
    void project_unreadable_isAnErrorUntilItIsBack() throws Exception {
        disk.write("p/a.json", "{}");
        disk.write("p/b.json", "{}");
        disk.write("q/c.json", "{}");
        deploy();
        cache.awaitQuiet();

        scanner.unreadable.add("p");
        JsonObject failed =
                cache.await(message -> FakeCache.project(message, "p").containsKey("error"));
        assertThat(FakeCache.project(failed, "p").getString("error")).isEqualTo("storage_unreadable");
        assertThat(FakeCache.project(failed, "p").getInteger("files")).isEqualTo(2);
        assertThat(FakeCache.changes(failed)).isEmpty();
        disk.delete("p/a.json");
        disk.write("q/d.json", "{}");
        JsonObject meanwhile =
                cache.await(message -> !FakeCache.changes(message).isEmpty());
        assertThat(FakeCache.changes(meanwhile)).containsExactly("q/d.json=added");
        assertThat(FakeCache.project(meanwhile, "p").getString("error")).isEqualTo("storage_unreadable");
        assertThat(cache.await().getLong("errors")).isGreaterThan(failed.getLong("errors"));

        scanner.unreadable.clear();
        JsonObject back = cache.await(message -> !FakeCache.changes(message).isEmpty());
        assertThat(FakeCache.changes(back)).containsExactly("p/a.json=removed");
        assertThat(FakeCache.project(back, "p").containsKey("error")).isFalse();
    }

    @Test
    void root_movedAwayAndBack_isAnErrorAndNoRemoval() throws Exception {
        disk.write("p/a.json", "{}");
        disk.write("p/b.json", "{}");
        deploy();
        cache.awaitQuiet();

        Path away = Files.move(root, directory.resolve("away"));
        JsonObject missing = cache.await(message -> message.containsKey("root"));
        assertThat(missing.getString("root")).isEqualTo("storage_unreadable");
        assertThat(FakeCache.changes(missing)).isEmpty();
        assertThat(missing.containsKey(Reporter.LISTED))
                .as("what nobody looked at is not gone")
                .isFalse();
        assertThat(FakeCache.project(missing, "p").getString("error")).isEqualTo("storage_unreadable");
        Files.delete(away.resolve("p/a.json"));
        Files.move(away, root);

        JsonObject back = cache.await(message -> !message.containsKey("root"));
        assertThat(FakeCache.changes(back)).containsExactly("p/a.json=removed");
    }

    @Test
    void root_deletedAndCreatedAgain_converges() throws Exception {
        disk.write("p/a.json", "{}");
        disk.write("q/b.json", "{}");
        deploy();
        cache.awaitQuiet();

        disk.deleteProject("p");
        disk.deleteProject("q");
        Files.delete(root);
        cache.await(message -> message.containsKey("root"));
        cache.forget();
        Disk staged = new Disk(directory.resolve("staged"));
        staged.write("p/c.json", "{}");
        Files.move(staged.path(""), root);

        JsonObject back = cache.await(message -> !message.containsKey("root"));
        assertThat(FakeCache.changes(back)).contains("p/c.json=added");
        cache.awaitQuiet();
        disk.write("q/b.json", "{}");
        cache.await("q/b.json", "added");
    }

    @Test
    void root_absentAtStart_reportsThatAndThenWhatIsPresent() throws Exception {
        Files.delete(root);
        deploy();
        assertThat(cache.await().getString("root")).isEqualTo("storage_unreadable");

        Disk staged = new Disk(directory.resolve("staged"));
        staged.write("p/a.json", "{}");
        Files.move(staged.path(""), root);

        cache.await("p/a.json", "present");
    }

    @Test
    void scan_thatHangs_stopsNobodyElseAndCountsWhenItEnds() throws Exception {
        options.setScanTimeout(Duration.ofMillis(500));
        disk.write("hung/a.json", "{}");
        disk.write("p/b.json", "{}");
        scanner.hanging.add("hung");
        deploy();

        JsonObject first = cache.await("p/b.json", "present");
        assertThat(first).isNotNull();
        JsonObject status = FakeCache.project(cache.await(), "hung");
        assertThat(status.getString("error")).isEqualTo("load_timeout");
        disk.write("p/c.json", "{}");
        cache.await("p/c.json", "added");

        scanner.hanging.clear();
        scanner.held.countDown();
        cache.await("hung/a.json", "present");
        assertThat(FakeCache.project(cache.awaitQuiet(), "hung").containsKey("error"))
                .isFalse();
    }

    @Test
    void scan_thatThrows_isAnErrorOfThatProject() throws Exception {
        disk.write("p/a.json", "{}");
        disk.write("q/b.json", "{}");
        scanner.defective.add("p");
        deploy();

        JsonObject message = cache.await(any -> FakeCache.changes(any).contains("q/b.json=present"));
        assertThat(FakeCache.project(message, "p").getString("error")).isEqualTo("internal_error");
        scanner.defective.clear();
        cache.await("p/a.json", "present");
    }

    @Test
    void interval_costlyScans_isStretched() throws Exception {
        options.setMaxLoad(0.1);
        scanner.burnNanos = TimeUnit.MILLISECONDS.toNanos(30);
        disk.write("p/a.json", "{}");
        deploy();

        assertThat(cache.await().getLong("interval"))
                .as("what the first round took says nothing of the next ones")
                .isEqualTo(options.getInterval().toMillis());
        assertThat(cache.await().getLong("interval")).isGreaterThanOrEqualTo(300);
    }

    @Test
    void hints_notToBeHad_leavePolling() throws Exception {
        options.setHints(true);
        watchServices = () -> {
            throw new IOException("User limit of inotify instances reached");
        };

        assertPollingGoesOn();
    }

    private void assertPollingGoesOn() throws Exception {
        disk.write("p/a.json", "{}");
        deploy();
        cache.awaitQuiet();

        disk.write("p/a.json", "{\"a\":1}");
        cache.await("p/a.json", "changed");
    }

    @Test
    void hints_failingLater_leavePolling() throws Exception {
        options.setHints(true);
        watchServices = () -> {
            WatchService closed = FileSystems.getDefault().newWatchService();
            closed.close();
            return closed;
        };

        assertPollingGoesOn();
    }

    @Test
    void stop_inTheMiddleOfAScan_leavesNothingRunning() throws Exception {
        options.setHints(true);
        disk.write("hung/a.json", "{}");
        scanner.hanging.add("hung");
        String id = deploy();
        scanner.reached.await();

        vertx.undeploy(id).await();
        cache.forget();
        scanner.held.countDown();

        assertThat(cache.hears(200)).isFalse();
        Poll.untilTrue(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().contains("token.cache-")));
    }

    /** The disk, with faults by project. */
    private static final class FaultyScanner extends DiskScanner {
        private final Set<String> unreadable = ConcurrentHashMap.newKeySet();
        private final Set<String> defective = ConcurrentHashMap.newKeySet();
        private final Set<String> hanging = ConcurrentHashMap.newKeySet();
        private final Map<String, ProjectSnapshot> present = new ConcurrentHashMap<>();
        private final CountDownLatch held = new CountDownLatch(1);
        private final CountDownLatch reached = new CountDownLatch(1);
        private volatile long burnNanos;

        FaultyScanner(Path root) {
            super(root, KEY, 1000, System::nanoTime);
        }

        @Override
        List<String> projects() throws IOException {
            List<String> names = new ArrayList<>(super.projects());
            names.addAll(present.keySet());
            return names;
        }

        @Override
        ProjectScan scan(ProjectScan.Request request) throws IOException {
            String project = request.project();
            if (unreadable.contains(project)) {
                throw new IOException("Input/output error");
            }
            if (defective.contains(project)) {
                throw new IllegalStateException("a defect");
            }
            if (hanging.contains(project)) {
                reached.countDown();
                awaitRelease();
            }
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            long end = threads.getCurrentThreadCpuTime() + burnNanos;
            while (threads.getCurrentThreadCpuTime() < end) {
                Thread.onSpinWait();
            }
            ProjectSnapshot given = present.get(project);
            if (given == null) {
                return super.scan(request);
            }
            SnapshotDiff changes = request.picture() == null
                    ? SnapshotDiff.first(given, request.first())
                    : SnapshotDiff.between(request.picture(), given);
            return new ProjectScan(given, changes, 0, 0, List.of(), false, Map.of());
        }

        private void awaitRelease() throws IOException {
            try {
                held.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }
}
