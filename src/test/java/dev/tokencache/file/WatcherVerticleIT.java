package dev.tokencache.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.RunningTime;
import dev.tokencache.content.EtagKey;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The watcher with native hints alone: the next round is an hour away. */
@Timeout(60)
class WatcherVerticleIT {
    private static final EtagKey KEY = EtagKey.of("a fixture, not a key".getBytes(StandardCharsets.UTF_8));
    private static final int TIMES = 15;
    private static final long MOST_MILLIS = 300;

    @TempDir
    Path root;

    private final WatchOptions options = new WatchOptions().setInterval(Duration.ofHours(1));
    private final AtomicInteger content = new AtomicInteger(1000);
    private Disk disk;
    private Vertx vertx;
    private FakeCache cache;

    @BeforeEach
    void prepare() {
        disk = new Disk(root);
        vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        cache = new FakeCache(vertx);
    }

    @AfterEach
    void close() {
        vertx.close().await();
    }

    private String deploy() {
        return vertx.deployVerticle(new WatcherVerticle(root, KEY, options)).await();
    }

    private String next() {
        return "{\"n\":" + content.incrementAndGet() + "}";
    }

    private interface Edit {
        void run(int time) throws Exception;
    }

    /** Does something several times; in the median a hint must have told of it. How promptly is for FreshnessIT, which knows how busy the machine is. */
    private static void assertPrompt(Edit editAndAwait) throws Exception {
        long[] millis = new long[TIMES];
        for (int i = 0; i < TIMES; i++) {
            long start = RunningTime.nanoTime();
            editAndAwait.run(i);
            millis[i] = TimeUnit.NANOSECONDS.toMillis(RunningTime.nanoTime() - start);
        }
        Arrays.sort(millis);
        assertThat(millis[TIMES / 2])
                .as("median of %s ms", Arrays.toString(millis))
                .isLessThan(MOST_MILLIS);
    }

    @Test
    void update_shorterInterval_endsTheWaitForTheNextRound() throws Exception {
        disk.write("p/a.json", next());
        options.setHints(false);
        WatcherVerticle watcher = new WatcherVerticle(root, KEY, options);
        vertx.deployVerticle(watcher).await();
        cache.await("p/a.json", "present");
        disk.write("p/a.json", next());

        watcher.update(new WatchOptions().setInterval(Duration.ofMillis(100)));

        cache.await("p/a.json", "changed");
    }

    @Test
    void edit_inPlace_isObservedPromptly() throws Exception {
        disk.write("p/a.json", next());
        deploy();
        cache.await("p/a.json", "present");

        assertPrompt(time -> {
            disk.write("p/a.json", next());
            cache.await("p/a.json", "changed");
        });
    }

    @Test
    void edit_renameOver_isObservedPromptly() throws Exception {
        disk.write("p/a.json", next());
        deploy();
        cache.await("p/a.json", "present");

        assertPrompt(time -> {
            disk.replace("p/a.json", next());
            cache.await("p/a.json", "changed");
        });
    }

    @Test
    void edit_addAndDelete_areObservedPromptly() throws Exception {
        disk.directory("p");
        deploy();
        cache.await();

        assertPrompt(
                time -> {
                    disk.write("p/a.json", next());
                    cache.await("p/a.json", "added");
                },
                time -> {
                    disk.delete("p/a.json");
                    cache.await("p/a.json", "removed");
                });
    }

    private static void assertPrompt(Edit one, Edit other) throws Exception {
        assertPrompt(time -> (time % 2 == 0 ? one : other).run(time));
    }

    @Test
    void newProject_withFiles_isObservedPromptlyAndFollowed() throws Exception {
        deploy();
        cache.await();

        assertPrompt(time -> {
            disk.write("p" + time + "/a.json", next());
            cache.await("p" + time + "/a.json", "added");
        });
        disk.write("p1/a.json", next());
        cache.await("p1/a.json", "changed");
        disk.deleteProject("p1");
        cache.await(message -> FakeCache.project(message, "p1") != null
                && FakeCache.project(message, "p1").getBoolean("gone", false));
        disk.write("p1/a.json", next());
        cache.await("p1/a.json", "added");
        disk.write("p1/a.json", next());
        cache.await("p1/a.json", "changed");
    }

    @Test
    void project_replacedByAnother_isFollowed() throws Exception {
        disk.write("p/a.json", next());
        disk.write("p/b.json", next());
        deploy();
        cache.await("p/a.json", "present");
        Path staged = Files.createDirectory(root.resolve(".staged"));
        Files.writeString(staged.resolve("a.json"), next());

        disk.move("p", ".old");
        disk.move(".staged", "p");
        cache.await(message -> FakeCache.changes(message).contains("p/b.json=removed"));

        disk.write("p/c.json", next());
        cache.await("p/c.json", "added");
    }

    @Test
    void swappedLink_isObserved() throws Exception {
        disk.write("p/..one/a.json", next());
        disk.write("p/..two/a.json", next());
        disk.link("p/..data", "..one");
        disk.link("p/a.json", "..data/a.json");
        deploy();
        cache.await("p/a.json", "present");

        disk.link("p/..tmp", "..two");
        disk.move("p/..tmp", "p/..data");

        cache.await("p/a.json", "changed");
    }

    @Test
    void storm_ofMoreEventsThanTheSystemHolds_isObservedInFull() throws Exception {
        disk.directory("p");
        deploy();
        cache.await();
        Set<String> expected = new HashSet<>();
        for (int i = 0; i < 3000; i++) {
            expected.add("p/f" + i + ".json=added");
        }
        // On the watcher's own event loop, so that it can't take the events away meanwhile.
        vertx.runOnContext(storm -> expected.forEach(change -> disk.write(change.replace("=added", ""), "{}")));

        Set<String> missing = new HashSet<>(expected);
        cache.await(message -> {
            missing.removeAll(FakeCache.changes(message));
            return missing.isEmpty();
        });
    }

    @Test
    void content_underWritersInPlace_isTheLastOneInTheEnd() throws Exception {
        disk.write("p/a.json", next());
        deploy();
        cache.await("p/a.json", "present");
        String last = null;
        for (int i = 0; i < 500; i++) {
            last = next();
            disk.write("p/a.json", last);
        }
        String etag = KEY.etag(last.getBytes(StandardCharsets.UTF_8));

        cache.await(message -> message.getJsonArray("changes").stream()
                .anyMatch(change -> etag.equals(((JsonObject) change).getString("etag"))));
    }

    @Test
    void redeployed_afterStop_worksAgain() throws Exception {
        disk.write("p/a.json", next());
        String first = deploy();
        cache.await("p/a.json", "present");
        vertx.undeploy(first).await();
        disk.write("p/a.json", next());
        cache.forget();
        assertThat(cache.hears(100)).isFalse();

        deploy();

        cache.await("p/a.json", "present");
        disk.write("p/a.json", next());
        cache.await("p/a.json", "changed");
    }
}
