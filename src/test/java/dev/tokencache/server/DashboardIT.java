package dev.tokencache.server;

import static dev.tokencache.server.Api.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tokencache.Poll;
import dev.tokencache.auth.SigningKeyFile;
import dev.tokencache.metrics.ScrapeText;
import dev.tokencache.redis.RealRedis;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each query of the dashboard, and each alert of the page about the figures, is about figures that a real server has. */
@Timeout(180)
class DashboardIT {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Path DASHBOARD = Path.of("conf", "grafana-dashboard.json");
    private static final Path PAGE = Path.of("src", "docs", "metrics.md");
    private static final Pattern NAME = Pattern.compile("\\b(?:tokencache|jvm|process)_[a-z_]+");
    private static final Pattern SELECTOR = Pattern.compile("\\b((?:tokencache|jvm|process)_[a-z_]+)\\{([^}]*)}");
    private static final Pattern BY = Pattern.compile("by \\(([a-z, ]+)\\)");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    private RealRedis redis;
    private ServerProcess server;
    private Api api;

    @BeforeEach
    void start() throws Exception {
        Path project = Files.createDirectories(directory.resolve("accounts/demo"));
        Files.writeString(project.resolve("a.json"), "{\"token\":\"made-up\"}");
        redis = new RealRedis();
        SigningKeyFile.generate(directory.resolve("tier.key"));
        server = ServerProcess.start(
                directory,
                "redis.url=" + redis.url(),
                "redis.keyFile=tier.key",
                "cluster.enabled=true",
                "cluster.insecure=true",
                "cluster.port=0",
                "cluster.expose=true");
        api = server.admin();
        Poll.until(PATIENCE, () -> api.get("/health/ready").statusCode(), status -> status == 200);
        ok(api.get("demo", "a.json"));
        ok(api.list("demo"));
        api.get("/metrics");
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        redis.close();
    }

    private static JsonObject dashboard() throws Exception {
        return new JsonObject(Files.readString(DASHBOARD));
    }

    /** The queries by their panel's title and their letter, as Prometheus gets them. */
    private static Map<String, String> queries() throws Exception {
        Map<String, String> queries = new TreeMap<>();
        for (Object each : dashboard().getJsonArray("panels")) {
            JsonObject panel = (JsonObject) each;
            for (Object target : panel.getJsonArray("targets", new JsonArray())) {
                JsonObject query = (JsonObject) target;
                queries.put(
                        panel.getString("title") + ' ' + query.getString("refId"),
                        query.getString("expr")
                                .replace("$__rate_interval", "30s")
                                .replace("$instance", ".*"));
            }
        }
        return queries;
    }

    private static List<String> alerts() throws Exception {
        Matcher alerts = Pattern.compile("(?m)^ +expr: (.+)$").matcher(Files.readString(PAGE));
        List<String> found = new ArrayList<>();
        while (alerts.find()) {
            found.add(alerts.group(1));
        }
        assertThat(found).hasSizeGreaterThanOrEqualTo(3);
        return found;
    }

    @Test
    void dashboard_canBeImported() throws Exception {
        JsonObject dashboard = dashboard();
        assertThat(dashboard.getString("uid")).isEqualTo("token-cache");
        assertThat(dashboard.getString("title")).isEqualTo("Token Cache");
        Set<Integer> ids = new TreeSet<>();
        for (Object each : dashboard.getJsonArray("panels")) {
            JsonObject panel = (JsonObject) each;
            assertThat(ids.add(panel.getInteger("id"))).isTrue();
            assertThat(panel.getString("title")).isNotBlank();
            if (!panel.getString("type").equals("row")) {
                assertThat(panel.getJsonArray("targets")).isNotEmpty();
                assertThat(panel.getJsonObject("datasource").getString("uid")).isEqualTo("${datasource}");
            }
        }
        assertThat(dashboard.getJsonObject("templating").getJsonArray("list").stream()
                        .map(variable -> ((JsonObject) variable).getString("name")))
                .containsExactly("datasource", "instance");
        assertThat(queries())
                .hasSizeGreaterThan(40)
                .allSatisfy((title, query) -> assertThat(query).doesNotContain("$"));
    }

