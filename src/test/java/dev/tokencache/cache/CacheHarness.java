package dev.tokencache.cache;

import dev.tokencache.Fingerprint;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenChange;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A deployed cache over a {@link FakeSource} on a {@link FakeClock}, and a client of it, used from a test's thread. */
final class CacheHarness implements AutoCloseable {
    final FakeClock clock = new FakeClock();
    final FakeSource source = new FakeSource(clock);
    final Vertx vertx = Vertx.vertx();
    final TokenCache cache;
    final CacheVerticle verticle;
    final List<TokenChange> changes = new CopyOnWriteArrayList<>();
    private final Set<String> seenProjects = new TreeSet<>();
    private Map<String, Fingerprint> acknowledged = new TreeMap<>();
    private int watcher = 1;
    private boolean baselined = true;
    private boolean told;

    CacheHarness(UnaryOperator<CacheOptions> configure) {
        CacheOptions options =
                configure.apply(new CacheOptions().setNanoTime(clock::nanoTime).setCurrentMillis(clock::currentMillis));
        verticle = new CacheVerticle(options, source);
        await(vertx.deployVerticle(verticle));
        cache = TokenCache.create(vertx);
        cache.onChange(changes::add);
    }

    CacheHarness() {
        this(options -> options);
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
            throw new AssertionError("no answer", e);
        }
    }

    /** Content of a token through the cache, or null when it is absent. */
    String get(String project, String filename) {
        return text(cache.get(project, filename));
    }

    static String text(Future<dev.tokencache.TokenFile> file) {
        dev.tokencache.TokenFile got = await(file);
        return got == null ? null : new String(got.bytes(), StandardCharsets.UTF_8);
    }

    /**
     * Waits until everything sent before was handled: messages of one sender are handled in order on the cache's loop. What
     * it published by then is in {@link #changes}.
     */
    void settle() {
        long published = cacheStats().getLong("changes");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (changes.size() < published) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("changes were lost");
            }
            Thread.onSpinWait();
        }
    }

    JsonObject cacheStats() {
        return await(cache.stats()).getJsonObject("cache");
    }

    /** What a watcher does: compares the disk with what was acknowledged, and tells the difference. */
    void scan() {
        tell(look());
    }

    /** What a watcher found: the message, and the picture it has once that is acknowledged. */
    record Look(JsonObject message, Map<String, Fingerprint> picture) {}

    /** The first half of a scan: what is told may be old when it arrives. */
    Look look() {
        return look(Set.of());
    }

    /** The same with files that could not be looked at: the picture keeps what it had of them. */
    Look look(Set<String> unseen) {
        clock.advance(Duration.ofMillis(1));
        long started = clock.nanoTime();
        Map<String, Fingerprint> now = source.picture();
        unseen.forEach(key -> now.compute(key, (same, seen) -> acknowledged.get(key)));
        JsonArray found = new JsonArray();
        for (Map.Entry<String, Fingerprint> file : now.entrySet()) {
            Fingerprint before = acknowledged.get(file.getKey());
            if (!file.getValue().equals(before)) {
                String fresh = baselined ? "added" : "present";
                found.add(change(file.getKey(), before == null ? fresh : "changed")
                        .put("fingerprint", file.getValue().toString())
                        .put(
                                "etag",
                                FakeSource.etag(source.content(file.getKey()).getBytes(StandardCharsets.UTF_8))));
            }
        }
        acknowledged.keySet().stream()
                .filter(key -> !now.containsKey(key))
                .forEach(key -> found.add(change(key, "removed")));
        JsonObject projects = new JsonObject();
        now.keySet().forEach(key -> seenProjects.add(key.substring(0, key.indexOf('/'))));
        for (String project : seenProjects) {
            long files = now.keySet().stream()
                    .filter(key -> key.startsWith(project + "/"))
                    .count();
            JsonObject status = new JsonObject().put("files", files);
            JsonArray names = new JsonArray();
            unseen.stream()
                    .filter(key -> key.startsWith(project + "/"))
                    .forEach(key -> names.add(key.substring(project.length() + 1)));
            if (!names.isEmpty()) {
                status.put("unseen", names);
            }
            projects.put(
                    project,
                    source.hasDirectory(project) ? status.put("startedNanos", started) : status.put("gone", true));
        }
        return new Look(
                new JsonObject()
                        .put("watcher", "watcher " + watcher)
                        .put("changes", found)
                        .put("projects", projects)
                        .put("listedNanos", started)
                        .put("interval", 1_000),
                now);
    }

    /** The second half of a scan. */
    void tell(Look look) {
        await(cache.observe(look.message()));
        acknowledged = look.picture();
        baselined = true;
        told = true;
    }

    /** Another watcher takes over, if one has told anything: it knows nothing of what that was. */
    void restartWatcher() {
        if (!told) {
            return;
        }
        watcher++;
        acknowledged = new TreeMap<>();
        seenProjects.clear();
        baselined = false;
    }

    private static JsonObject change(String key, String kind) {
        return new JsonObject().put("key", key).put("kind", kind);
    }

    @Override
    public void close() {
        await(vertx.close());
    }
}
