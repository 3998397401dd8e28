package dev.tokencache.server;

import static dev.tokencache.server.Api.ok;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.util.Base64URL;
import dev.tokencache.Poll;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The configuration's file is edited while the server runs. */
@Timeout(120)
class ConfigReloadIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @BeforeEach
    void files() throws IOException {
        Files.createDirectories(directory.resolve("accounts/demo"));
        Files.writeString(directory.resolve("accounts/demo/a.json"), "{\"token\":\"made-up\"}");
        Files.createDirectories(directory.resolve("conf"));
    }

    /** As an editor does it: whole, with one rename. */
    private void configure(String yaml) throws IOException {
        Path next = Files.writeString(directory.resolve("conf/next"), yaml);
        Files.move(next, directory.resolve("conf/token-cache.yaml"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static String awaitLog(ServerProcess server, String text) throws Exception {
        return Poll.until(SOON, server::stderr, log -> log.contains(text));
    }

    private static JsonObject cache(Api api) throws Exception {
        return ok(api.get("cache/stats")).getJsonObject("cache");
    }

    @Test
    void limitsAndTimes_areTaken_andTheRestSaysThatItNeedsARestart() throws Exception {
        configure("cache:\n  tokenTtl: 5m\n");
        try (ServerProcess server = ServerProcess.start(directory)) {
            Api admin = server.admin();
            ok(admin.get("demo", "a.json"));
            assertThat(cache(admin).getLong("tokenTtl")).isEqualTo(300_000);

            configure("""
                    cache: {tokenTtl: 7s, maxBytes: 9MiB, maxLoads: 77}
                    watch: {interval: 1500ms}
                    http: {maxConnections: 77}
                    log: {level: debug}
                    """);

            String log = awaitLog(server, "configuration_changed");
            assertThat(log)
                    .contains("taken=[cache.tokenTtl,cache.maxBytes,watch.interval,http.maxConnections,log.level]")
                    .contains("restart_needed=[cache.maxLoads]");
            Poll.until(SOON, () -> cache(admin).getLong("tokenTtl"), ttl -> ttl == 7_000);
            assertThat(cache(admin).getLong("maxBytes")).isEqualTo(9 << 20);
            Poll.until(
                    SOON, () -> cache(admin).getJsonObject("watch").getLong("interval"), interval -> interval == 1_500);
            String metrics = Api.text(admin.get("/metrics"));
            assertThat(metrics)
                    .contains("tokencache_http_connections_limit 77.0")
                    .contains("tokencache_config_restart_needed 1.0")
                    .contains("tokencache_config_changes_total{result=\"taken\"} 1.0");

            configure("cache:\n  tokenTtl: soon\n");
            awaitLog(server, "configuration_broken kept=old");
            assertThat(cache(admin).getLong("tokenTtl")).isEqualTo(7_000);
            ok(admin.get("demo", "a.json"));
        }
    }

    @Test
    void keys_named_whileTheServerRuns() throws Exception {
        byte[] first = Forge.random();
        byte[] second = Forge.random();
        Files.writeString(directory.resolve("one.key"), Base64URL.encode(first) + "\n");
        String one =
                "auth:\n  maxFailuresPerMinute: 1000000\n  keys:\n    - {id: one, algorithm: HS256, secretFile: one.key}\n";
        configure(one);
        try (ServerProcess server = ServerProcess.start(directory)) {
            Api old = new Api(server.port(), token(first, "one", null));
            Api next = new Api(server.port(), token(second, "two", null));
            ok(old.get("demo", "a.json"));

            // The line that names it comes before the key: the old ones go on until it is there.
            configure(one + "    - {id: two, algorithm: HS256, secretFile: two.key}\n");
            awaitLog(server, "auth_not_changed kept=old");
            ok(old.get("demo", "a.json"));
            assertThat(next.get("demo", "a.json").statusCode()).isEqualTo(401);
            Path written = directory.resolve("two.key.next");
            Files.writeString(written, Base64URL.encode(second) + "\n");
            Files.move(written, directory.resolve("two.key"), StandardCopyOption.ATOMIC_MOVE);
            await(next, 200);
            ok(old.get("demo", "a.json"));

            String two = """
                    auth:
                      audience: somebody
                      maxFailuresPerMinute: 1000000
                      keys:
                        - {id: two, algorithm: HS256, secretFile: two.key}
                    """;
            configure(two);
            await(old, 401);
            assertThat(next.get("demo", "a.json").statusCode()).isEqualTo(401);
            ok(new Api(server.port(), token(second, "two", "somebody")).get("demo", "a.json"));
            assertThat(server.stderr()).doesNotContain("ERROR").containsOnlyOnce("auth_not_changed");

            configure("cache: {tokenTtl: 1m, maxLoads: 77}\n" + two);
            awaitLog(server, "maxLoads");
            configure("nonsense: true\n");
            assertThat(awaitLog(server, "configuration_broken").lines().map(ConfigReloadIT::withoutTime))
                    .containsAll(shown());
        }
    }

    private static String withoutTime(String line) {
        return line.substring(line.indexOf(' ') + 1);
    }

    /** The lines that operating.md shows. */
    private static List<String> shown() throws IOException {
        return DocPage.of("operating.md").blocks().stream()
                .filter(block -> block.checkedBy().equals(Optional.of("ConfigReloadIT")))
                .flatMap(block -> block.text().lines())
                .toList();
    }

    @Test
    void rules_changed_giveTheOperatorATokenOfThem_andAFirstKeyNeedsARestart() throws Exception {
        configure("auth:\n  maxFailuresPerMinute: 1000000\n");
        try (ServerProcess server = ServerProcess.start(directory)) {
            Path admin = server.stateDir().resolve("admin.jwt");
            Api before = new Api(server.port(), Files.readString(admin).strip());
            ok(before.get("demo", "a.json"));

            configure("auth:\n  maxFailuresPerMinute: 1000000\n  issuer: somebody-else\n");
            await(before, 401);
            Poll.until(
                    SOON,
                    () -> new Api(server.port(), Files.readString(admin).strip())
                            .get("demo", "a.json")
                            .statusCode(),
                    status -> status == 200);

            Files.writeString(directory.resolve("one.key"), Base64URL.encode(Forge.random()) + "\n");
            configure(
                    "auth:\n  issuer: somebody-else\n  keys:\n    - {id: one, algorithm: HS256, secretFile: one.key}\n");
            awaitLog(server, "restart_needed=[auth.keys,auth.issuer]");
            ok(new Api(server.port(), Files.readString(admin).strip()).get("demo", "a.json"));
        }
    }

    private static String token(byte[] secret, String kid, String audience) throws Exception {
        Map<String, String> claims = Forge.claims();
        if (audience != null) {
            claims.put("aud", '"' + audience + '"');
        }
        return Forge.token("HS256", new MACSigner(secret), header -> header.keyID(kid), Forge.json(claims));
    }

    private static void await(Api api, int status) throws Exception {
        Poll.until(SOON, () -> api.get("demo", "a.json").statusCode(), answer -> answer == status);
    }

    @Test
    void secondLook_afterAFailedOne_isNotStuck() throws Exception {
        try (ServerProcess server = ServerProcess.start(directory)) {
            configure("nonsense: true\n");
            awaitLog(server, "configuration_broken");
            configure("cache:\n  listTtl: 3s\n");
            awaitLog(server, "taken=[cache.listTtl]");
        }
    }
}