    /** Names and labels; what Prometheus makes of the rest is the other test's. */
    @Test
    void queriesAndAlerts_useFiguresAndLabelsOfAScrape() throws Exception {
        ScrapeText scrape = ScrapeText.parse(Api.text(api.get("/metrics")));
        Set<String> names = scrape.samples().map(ScrapeText.Sample::name).collect(Collectors.toSet());
        names.addAll(Set.of("jvm_gc_pause_seconds_sum")); // there is none before the first collection
        Set<String> labels = scrape.samples()
                .flatMap(sample -> sample.labels().keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        labels.add("instance");
        List<String> all = new ArrayList<>(queries().values());
        all.addAll(alerts());

        for (String query : all) {
            assertThat(NAME.matcher(query).results().map(match -> match.group()))
                    .as(query)
                    .isNotEmpty()
                    .isSubsetOf(names);
            BY.matcher(query)
                    .results()
                    .forEach(by -> assertThat(by.group(1).split(", ")).isSubsetOf(labels));
            SELECTOR.matcher(query).results().forEach(selector -> {
                for (String condition : selector.group(2).split(",", -1)) {
                    assertThat(labels).contains(condition.replaceAll("[=!~].*", ""));
                }
            });
        }
    }

    /** The page tells of every figure of ours, and of none that isn't there. */
    @Test
    void page_describesExactlyOurFigures() throws Exception {
        ScrapeText scrape = ScrapeText.parse(Api.text(api.get("/metrics")));
        Map<String, String> described = new TreeMap<>();
        for (String line : Files.readAllLines(PAGE)) {
            Matcher row = Pattern.compile("\\| `(tokencache_[a-z_]+)` \\| ([a-z]+) \\|(.*?)\\| .+ \\|")
                    .matcher(line);
            if (row.matches()) {
                described.put(
                        row.group(1),
                        row.group(2) + ' ' + row.group(3).replace("`", "").strip());
            }
        }
        Map<String, String> there = new TreeMap<>();
        scrape.families().values().stream()
                .filter(family -> family.name().startsWith("tokencache_"))
                .forEach(family -> {
                    Set<String> labels =
                            new TreeSet<>(family.samples().get(0).labels().keySet());
                    labels.remove("le");
                    there.put(family.name(), family.type() + ' ' + String.join(", ", labels));
                });

        assertThat(described).isEqualTo(there);
    }

    @Test
    void queries_byPrometheus_eachReturnASeries() throws Exception {
        assumeTrue(Tools.isThere("prometheus"), "prometheus is not installed: queries are only held against the names");
        Path jwt = Files.writeString(
                directory.resolve("jwt"), server.token(List.of(dev.tokencache.auth.Scope.METRICS_READ), "*"));
        Path config = Files.writeString(directory.resolve("prometheus.yml"), """
                global: {scrape_interval: 1s, scrape_timeout: 1s}
                scrape_configs:
                  - job_name: token-cache
                    authorization: {credentials_file: %s}
                    static_configs: [{targets: ['127.0.0.1:%d']}]
                """.formatted(jwt, server.port()));
        Path said = directory.resolve("prometheus.log");
        Process prometheus = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + directory.resolve("tsdb"),
                        "--web.listen-address=127.0.0.1:0")
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            String base = "http://" + address(said, prometheus) + "/api/v1/query?query=";
            Poll.until(
                    PATIENCE,
                    () -> {
                        api.get("demo", "a.json");
                        return series(
                                base, "tokencache_build_info and count_over_time(tokencache_build_info[30s]) > 4");
                    },
                    found -> found == 1);
            for (Map.Entry<String, String> query : queries().entrySet()) {
                assertThat(series(base, query.getValue())).as(query.toString()).isPositive();
            }
            for (String alert : alerts()) {
                series(base, alert); // which is right when it has none
            }
        } finally {
            prometheus.destroy();
            prometheus.waitFor(20, TimeUnit.SECONDS);
            prometheus.destroyForcibly();
        }
    }

    /** Where it listens: with port 0 only its log tells. */
    private static String address(Path log, Process prometheus) throws Exception {
        Pattern listening = Pattern.compile("Listening on\" address=(127\\.0\\.0\\.1:[1-9][0-9]*)");
        return Poll.until(
                PATIENCE,
                () -> {
                    assertThat(prometheus.isAlive()).as(Files.readString(log)).isTrue();
                    Matcher found = listening.matcher(Files.readString(log));
                    return found.find() ? found.group(1) : null;
                },
                address -> address != null);
    }

    private static int series(String base, String query) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(base + URLEncoder.encode(query, StandardCharsets.UTF_8)))
                .timeout(Duration.ofSeconds(5))
                .build();
        HttpResponse<String> response;
        try {
            response = CLIENT.send(request, BodyHandlers.ofString());
        } catch (HttpTimeoutException e) {
            return 0;
        }
        if (response.statusCode() == 503) {
            return 0; // it listens before it is ready
        }
        JsonObject reply = new JsonObject(response.body());
        assertThat(reply.getString("status")).as(query + response.body()).isEqualTo("success");
        return reply.getJsonObject("data").getJsonArray("result").size();
    }
}
