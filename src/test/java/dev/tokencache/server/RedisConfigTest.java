package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tokencache.auth.SigningKeyFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys of the second tier, what they demand of one another, and the files they name. */
class RedisConfigTest {
    @TempDir
    Path directory;

    private static ServerConfig load(String... sets) throws ConfigException {
        return ConfigLoader.load(null, Map.of(), List.of(sets));
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                arguments("source=redis", "source: needs redis.url, which says where the tokens are"),
                arguments(
                        "source=redis redis.url=redis://127.0.0.1 redis.keyFile=k",
                        "source: needs cluster.enabled: what Redis lacks is asked of a node with files"),
                arguments(
                        "redis.url=redis://127.0.0.1",
                        "redis.url: needs redis.keyFile: values leave this machine sealed only"),
                arguments("redis.keyFile=k", "redis.keyFile: has no effect without redis.url"),
                arguments("redis.passwordFile=p", "redis.passwordFile: has no effect without redis.url"),
                arguments(
                        "redis.url=rediss://r.example redis.keyFile=k redis.username=u",
                        "redis.username: needs redis.passwordFile"),
                arguments(
                        "redis.url=redis://127.0.0.1 redis.keyFile=k redis.caFile=c",
                        "redis.caFile: has no effect without TLS, rediss://"),
                arguments(
                        "redis.url=redis://127.0.0.1 redis.keyFile=k redis.ttl=10m",
                        "redis.ttl: must be at most cache.tokenTtl, which is 5m"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void load_halfATier_isRefused(String sets, String message) {
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> load(sets.split(" ", -1)));

        assertThat(e.problems()).hasSize(1);
        assertThat(e.problems().get(0).toString()).startsWith(message + " (--set ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://r.example",
                "redis://user:secret@r.example",
                "redis://:secret@r.example",
                "redis://r.example?password=secret",
                "redis://r.example/name",
                "r.example:6379",
                "redis:///0",
                "redis://"
            })
    void load_urlThatIsNone_isRefusedWithoutQuotingIt(String url) {
        ConfigException e =
                catchThrowableOfType(ConfigException.class, () -> load("redis.keyFile=k", "redis.url=" + url));

        assertThat(e).isNotNull();
        assertThat(e.problems().get(0).toString()).startsWith("redis.url").contains("without user and password");
    }

    @Test
    void load_wholeTier_isRead() throws Exception {
        ServerConfig.Redis redis = load(
                        "redis.url=rediss://r.example:6380/2",
                        "redis.keyFile=k",
                        "redis.passwordFile=p",
                        "redis.username=u",
                        "redis.caFile=c",
                        "redis.prefix=other",
                        "redis.ttl=1m",
                        "redis.timeout=50ms",
                        "redis.maxWaiting=10")
                .redis()
                .orElseThrow();

        assertThat(redis.isTls()).isTrue();
        assertThat(redis.ttl()).isEqualTo(Duration.ofMinutes(1));
        assertThat(redis.timeout()).isEqualTo(Duration.ofMillis(50));
        assertThat(redis.prefix()).isEqualTo("other");
        assertThat(load().redis()).isEmpty();
    }

    private String keyFile() throws Exception {
        Path file = directory.resolve("tier.key");
        SigningKeyFile.generate(file);
        return file.toString();
    }

    @Test
    void prepare_inClearToAnotherMachine_isRefusedWithoutLeave() throws Exception {
        String key = keyFile();
        ServerConfig clear = load("redis.url=redis://192.0.2.1", "redis.keyFile=" + key);

        assertThatThrownBy(() -> RedisSetup.prepare(clear))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("redis.insecure: true");
        assertThat(RedisSetup.prepare(
                        load("redis.url=redis://192.0.2.1", "redis.insecure=true", "redis.keyFile=" + key)))
                .isPresent();
        assertThat(RedisSetup.prepare(load("redis.url=rediss://192.0.2.1", "redis.keyFile=" + key)))
                .isPresent();
        assertThat(RedisSetup.prepare(load("redis.url=redis://[::1]:7000", "redis.keyFile=" + key)))
                .isPresent();
    }

    @Test
    void prepare_keysThatAreNone_areRefusedByTheirSetting() throws Exception {
        Path shortKey = Files.writeString(directory.resolve("short"), "c2hvcnQ\n");
        Path longKey = Files.writeString(
                directory.resolve("long"), Files.readString(Path.of(keyFile())).strip() + "Q29w\n");
        Path empty = Files.writeString(directory.resolve("empty"), "\n");

        for (Path bad : List.of(shortKey, longKey, empty, directory.resolve("none"))) {
            ServerConfig config = load("redis.url=redis://127.0.0.1", "redis.keyFile=" + bad);
            assertThatThrownBy(() -> RedisSetup.prepare(config))
                    .isInstanceOf(StartException.class)
                    .hasMessageStartingWith("redis.keyFile: ")
                    .hasMessageNotContaining(directory.toString());
        }
        ServerConfig config = load(
                "redis.url=redis://127.0.0.1",
                "redis.keyFile=" + directory.resolve("tier.key"),
                "redis.passwordFile=" + empty);
        assertThatThrownBy(() -> RedisSetup.prepare(config)).hasMessageStartingWith("redis.passwordFile: ");
    }
}
