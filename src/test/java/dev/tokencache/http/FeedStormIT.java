package dev.tokencache.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.ChangeFeed;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenEvents;
import dev.tokencache.TokenFile;
import dev.tokencache.cache.CacheOptions;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * 10,000 random edits of real files while copies of them are kept by the feed, over HTTP with connections that break, and on the
 * bus: in the end each copy is what the disk holds. {@code -Dfeed.seed=N} makes the same choices again.
 */
@Timeout(120)
class FeedStormIT {
    private static final int EDITS = 10_000;
    private static final Duration BOUND = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private final long seed = Long.getLong("feed.seed", System.nanoTime());
    private HttpStack stack;
    private TokenCache cache;
    private String cacheId;
    private FeedEdits edits;

    @BeforeEach
    void start() throws Exception {
        System.out.println("FeedStormIT: seed " + seed + " (-Dfeed.seed)");
        stack = new HttpStack(directory, options -> options);
        cacheId = stack.deployCache(new CacheOptions());
        stack.deployHttp(false);
        stack.deployWatcher();
        cache = TokenCache.create(stack.vertx);
        edits = new FeedEdits(stack.root, directory.resolve("aside"), cache, new Random(seed));
    }

    @AfterEach
    void stop() throws Exception {
        stack.close();
    }

    /** A copy somebody keeps. */
    private static class Copy {
        private final Map<String, String> files = new TreeMap<>();

        synchronized void clear() {
            files.clear();
        }

        synchronized void set(String key, String content) {
            if (content == null) {
                files.remove(key);
            } else {
                files.put(key, content);
            }
            notifyAll();
        }

        synchronized void awaitEqual(Map<String, String> other, String what) throws InterruptedException {
            long deadline = System.nanoTime() + BOUND.toNanos();
            while (!files.equals(other)) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    assertThat(files).as(what).isEqualTo(other);
                }
                wait(Math.max(1, left));
            }
        }
    }

    /** Keeps a copy over HTTP, and breaks its connection again and again. */
    private final class HttpCopy extends Copy implements Runnable {
        private final Random random = new Random(seed + 1);
        private final String token = stack.token(Set.of("*"), Duration.ofHours(1));
        private volatile boolean stopped;
        private volatile EventClient client;
        private volatile Throwable wrong;
        private int connections;

        @Override
        public void run() {
            try {
                String since = null;
                while (!stopped) {
                    connections++;
                    client = new EventClient(stack.port(), token, "", since);
                    if (since == null) {
                        client.placed();
                        readAll();
                    }
                    follow(1 + random.nextInt(300));
                    client.close();
                    since = client.lastId();
                }
            } catch (Exception | AssertionError e) {
                if (!stopped) {
                    wrong = e;
                }
            }
        }

        private void follow(int events) throws Exception {
            for (int i = 0; i < events; i++) {
                EventClient.Event event = client.next();
                if (event == null) {
                    return;
                }
                if (event.name().equals("reset")) {
                    readAll();
                } else {
                    read(event.file());
                }
            }
        }

        private void readAll() throws Exception {
            clear();
            JsonArray projects =
                    new JsonObject(get("/api/v0/management/projects/list").body()).getJsonArray("projects");
            for (int i = 0; i < projects.size(); i++) {
                String project = projects.getJsonObject(i).getString("name");
                JsonObject list = new JsonObject(
                        get("/api/v0/management/tokens/list?project=" + project).body());
                for (Object filename : list.getJsonArray("tokens")) {
                    read(project + '/' + filename);
                }
            }
        }

        private void read(String key) throws Exception {
            HttpResponse<String> response = get("/api/v0/tokens/" + key);
            set(key, response.statusCode() == 404 ? null : response.body());
        }

        private HttpResponse<String> get(String path) throws Exception {
            HttpResponse<String> response = stack.get(path);
            while (response.statusCode() == 503) { // the class's time-out ends it
                response = stack.get(path);
            }
            return response;
        }

        void stop() throws IOException {
            stopped = true;
            client.close();
        }
    }

    /** Keeps a copy on the bus. */
    private final class BusCopy extends Copy {
        private final ChangeFeed feed = cache.follow(null, null, this::apply);

        private Future<?> apply(TokenEvents piece) {
            if (!piece.reset()) {
                return Future.join(piece.events().stream()
                        .map(event -> read(
                                event.change().project() + '/' + event.change().filename()))
                        .toList());
            }
            clear();
            return cache.projects()
                    .compose(projects -> Future.join(projects.stream()
                            .map(project -> readAll(((JsonObject) project).getString("name")))
                            .toList()));
        }

        private Future<?> readAll(String project) {
            return cache.list(project)
                    .compose(names -> Future.join(names.names().stream()
                            .map(name -> read(project + '/' + name))
                            .toList()));
        }

        private Future<?> read(String key) {
            return cache.get(dev.tokencache.TokenKey.parse(key))
                    .map(BusCopy::text)
                    .recover(cause -> cause instanceof dev.tokencache.TokenCacheException failure
                                    && failure.failure() == dev.tokencache.Failure.INVALID_TOKEN_FILE
                            ? Future.succeededFuture("invalid")
                            : Future.failedFuture(cause))
                    .onSuccess(content -> set(key, content));
        }

        private static String text(TokenFile file) {
            return file == null ? null : new String(file.bytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void storm_ofEdits_copiesEndUpEqual() throws Exception {
        for (int i = 0; i < 100; i++) {
            edits.edit();
        }
        HttpCopy http = new HttpCopy();
        Thread reading = new Thread(http, "copy over HTTP");
        reading.start();
        BusCopy bus = new BusCopy();
        for (int i = 0; i < EDITS; i++) {
            edits.edit();
        }
        Map<String, String> disk = edits.onDisk();
        http.awaitEqual(disk, "over HTTP, seed " + seed + ", " + http.wrong);
        bus.awaitEqual(disk, "on the bus, seed " + seed);
        assertThat(http.wrong).isNull();
        http.stop();
        reading.join();
        assertThat(http.connections).isGreaterThan(5);
        HttpStack.await(bus.feed.close());
    }

    @Test
    void cache_redeployedAmongEdits_copiesEndUpEqual() throws Exception {
        HttpCopy http = new HttpCopy();
        Thread reading = new Thread(http, "copy over HTTP");
        reading.start();
        BusCopy bus = new BusCopy();
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < 100; i++) {
                edits.edit();
            }
            stack.undeploy(cacheId);
            cacheId = stack.deployCache(new CacheOptions());
        }
        Map<String, String> disk = edits.onDisk();
        http.awaitEqual(disk, "over HTTP, seed " + seed + ", " + http.wrong);
        bus.awaitEqual(disk, "on the bus, seed " + seed);
        assertThat(http.wrong).isNull();
        http.stop();
        reading.join();
        HttpStack.await(bus.feed.close());
    }
}
