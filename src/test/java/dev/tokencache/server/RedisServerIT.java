package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Poll;
import dev.tokencache.auth.SigningKeyFile;
import dev.tokencache.metrics.ScrapeText;
import dev.tokencache.redis.RealRedis;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server with a second tier: it needs none to start, uses one that comes, and does without one that goes. */
@Timeout(120)
class RedisServerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PASSWORD = "made-up-canary-of-a-password";

    @TempDir
    Path directory;

    private String[] sets(RealRedis redis) throws Exception {
        SigningKeyFile.generate(directory.resolve("tier.key"));
        Path password = Files.writeString(directory.resolve("password"), PASSWORD + "\n");
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
        return new String[] {
            "redis.url=" + redis.url(), "redis.keyFile=tier.key", "redis.passwordFile=password", "watch.interval=50ms"
        };
    }

    private static double figure(Api api, String name) throws Exception {
        return ScrapeText.parse(Api.text(api.get("/metrics")))
                .samples()
                .filter(sample -> sample.name().equals(name))
                .mapToDouble(ScrapeText.Sample::value)
                .sum();
    }

    @Test
    void tierThatComesAndGoes_changesNoAnswer() throws Exception {
        Path project = Files.createDirectories(directory.resolve("accounts/demo"));
        try (RealRedis redis = new RealRedis()) {
            redis.kill();
            try (ServerProcess server = ServerProcess.start(directory, sets(redis))) {
                Api api = server.admin();
                Files.writeString(project.resolve("a.json"), "{\"token\":\"canary-of-a-value\"}");
                Poll.until(PATIENCE, () -> api.get("demo", "a.json").statusCode(), status -> status == 200);
                assertThat(figure(api, "tokencache_redis_up")).isZero();

                redis.start();
                redis.tell(client -> client.configSet("requirepass", PASSWORD));
                Poll.until(PATIENCE, () -> figure(api, "tokencache_redis_up"), up -> up == 1);
                redis.kill();
                Poll.until(PATIENCE, () -> figure(api, "tokencache_redis_up"), up -> up == 0);
                Files.writeString(project.resolve("a.json"), "{\"token\":\"second\"}");
                Poll.until(PATIENCE, () -> Api.text(api.get("demo", "a.json")), text -> text.contains("second"));
                assertThat(server.stderr())
                        .contains("redis.lost")
                        .contains("redis.back")
                        .doesNotContain(PASSWORD);
                assertThat(server.stderr()).doesNotContain("canary-of-a-value");
            }
        }
    }

    @Test
    void check_saysWhatIsWrongWithTheTier_asAStartDoes() throws Exception {
        Files.createDirectory(directory.resolve("accounts"));
        try (RealRedis redis = new RealRedis()) {
            List<String> arguments = new ArrayList<>(List.of("check"));
            for (String set : sets(redis)) {
                arguments.addAll(List.of("--set", set));
            }
            ServerProcess.Ended good = ServerProcess.run(directory, arguments.toArray(new String[0]));
            assertThat(good.stdout()).containsPattern("(?m)^ok +redis");
            assertThat(good.code()).isZero();

            Files.writeString(directory.resolve("tier.key"), "c2hvcnQ\n");
            ServerProcess.Ended bad = ServerProcess.run(directory, arguments.toArray(new String[0]));
            assertThat(bad.stdout())
                    .containsPattern("(?m)^error +redis: .*redis\\.keyFile")
                    .doesNotContain("c2hvcnQ");
            assertThat(bad.code()).isEqualTo(1);
        }
    }
}
