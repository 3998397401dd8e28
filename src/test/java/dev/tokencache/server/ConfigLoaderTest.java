package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigLoaderTest {
    @TempDir
    Path directory;

    private Path file;

    private ServerConfig load(String yaml, Map<String, String> environment, String... sets) throws Exception {
        write(yaml.getBytes(StandardCharsets.UTF_8));
        return ConfigLoader.load(file, environment, List.of(sets));
    }

    private void write(byte[] bytes) throws IOException {
        file = directory.resolve("server.yaml");
        Files.write(file, bytes);
    }

    /** The problems as text, with the file's path cut to its name. */
    private List<String> problems(String yaml, Map<String, String> environment, String... sets) {
        ConfigException refusal = catchThrowableOfType(ConfigException.class, () -> load(yaml, environment, sets));
        assertThat(refusal).as("refused: %s", yaml).isNotNull();
        return refusal.problems().stream()
                .map(problem -> problem.toString().replace(directory + "/", ""))
                .toList();
    }

    private List<String> problems(String yaml) {
        return problems(yaml, Map.of());
    }

    @Test
    void load_emptyFile_givesDefaults() throws Exception {
        ServerConfig config = load("", Map.of());

        assertThat(config.root()).isEqualTo(Path.of("accounts"));
        assertThat(config.stateDir()).isEqualTo(Path.of("state"));
        assertThat(config.roles()).containsExactlyInAnyOrder(ServerConfig.Role.values());
        assertThat(config.cache().tokenTtl()).isEqualTo(Duration.ofMinutes(5));
        assertThat(config.cache().maxTokenBytes()).isEqualTo(1 << 20);
        assertThat(config.watch().interval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.watch().maxLoad()).isEqualTo(0.01);
        assertThat(config.http().port()).isEqualTo(3000);
        assertThat(config.http().instances()).isEmpty();
        assertThat(config.http().maxBody()).isEqualTo((1 << 20) + (64 << 10));
        assertThat(config.auth().hasKeys()).isFalse();
        assertThat(config.auth().maxLifetime()).isEqualTo(Duration.ofDays(30));
        assertThat(config.logLevel()).isEqualTo(LogLevel.INFO);
        assertThat(config.tracing()).isEmpty();
    }

    @Test
    void load_tracing_isThereOnlyIfEnabled() throws Exception {
        String rest = "endpoint: https://collector.example/v1/traces, sampleRatio: 0.05, serviceName: tokens-1}";

        assertThat(load("tracing: {enabled: true, " + rest, Map.of()).tracing())
                .contains(
                        new ServerConfig.Tracing(URI.create("https://collector.example/v1/traces"), 0.05, "tokens-1"));
        assertThat(load("tracing: {" + rest, Map.of()).tracing()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1073741824, 268435456", "104857600, 41943040"})
    void load_cacheSizeNotSet_isBoundedByTheHeap(long heap, long expected) throws Exception {
        write(new byte[0]);

        ServerConfig config = ConfigLoader.load(file, Map.of(), List.of(), heap);

        assertThat(config.cache().maxBytes()).isEqualTo(expected);
    }

    @Test
    void load_everyKindOfValue_isRead() throws Exception {
        ServerConfig config = load("""
                root: /srv/tokens
                roles:
                  - http
                  - cache
                cache: { maxBytes: 64MiB, preload: [one, "two"], warm: false, etagKeyFile: keys/etag, listTtl: "500ms" }
                http: { instances: 4, host: "::1" }
                watch:
                  maxLoad: 0.5
                auth:
                  keys:
                    - { id: main, algorithm: HS256, secretFile: state/signing.key }
                    - { id: env, algorithm: HS512, secretEnv: SOME_SECRET }
                    - { id: idp, algorithm: EdDSA, publicKeyFile: conf/idp.pem }
                  jwks:
                    file: conf/jwks.json
                  issuer: "null"
                  audience: ~
                  notBefore: 2026-01-31T12:00:00Z
                log: { level: trace }
                """, Map.of());

        assertThat(config.root()).isEqualTo(Path.of("/srv/tokens"));
        assertThat(config.roles()).isEqualTo(Set.of(ServerConfig.Role.CACHE, ServerConfig.Role.HTTP));
        assertThat(config.cache().maxBytes()).isEqualTo(64L << 20);
        assertThat(config.cache().preload()).containsExactly("one", "two");
        assertThat(config.cache().warm()).isFalse();
        assertThat(config.cache().etagKeyFile()).contains(Path.of("keys/etag"));
        assertThat(config.cache().listTtl()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.http().instances()).isEqualTo(OptionalInt.of(4));
        assertThat(config.http().host()).isEqualTo("::1");
        assertThat(config.watch().maxLoad()).isEqualTo(0.5);
        assertThat(config.auth().keys())
                .containsExactly(
                        new ServerConfig.AuthKey(
                                "main", ServerConfig.AuthKey.Algorithm.HS256, Path.of("state/signing.key"), null, null),
                        new ServerConfig.AuthKey(
                                "env", ServerConfig.AuthKey.Algorithm.HS512, null, "SOME_SECRET", null),
                        new ServerConfig.AuthKey(
                                "idp", ServerConfig.AuthKey.Algorithm.EDDSA, null, null, Path.of("conf/idp.pem")));
        assertThat(config.auth().jwks().file()).contains(Path.of("conf/jwks.json"));
        assertThat(config.auth().issuer()).contains("null");
        assertThat(config.auth().audience()).isEqualTo(Optional.empty());
        assertThat(config.auth().notBefore()).contains(Instant.parse("2026-01-31T12:00:00Z"));
        assertThat(config.logLevel()).isEqualTo(LogLevel.TRACE);
    }

    @Test
    void load_sectionWithoutKeys_isEmpty() throws Exception {
        assertThat(load("http:\n  # port: 1\n", Map.of()).http().port()).isEqualTo(3000);
    }

    @Test
    void load_allThreeSources_laterOneWins() throws Exception {
        String yaml = "http: { port: 1, host: file.test, maxConnections: 5 }";
        Map<String, String> environment = Map.of("TOKEN_CACHE_HTTP_PORT", "2", "TOKEN_CACHE_HTTP_HOST", "env.test");

        ServerConfig config = load(yaml, environment, "http.port=3", "http.port=4");

        assertThat(config.http().port()).isEqualTo(4);
        assertThat(config.http().host()).isEqualTo("env.test");
        assertThat(config.http().maxConnections()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cache,http|cache,http",
                "cache, http|cache,http",
                "[cache, http]|cache,http",
                "[\"cache\"]|cache",
                "cache|cache"
            })
    void load_listFromCommandLine_isCommaListOrYaml(String text, String expected) throws Exception {
        ServerConfig config = load("", Map.of(), "roles=" + text);

        assertThat(config.roles().stream().map(ValueTypes::name)).containsExactlyInAnyOrder(expected.split(","));
    }

    @Test
    void load_emptyListFromEnvironment_isEmpty() throws Exception {
        ServerConfig config = load("cache: { preload: [a] }", Map.of("TOKEN_CACHE_CACHE_PRELOAD", ""));

        assertThat(config.cache().preload()).isEmpty();
    }

    @Test
    void load_plainTextFromCommandLine_isTakenAsItIs() throws Exception {
        ServerConfig config = load("", Map.of(), "root=/srv/a b: c #d", "auth.issuer='quoted'");

        assertThat(config.root()).isEqualTo(Path.of("/srv/a b: c #d"));
        assertThat(config.auth().issuer()).contains("quoted");
    }

    @Test
    void load_keysFromEnvironment_areYaml() throws Exception {
        ServerConfig config = load(
                "",
                Map.of(
                        "TOKEN_CACHE_AUTH_KEYS",
                        "[{id: a, algorithm: HS256, secretEnv: TOKEN_CACHE_SIGNING_SECRET}]",
                        "TOKEN_CACHE_SIGNING_SECRET",
                        "not looked at here"));

        assertThat(config.auth().keys()).hasSize(1);
    }

    @Test
    void load_sectionOnCommandLine_isWalked() throws Exception {
        assertThat(load("", Map.of(), "http={port: 7, maxConnections: 9}")
                        .http()
                        .maxConnections())
                .isEqualTo(9);
    }

    @Test
    void load_missingNamedFile_isRefused() {
        file = directory.resolve("absent.yaml");
        ConfigException refusal =
                catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(file, Map.of(), List.of()));

        assertThat(refusal.problems())
                .extracting(ConfigProblem::toString)
                .containsExactly("no such file (" + file + ")");
    }

    @Test
    void load_variablesOfKubernetesServiceLinks_areIgnored() throws Exception {
        Map<String, String> environment = Map.of(
                "TOKEN_CACHE_PORT", "tcp://10.0.0.1:3000",
                "TOKEN_CACHE_SERVICE_HOST", "10.0.0.1",
                "TOKEN_CACHE_PORT_3000_TCP_ADDR", "10.0.0.1");

        assertThat(load("", environment).http().port()).isEqualTo(3000);
    }

    @Test
    void load_unknownVariable_isRefusedWithTheNearestOne() {
        assertThat(problems("", Map.of("TOKEN_CACHE_HTTP_PROT", "1")))
                .containsExactly("TOKEN_CACHE_HTTP_PROT: unknown environment variable; did you mean"
                        + " TOKEN_CACHE_HTTP_PORT?");
    }

    @Test
    void load_wrongValuesOutsideTheFile_nameTheirSource() {
        assertThat(problems("", Map.of("TOKEN_CACHE_WATCH_MAX_LOAD", "7"), "http.port=x", "nothing=1", "http=3"))
                .containsExactlyInAnyOrder(
                        "watch.maxLoad: must be a number from 0.0001 to 1, but is 7"
                                + " (environment variable TOKEN_CACHE_WATCH_MAX_LOAD)",
                        "http.port: must be an integer from 0 to 65535, but is x (--set http.port)",
                        "nothing: unknown key (--set nothing)",
                        "http: is a section: its keys come below it (--set http)");
    }

    @Test
    void load_severalProblems_areReportedTogether() {
        assertThat(problems("http:\n  port: 70000\n  prot: 1\nwatch:\n  interval: 5\n"))
                .containsExactlyInAnyOrder(
                        "http.prot: unknown key; did you mean http.port? (server.yaml, line 3, column 3)",
                        "http.port: must be an integer from 0 to 65535, but is 70000 (server.yaml, line 2, column 3)",
                        "watch.interval: must be a duration from 10ms to 1h (units ms, s, m, h, d), but is 5"
                                + " (server.yaml, line 5, column 3)");
    }

    @Test
    void load_moreTokenBytesThanCacheBytes_isRefused() {
        assertThat(problems("cache:\n  maxBytes: 1MiB\n  maxTokenBytes: 2MiB\n"))
                .containsExactly("cache.maxTokenBytes: must be at most cache.maxBytes, which is 1MiB"
                        + " (server.yaml, line 3, column 3)");
    }

    @Test
    void load_bytesThatAreNoUtf8_areRefused() throws Exception {
        write(new byte[] {'r', 'o', 'o', 't', ':', ' ', (byte) 0xff});
        ConfigException refusal =
                catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(file, Map.of(), List.of()));

        assertThat(refusal.problems()).extracting(ConfigProblem::text).containsExactly("not UTF-8");
    }
}
