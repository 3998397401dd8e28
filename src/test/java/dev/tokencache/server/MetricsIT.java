package dev.tokencache.server;

import static dev.tokencache.server.Api.assertFails;
import static dev.tokencache.server.Api.header;
import static dev.tokencache.server.Api.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tokencache.Failure;
import dev.tokencache.Poll;
import dev.tokencache.auth.Scope;
import dev.tokencache.contract.Contract;
import dev.tokencache.metrics.ScrapeText;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The figures of a real server. Its watcher looks once, at the start: what is counted then are the requests and no more. */
@Timeout(120)
class MetricsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String COUNT = "tokencache_http_request_duration_seconds_count";
    private static final String GET = "/api/v0/management/tokens/get";
    private static final String TOKEN = "/api/v0/tokens/{project}/{filename}";

    @TempDir
    static Path directory;

    private static ServerProcess server;
    private static Api api;

    @BeforeAll
    static void start() throws Exception {
        server = ServerProcess.start(directory, "watch.interval=1h", "watch.hints=false", "http.instances=1");
        api = server.admin();
        Poll.until(PATIENCE, () -> api.get("/health/ready").statusCode(), status -> status == 200);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void put(String project, String filename, String content) throws Exception {
        Path parent = Files.createDirectories(server.root().resolve(project));
        Files.writeString(parent.resolve(filename), content);
    }

    private static ScrapeText scrape() throws Exception {
        return scrape(api);
    }

    private static ScrapeText scrape(Api caller) throws Exception {
        HttpResponse<byte[]> response = caller.get("/metrics");
        assertThat(response.statusCode()).isEqualTo(200);
        return ScrapeText.parse(Api.text(response));
    }

    @Test
    void scrape_afterKnownRequests_hasExactlyThose() throws Exception {
        put("exact", "a.json", "{\"token\":\"made-up\"}");
        put("exact", "bad.json", "[1]");
        put("exact", "old.json", "{\"token\":\"made-up\",\"expires_at\":\"2020-01-01T00:00:00Z\"}");
        ScrapeText before = scrape();

        for (int i = 0; i < 4; i++) {
            ok(api.get("exact", "a.json")); // a miss and three hits
        }
        HttpResponse<byte[]> file = api.get("/api/v0/tokens/exact/a.json"); // a hit
        assertThat(api.send(api.request("/api/v0/tokens/exact/a.json").header("If-None-Match", header(file, "ETag")))
                        .statusCode())
                .isEqualTo(304); // a hit
        assertThat(api.method("HEAD", "/api/v0/tokens/exact/a.json").statusCode())
                .isEqualTo(200); // a hit
        ok(api.get("exact", "old.json")); // a miss
        assertThat(api.get("exact", "none.json").statusCode()).isEqualTo(404); // a miss
        assertThat(api.get("exact", "bad.json").statusCode()).isEqualTo(422); // a miss whose load fails
        ok(api.list("exact"));
        ok(api.list("exact"));
        assertThat(new Api(server.port(), null).get("exact", "a.json").statusCode())
                .isEqualTo(401);
        assertThat(new Api(server.port(), "made.up.token")
                        .get("exact", "a.json")
                        .statusCode())
                .isEqualTo(401);
        assertThat(api.send(api.request("/api/v0/tokens/exact/new.json")
                                .header("Content-Type", "application/json")
                                .PUT(BodyPublishers.ofString("{\"token\":\"made-up\"}")))
                        .statusCode())
                .isEqualTo(201);
        ok(api.post("cache/invalidate", new JsonObject().put("project", "exact").put("filename", "a.json")));
        assertThat(api.get("/no/such/route").statusCode()).isEqualTo(404);

        ScrapeText after = scrape();
        assertThat(answers(before, after, GET, "GET", "200")).isEqualTo(5);
        assertThat(answers(before, after, GET, "GET", "404")).isEqualTo(1);
        assertThat(answers(before, after, GET, "GET", "422")).isEqualTo(1);
        assertThat(answers(before, after, GET, "GET", "401")).isEqualTo(2);
        assertThat(answers(before, after, TOKEN, "GET", "200")).isEqualTo(1);
        assertThat(answers(before, after, TOKEN, "GET", "304")).isEqualTo(1);
        assertThat(answers(before, after, TOKEN, "HEAD", "200")).isEqualTo(1);
        assertThat(answers(before, after, TOKEN, "PUT", "201")).isEqualTo(1);
        assertThat(answers(before, after, "/metrics", "GET", "200")).isEqualTo(1);
        assertThat(answers(before, after, "none", "GET", "404")).isEqualTo(1);
        assertThat(more(before, after, "tokencache_lookups_total", "kind", "token", "result", "hit"))
                .isEqualTo(6);
        assertThat(more(before, after, "tokencache_lookups_total", "kind", "token", "result", "miss"))
                .isEqualTo(4);
        assertThat(more(before, after, "tokencache_lookups_total", "kind", "list", "result", "hit"))
                .isEqualTo(1);
        assertThat(more(before, after, "tokencache_load_duration_seconds_count"))
                .isEqualTo(4);
        assertThat(more(before, after, "tokencache_load_failures_total")).isEqualTo(1);
        assertThat(more(before, after, "tokencache_invalidations_total", "source", "request"))
                .isEqualTo(1);
        assertThat(more(before, after, "tokencache_invalidations_total", "source", "watcher"))
                .isZero();
        assertThat(more(before, after, "tokencache_auth_failures_total", "reason", "missing"))
                .isEqualTo(1);
        assertThat(more(before, after, "tokencache_auth_failures_total", "reason", "refused"))
                .isEqualTo(1);
        assertThat(after.value("tokencache_project_invalid_files", "project", "exact"))
                .isEqualTo(1);
        assertThat(after.value("tokencache_project_expired_tokens", "project", "exact"))
                .isEqualTo(1);
        assertThat(after.value("tokencache_cached_tokens")).isPositive();
        assertThat(after.value("tokencache_cached_bytes"))
                .isBetween(400.0, after.value("tokencache_cached_limit_bytes"));
        assertThat(after.value("tokencache_watcher_up")).isEqualTo(1);
        assertThat(after.value("tokencache_root_readable")).isEqualTo(1);
        assertThat(after.value("tokencache_scan_interval_seconds")).isEqualTo(3_600);
        assertThat(after.value("tokencache_http_connections")).isPositive();
        assertThat(after.value("tokencache_audit_lost_lines_total")).isZero();
    }

    private static double more(ScrapeText before, ScrapeText after, String name, String... labels) {
        return after.value(name, labels) - before.value(name, labels);
    }

    private static double answers(ScrapeText before, ScrapeText after, String route, String method, String status) {
        return more(before, after, COUNT, "route", route, "method", method, "status", status);
    }

    @Test
    void labels_whateverClientsSend_areThoseOfTheTable() throws Exception {
        for (String line : List.of(
                "BREW /api/v0/management/tokens/get HTTP/1.1",
                "get /api/v0/management/tokens/get HTTP/1.1",
                "GET /CANARY.json HTTP/1.1",
                "GET /api/v0/tokens/canary%2F/CANARY.json HTTP/1.1",
                "GET /api/v0/tokens/canary/CANARY.json?CANARY=1 HTTP/1.1",
                "DELETE /api/v0/tokens//CANARY.json HTTP/1.1",
                "GET /%zz HTTP/1.1",
                "GET /metrics/../CANARY HTTP/1.1",
                "CANARY",
                "GET /health/live HTTP/1.0",
                "GET /" + "CANARY".repeat(1_000) + " HTTP/1.1",
                "GET /health/live HTTP/9.9")) {
            api.raw(line + "\r\nHost: CANARY\r\nConnection: close\r\n" + api.credentials() + "\r\n");
        }

        ScrapeText scrape = scrape();
        Set<String> routes = new TreeSet<>(Contract.published().methods().keySet());
        routes.add("none");
        assertThat(labels(scrape, "route")).isNotEmpty().isSubsetOf(routes);
        assertThat(labels(scrape, "method"))
                .contains("other")
                .isSubsetOf("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other");
        assertThat(labels(scrape, "status"))
                .contains("405")
                .allMatch(status -> status.matches("[2-5][0-9][0-9]|aborted"));
        assertThat(scrape.samples().map(Object::toString))
                .noneMatch(sample -> sample.contains("CANARY") || sample.contains("canary"));
    }

    private static Set<String> labels(ScrapeText scrape, String name) {
        return scrape.samples()
                .filter(sample -> sample.name().equals(COUNT))
                .map(sample -> sample.labels().get(name))
                .collect(Collectors.toSet());
    }

    @Test
    void scrape_byOthers_needsTheScopeAndShowsTheirProjects() throws Exception {
        put("mine", "a.json", "{}");
        put("yours", "a.json", "{}");
        ok(api.get("mine", "a.json"));
        ok(api.get("yours", "a.json"));

        assertFails(new Api(server.port(), null).get("/metrics"), Failure.UNAUTHORIZED);
        assertFails(
                server.api(List.of(Scope.STATS_READ, Scope.TOKENS_READ), "*").get("/metrics"), Failure.FORBIDDEN);
        Api mine = server.api(List.of(Scope.METRICS_READ), "mine");
        assertThat(header(mine.get("/metrics"), "Content-Type")).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        assertThat(projects(scrape(mine))).containsExactlyInAnyOrder("mine", "_rest");
        assertThat(projects(scrape())).contains("mine", "yours").doesNotContain("_rest");
    }

    private static Set<String> projects(ScrapeText scrape) {
        return scrape.samples()
                .map(sample -> sample.labels().get("project"))
                .filter(project -> project != null)
                .collect(Collectors.toSet());
    }

    @Test
    void streams_whileTheyAreOpen_areCountedAndThenTheirRequest() throws Exception {
        String stream = "GET /api/v0/events HTTP/1.1\r\nHost: localhost\r\n" + api.credentials() + "\r\n";
        ScrapeText before = scrape();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(stream.getBytes(StandardCharsets.US_ASCII));
            Poll.until(PATIENCE, () -> scrape().value("tokencache_http_event_streams"), open -> open == 1);
        }
        Poll.until(PATIENCE, () -> scrape().value("tokencache_http_event_streams"), open -> open == 0);
        Poll.until(
                PATIENCE,
                () -> answers(before, scrape(), "/api/v0/events", "GET", "200")
                        + answers(before, scrape(), "/api/v0/events", "GET", "aborted"),
                ended -> ended == 1);
    }

    @Test
    void scrape_byPromtool_isFreeOfFaults() throws Exception {
        assumeTrue(
                Tools.isThere("promtool"), "promtool is not installed: the syntax is only checked by our own reader");
        api.get("exact", "any.json");
        scrape();
        Path text = directory.resolve("scrape.txt");
        Files.write(text, api.get("/metrics").body());
        Path said = directory.resolve("promtool.txt");

        int code = new ProcessBuilder("promtool", "check", "metrics")
                .redirectInput(text.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start()
                .waitFor();

        assertThat(code).as(Files.readString(said)).isZero();
    }

    @Test
    void requestIds_areOnAllButGetsFromMemory_andNeverTheClients() throws Exception {
        put("ids", "a.json", "{}");
        Api nobody = new Api(server.port(), null);
        Set<String> ids = new TreeSet<>();
        ids.add(header(nobody.get("/health/live"), "X-Request-Id"));
        ids.add(header(nobody.get("/no/such/route"), "X-Request-Id"));
        ids.add(header(nobody.get("ids", "a.json"), "X-Request-Id"));
        ids.add(header(nobody.method("PUT", "/version"), "X-Request-Id"));
        ids.add(header(nobody.method("OPTIONS", "/version"), "X-Request-Id"));
        ids.add(header(api.get("ids", "none.json"), "X-Request-Id"));
        ids.add(header(nobody.send(nobody.request("/version").header("X-Request-Id", "forged")), "X-Request-Id"));
        ids.add(header(api.get("/metrics"), "X-Request-Id"));
        assertThat(ids).hasSize(8).allMatch(id -> id.matches("[A-Za-z0-9_-]{8}-[a-z0-9]+"));
        assertThat(api.raw("GET /" + "x".repeat(5_000) + " HTTP/1.1\r\n\r\n")).contains("\r\nx-request-id: ");

        ok(api.get("ids", "a.json"));
        assertThat(header(api.get("ids", "a.json"), "X-Request-Id")).isNull();
        assertThat(header(api.get("ids", "none.json"), "X-Request-Id")).isNotNull();
    }

    @Test
    void scrape_ofSeveralInstances_hasTheRequestsOfAll(@TempDir Path other) throws Exception {
        try (ServerProcess two = ServerProcess.start(other, "http.instances=2")) {
            Api caller = two.admin();
            for (int i = 0; i < 20; i++) {
                assertThat(caller.rawGet("/health/live")).startsWith("HTTP/1.1 200");
            }
            for (int i = 0; i < 4; i++) {
                assertThat(scrape(caller).value(COUNT, "route", "/health/live", "method", "GET", "status", "200"))
                        .isEqualTo(20);
            }
        }
    }

    @Test
    void metrics_switchedOff_are404(@TempDir Path other) throws Exception {
        try (ServerProcess off = ServerProcess.start(other, "metrics.enabled=false")) {
            assertFails(off.admin().get("/metrics"), Failure.NOT_FOUND);
            assertFails(new Api(off.port(), null).get("/metrics"), Failure.UNAUTHORIZED);
        }
    }
}
