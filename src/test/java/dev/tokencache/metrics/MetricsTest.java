package dev.tokencache.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Telemetry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private static final String DURATION = "tokencache_http_request_duration_seconds";

    private final Vertx vertx = Vertx.vertx();
    private final Metrics metrics = new Metrics(vertx, "1.2.3");

    @AfterEach
    void close() {
        metrics.close();
        vertx.close().await();
    }

    private ScrapeText scrape(JsonObject stats, Set<String> visible) {
        return ScrapeText.parse(new String(
                metrics.scrape(stats, project -> visible == null || visible.contains(project)),
                StandardCharsets.UTF_8));
    }

    private static JsonObject stats(JsonObject projects) {
        JsonObject cache = new JsonObject();
        int value = 1;
        for (String name : List.of(
                "hits",
                "misses",
                "absentHits",
                "listHits",
                "listMisses",
                "loadFailures",
                "revalidations",
                "loadsInFlight",
                "evictions",
                "expirations",
                "changes",
                "cachedTokens",
                "cachedLists",
                "bytes",
                "maxBytes",
                "absentNames",
                "knownFiles")) {
            cache.put(name, value++);
        }
        cache.put("invalidatedBy", new JsonObject().put("request", 31).put("watcher", 32));
        cache.put(
                "watch",
                new JsonObject()
                        .put("isWatching", true)
                        .put("root", (String) null)
                        .put("interval", 1_500)
                        .put("scanTime", 250.0)
                        .put("errors", 33));
        return new JsonObject().put("cache", cache).put("stats", projects);
    }

    private static JsonObject project(int tokens, long lastScan) {
        return new JsonObject()
                .put("fileListSize", tokens)
                .put("cachedTokens", 2)
                .put("invalidFiles", 3)
                .put("ignoredFiles", 4)
                .put("expiredTokens", 5)
                .put("expiringTokens", 6)
                .put("scanErrors", 7)
                .put("lastScan", lastScan);
    }

    @Test
    void scrape_ofAnythingCounted_hasExactlyThat() {
        metrics.gauge("some_gauge", "Some gauge.", () -> 4.5, "kind", "one");
        metrics.counter("some_events", "Some events.", () -> 7);
        metrics.loaded(2_000_000);
        metrics.streaming(1);
        metrics.streaming(1);
        metrics.streaming(-1);
        long now = System.currentTimeMillis();

        ScrapeText scrape =
                scrape(stats(new JsonObject().put("b", project(10, now - 5_000)).put("a", project(1, now))), null);

        assertThat(scrape.value("tokencache_some_gauge", "kind", "one")).isEqualTo(4.5);
        assertThat(scrape.value("tokencache_some_events_total")).isEqualTo(7);
        assertThat(scrape.value("tokencache_load_duration_seconds_count")).isEqualTo(1);
        assertThat(scrape.value("tokencache_load_duration_seconds_sum")).isEqualTo(0.002);
        assertThat(scrape.value("tokencache_load_duration_seconds_bucket", "le", "5.0E-4"))
                .isZero();
        assertThat(scrape.value("tokencache_load_duration_seconds_bucket", "le", "0.0025"))
                .isEqualTo(1);
        assertThat(scrape.value("tokencache_http_event_streams")).isEqualTo(1);
        assertThat(scrape.value(
                        "tokencache_build_info",
                        "version",
                        "1.2.3",
                        "java",
                        "" + Runtime.version().feature()))
                .isEqualTo(1);
        assertThat(scrape.value("tokencache_lookups_total", "kind", "token", "result", "hit"))
                .isEqualTo(1);
        assertThat(scrape.value("tokencache_lookups_total", "kind", "list", "result", "miss"))
                .isEqualTo(5);
        assertThat(scrape.value("tokencache_evictions_total", "cause", "size")).isEqualTo(9);
        assertThat(scrape.value("tokencache_evictions_total", "cause", "expired"))
                .isEqualTo(10);
        assertThat(scrape.value("tokencache_invalidations_total", "source", "watcher"))
                .isEqualTo(32);
        assertThat(scrape.value("tokencache_cached_bytes")).isEqualTo(14);
        assertThat(scrape.value("tokencache_watcher_up")).isEqualTo(1);
        assertThat(scrape.value("tokencache_scan_interval_seconds")).isEqualTo(1.5);
        assertThat(scrape.value("tokencache_scan_duration_seconds")).isEqualTo(0.25);
        assertThat(scrape.value("tokencache_scan_errors_total")).isEqualTo(33);
        assertThat(scrape.value("tokencache_scan_age_seconds")).isBetween(5.0, 60.0);
        assertThat(scrape.value("tokencache_project_tokens", "project", "b")).isEqualTo(10);
        assertThat(scrape.value("tokencache_project_expiring_tokens", "project", "a"))
                .isEqualTo(6);
        assertThat(scrape.value("tokencache_projects")).isEqualTo(2);
        assertThat(scrape.families())
                .containsKeys(
                        "jvm_memory_used_bytes",
                        "jvm_threads_live_threads",
                        "process_files_open_files",
                        "process_cpu_usage",
                        "jvm_gc_memory_allocated_bytes_total");
    }

    @Test
    void scrape_whileTheCacheDoesNotAnswer_saysSoAndHasTheRest() {
        ScrapeText scrape = scrape(null, null);

        assertThat(scrape.families()
                        .get("tokencache_cache_reachable")
                        .samples()
                        .get(0)
                        .value())
                .isZero();
        assertThat(scrape.families())
                .doesNotContainKey("tokencache_lookups_total")
                .containsKey("jvm_memory_used_bytes");
    }

    @Test
    void answered_byWhatClientsMakeUp_makesNoNewSeries() {
        for (int i = 0; i < 1_000; i++) {
            metrics.answered("/a/{b}", "MADE-UP" + i, 405, 1);
            metrics.answered(Telemetry.NO_ROUTE, "get\"\n" + i, 404, 1);
        }
        metrics.answered("/a/{b}", null, 9_999, 1);
        metrics.answered("/a/{b}", "GET", -1, 1);
        metrics.answered("/a/{b}", "GET", Telemetry.ABORTED, 1);
        metrics.answered("/a/{b}", "GET", 200, 300_000_000L);
        metrics.answered("/a/{b}", "GET", 200, 60_000_000_000L);

        ScrapeText scrape = scrape(null, null);

        assertThat(count(scrape, "/a/{b}", "other", "405")).isEqualTo(1_000);
        assertThat(count(scrape, "none", "other", "404")).isEqualTo(1_000);
        assertThat(count(scrape, "/a/{b}", "other", "aborted")).isEqualTo(1);
        assertThat(count(scrape, "/a/{b}", "GET", "aborted")).isEqualTo(2);
        assertThat(count(scrape, "/a/{b}", "GET", "200")).isEqualTo(2);
        assertThat(scrape.value(DURATION + "_bucket", "route", "/a/{b}", "method", "GET", "status", "200", "le", "1.0"))
                .isEqualTo(1);
        assertThat(scrape.families().get(DURATION).samples().stream()
                        .filter(sample -> sample.name().equals(DURATION + "_count")))
                .hasSize(5);
    }

    private static double count(ScrapeText scrape, String route, String method, String status) {
        return scrape.value(DURATION + "_count", "route", route, "method", method, "status", status);
    }

    @Test
    void projects_beyondTheBoundAndHidden_areOneSum() {
        JsonObject projects = new JsonObject();
        for (int i = 0; i < 300; i++) {
            projects.put(String.format("p%03d", i), project(1, 1));
        }

        ScrapeText all = scrape(stats(projects), null);
        ScrapeText some = scrape(stats(projects), Set.of("p007", "p299", "absent"));

        assertThat(values(all)).hasSize(201).containsKeys("p000", "p199").doesNotContainKey("p200");
        assertThat(values(all)).containsEntry("_rest", 100.0);
        assertThat(values(some)).isEqualTo(Map.of("p007", 1.0, "p299", 1.0, "_rest", 298.0));
        assertThat(some.value("tokencache_projects")).isEqualTo(300);
        assertThat(some.samples().map(sample -> sample.labels().get("project"))).doesNotContain("p001", "p200");
    }

    private static Map<String, Double> values(ScrapeText scrape) {
        return scrape.families().get("tokencache_project_tokens").samples().stream()
                .collect(Collectors.toMap(sample -> sample.labels().get("project"), ScrapeText.Sample::value));
    }

    @Test
    void lag_ofABlockedLoop_showsOnThatLoop() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        vertx.getOrCreateContext().runOnContext(none -> {
            try {
                // Longer than two periods: a timer comes due meanwhile whatever its phase, and is late by one at least.
                blocked.await(500, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        long start = System.nanoTime();
        double late = 0;
        while (late == 0 && System.nanoTime() - start < 20_000_000_000L) {
            ScrapeText scrape = scrape(null, null);
            late = scrape.samples()
                    .filter(sample -> sample.name().equals("tokencache_event_loop_lag_seconds_sum"))
                    .mapToDouble(ScrapeText.Sample::value)
                    .filter(sum -> sum > 0.2)
                    .count();
        }
        assertThat(late).isPositive();
    }
}
