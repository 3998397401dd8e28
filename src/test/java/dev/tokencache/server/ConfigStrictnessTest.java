package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One wrong file a row, with the whole message. */
class ConfigStrictnessTest {
    private static final String DURATION = " (units ms, s, m, h, d)";
    private static final String KEY = "{id, algorithm, secretFile or secretEnv or publicKeyFile}";

    private static final String COLLECTOR = "tracing.endpoint: must be an http or https URL with a host and a path,"
            + " without user, query and fragment";

    @TempDir
    Path directory;

    static Stream<Arguments> wrongFiles() {
        return Stream.of(
                arguments("rooot: a", "rooot: unknown key; did you mean root? (F, line 1, column 1)"),
                arguments("port: 1", "port: unknown key; did you mean http.port? (F, line 1, column 1)"),
                arguments("Root: a", "Root: unknown key; did you mean root? (F, line 1, column 1)"),
                arguments("zebra: {a: 1}", "zebra: unknown key (F, line 1, column 1)"),
                arguments(
                        "watch:\n  intervall: 1s",
                        "watch.intervall: unknown key; did you mean watch.interval? (F, line 2, column 3)"),
                arguments(
                        "http.port: 1",
                        "http.port: unknown key; in a file sections are nested, not joined with dots"
                                + " (F, line 1, column 1)"),
                arguments("root: a\nroot: b", "root: duplicate key (F, line 2, column 1)"),
                arguments("http:\n  port: 1\n  port: 1", "http.port: duplicate key (F, line 3, column 3)"),
                arguments("http: 5", "http: is a section: its keys come below it (F, line 1, column 1)"),
                arguments("http: [1]", "http: is a section: its keys come below it (F, line 1, column 1)"),
                arguments("- a", "must be a section with keys (F, line 1, column 1)"),
                arguments("? [a]\n: b", "a key must be a plain word (F, line 1, column 3)"),
                arguments("http:\n\tport: 1", "a tab: indentation is made of spaces (F, line 2, column 1)"),
                arguments("root: 'a", "YAML syntax error (F, line 1, column 9)"),
                arguments("root: [a", "YAML syntax error (F, line 1, column 9)"),
                arguments("root: a: b", "YAML syntax error (F, line 1, column 8)"),
                arguments(
                        "root: a\n---\nroot: b",
                        "not one plain document: a second document, an alias or a foreign tag (F, line 2, column 1)"),
                arguments(
                        "root: *a",
                        "not one plain document: a second document, an alias or a foreign tag (F, line 1, column 7)"),
                arguments(
                        "root: !!python/x a",
                        "not one plain document: a second document, an alias or a foreign tag (F, line 1, column 7)"),
                arguments("root: !x a", "root: has a YAML tag, which is not allowed (F, line 1, column 1)"),
                arguments("root: a\nstateDir: \u0007", "a character that YAML does not allow (F, line 2, column 11)"),
                arguments("root:", "root: must be the path of a directory, but is empty (F, line 1, column 1)"),
                arguments(
                        "root: [a]",
                        "root: must be the path of a directory, but is a list or a section (F, line 1, column 1)"),
                arguments(
                        "source: redis",
                        "source: needs redis.url, which says where the tokens are (F, line 1, column 1)"),
                arguments(
                        "roles: []",
                        "roles: must be a list of at least one of cache, watch, http, none twice (F, line 1, column 1)"),
                arguments(
                        "roles: [cache, cache]",
                        "roles: must be a list of at least one of cache, watch, http, none twice (F, line 1, column 1)"),
                arguments(
                        "roles: [cache,\n  cook]",
                        "roles[1]: must be one of cache, watch, http, but is cook (F, line 2, column 3)"),
                arguments(
                        "roles: [watch]",
                        "roles: watch needs cache beside it: a watcher tells the cache of its own process what it sees (F, line 1, column 1)"),
                arguments(
                        "cluster: {enabled: true, insecure: true, tokenFile: t}\nroles: [watch, http]",
                        "roles: watch needs cache beside it: a watcher tells the cache of its own process what it sees (F, line 2, column 1)"),
                arguments(
                        "roles: cache",
                        "roles: must be a list of at least one of cache, watch, http, none twice, but is cache (F, line 1, column 1)"),
                arguments("cache: {warm: yes}", "cache.warm: must be true or false, but is yes (F, line 1, column 9)"),
                arguments(
                        "cache: {warm: 'true'}",
                        "cache.warm: must be true or false, but is true (F, line 1, column 9)"),
                arguments(
                        "cache: {tokenTtl: 9ms}",
                        "cache.tokenTtl: must be a duration from 10ms to 30d" + DURATION
                                + ", but is 9ms (F, line 1, column 9)"),
                arguments(
                        "cache: {tokenTtl: 5 m}",
                        "cache.tokenTtl: must be a duration from 10ms to 30d" + DURATION
                                + ", but is 5 m (F, line 1, column 9)"),
                arguments(
                        "cache: {maxTokenBytes: 1MB}",
                        "cache.maxTokenBytes: must be a size from 1KiB to 64MiB (bytes, KiB, MiB, GiB), but is 1MB (F, line 1, column 9)"),
                arguments(
                        "cache: {maxTokenBytes: 65MiB}",
                        "cache.maxTokenBytes: must be a size from 1KiB to 64MiB (bytes, KiB, MiB, GiB), but is 65MiB (F, line 1, column 9)"),
                arguments(
                        "cache: {maxBytes: 99999999999999GiB}",
                        "cache.maxBytes: must be a size from 64KiB to 1024GiB (bytes, KiB, MiB, GiB), but is 99999999999999GiB (F, line 1, column 9)"),
                arguments(
                        "cache: {preload: ['*', a]}",
                        "cache.preload: must be a list of project names, or [\"*\"] (F, line 1, column 9)"),
                arguments(
                        "cache: {preload: [../a]}",
                        "cache.preload[0]: must be the name of a project or \"*\", but is ../a (F, line 1, column 19)"),
                arguments(
                        "watch: {maxLoad: 1e-2}",
                        "watch.maxLoad: must be a number from 0.0001 to 1, but is 1e-2 (F, line 1, column 9)"),
                arguments(
                        "http: {port: 0x10}",
                        "http.port: must be an integer from 0 to 65535, but is 0x10 (F, line 1, column 8)"),
                arguments(
                        "http: {port: 080}",
                        "http.port: must be an integer from 0 to 65535, but is 080 (F, line 1, column 8)"),
                arguments(
                        "http: {port: '80'}",
                        "http.port: must be an integer from 0 to 65535, but is 80 (F, line 1, column 8)"),
                arguments(
                        "http: {port: -1}",
                        "http.port: must be an integer from 0 to 65535, but is -1 (F, line 1, column 8)"),
                arguments(
                        "http: {instances: Auto}",
                        "http.instances: must be auto or an integer from 1 to 256, but is Auto (F, line 1, column 8)"),
                arguments(
                        "http: {host: 'a b'}",
                        "http.host: must be a host name or address, but is a b (F, line 1, column 8)"),
                arguments(
                        "log: {level: verbose}",
                        "log.level: must be one of off, error, warn, info, debug, trace, but is verbose (F, line 1, column 7)"),
                arguments(
                        "tracing: {endpoint: 'ftp://h/v1/traces'}",
                        COLLECTOR + ", but is ftp://h/v1/traces (F, line 1, column 11)"),
                arguments(
                        "tracing: {endpoint: 'http://h:4318'}",
                        COLLECTOR + ", but is http://h:4318 (F, line 1, column 11)"),
                arguments(
                        "tracing: {endpoint: 'http://h:4318/'}",
                        COLLECTOR + ", but is http://h:4318/ (F, line 1, column 11)"),
                arguments(
                        "tracing: {endpoint: 'http://me:pw@h/v1/traces'}",
                        COLLECTOR + ", but is http://me:pw@h/v1/traces (F, line 1, column 11)"),
                arguments(
                        "tracing: {endpoint: 'http://h/v1/traces?a=b'}",
                        COLLECTOR + ", but is http://h/v1/traces?a=b (F, line 1, column 11)"),
                arguments(
                        "tracing: {endpoint: 'http://h/v1/traces#a'}",
                        COLLECTOR + ", but is http://h/v1/traces#a (F, line 1, column 11)"),
                arguments(
                        "tracing: {endpoint: 'http://h:99999/v1/traces'}",
                        COLLECTOR + ", but is http://h:99999/v1/traces (F, line 1, column 11)"),
                arguments(
                        "tracing: {endpoint: 'http:v1/traces'}",
                        COLLECTOR + ", but is http:v1/traces (F, line 1, column 11)"),
                arguments(
                        "tracing: {endpoint: 'h:4318/v1/traces'}",
                        COLLECTOR + ", but is h:4318/v1/traces (F, line 1, column 11)"),
                arguments(
                        "tracing: {sampleRatio: 1.01}",
                        "tracing.sampleRatio: must be a number from 0 to 1, but is 1.01 (F, line 1, column 11)"),
                arguments(
                        "tracing: {serviceName: a b}",
                        "tracing.serviceName: must be a name of 1 to 64 letters, digits and . _ -, but is a b (F, line 1, column 11)"),
                arguments(
                        "tracing: {enabled: 1}",
                        "tracing.enabled: must be true or false, but is 1 (F, line 1, column 11)"),
                arguments(
                        "auth: {leeway: 1}",
                        "auth.leeway: must be a duration from 0s to 10m" + DURATION + " (F, line 1, column 8)"),
                arguments(
                        "auth: {notBefore: tomorrow}",
                        "auth.notBefore: must be a time such as 2026-01-31T12:00:00Z (F, line 1, column 8)"),
                arguments(
                        "auth: {keys: abc}",
                        "auth.keys: must be a list of keys, each " + KEY + " (F, line 1, column 8)"),
                arguments("auth: {keys: [abc]}", "auth.keys[0]: must be " + KEY + " (F, line 1, column 15)"),
                arguments("auth: {keys: [{id: a}]}", "auth.keys[0]: lacks algorithm (F, line 1, column 15)"),
                arguments("auth: {keys: [{algorithm: HS256}]}", "auth.keys[0]: lacks id (F, line 1, column 15)"),
                arguments(
                        "auth: {keys: [{id: a, algorithm: none}]}",
                        "auth.keys[0].algorithm: must be one of HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, EdDSA (F, line 1, column 23)"),
                arguments(
                        "auth: {keys: [{id: a, algorithm: HS256}]}",
                        "auth.keys[0]: needs either secretFile or secretEnv for its algorithm (F, line 1, column 15)"),
                arguments(
                        "auth: {keys: [{id: a, algorithm: HS256, secretFile: a, secretEnv: B}]}",
                        "auth.keys[0]: needs either secretFile or secretEnv for its algorithm (F, line 1, column 15)"),
                arguments(
                        "auth: {keys: [{id: a, algorithm: RS256, secretFile: a}]}",
                        "auth.keys[0]: needs publicKeyFile for its algorithm (F, line 1, column 15)"),
                arguments(
                        "auth: {keys: [{id: a, algorithm: HS256, secretEnv: A, publicKeyFile: p}]}",
                        "auth.keys[0]: has a publicKeyFile, which its algorithm does not use (F, line 1, column 15)"),
                arguments("auth: {keys: [{id: a, id: b}]}", "auth.keys[0].id: duplicate key (F, line 1, column 23)"),
                arguments(
                        "auth: {keys: [{id: a, algoritm: HS256}]}",
                        "auth.keys[0].algoritm: unknown key; did you mean algorithm? (F, line 1, column 23)"),
                arguments(
                        "auth: {keys: [{id: a, secret: hunter2}]}",
                        "auth.keys[0].secret: unknown key; a secret comes from secretFile or secretEnv (F, line 1, column 23)"),
                arguments(
                        "auth:\n  keys:\n    - {id: a, algorithm: HS256, secretEnv: A}\n    - {id: a, algorithm: HS256, secretEnv: B}",
                        "auth.keys[1]: has the id of another key (F, line 4, column 7)"));
    }

    @ParameterizedTest
    @MethodSource("wrongFiles")
    void load_wrongFile_saysWhatIsWrongAndWhere(String yaml, String message) throws Exception {
        assertThat(problems(yaml)).containsExactly(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "auth: { keys: [{id: CANARY/, algorithm: CANARY, secretFile: [CANARY], secretEnv: CANARY-1}] }",
                "auth:\n  issuer: [CANARY]\n  leeway: CANARY\n  jwks: CANARY\n  notBefore: CANARY",
                "auth: CANARY",
                "auth: {keys: [ CANARY: CANARY: CANARY }",
                "auth: {keys: 'CANARY",
                "auth:\n  keys:\n   - CANARY\n\t- CANARY",
                "auth: &CANARY [*CANARY2]",
                "CANARY\nauth: %CANARY"
            })
    void load_wrongFileWithASecret_neverQuotesIt(String yaml) throws Exception {
        assertThat(problems(yaml))
                .isNotEmpty()
                .allSatisfy(text -> assertThat(text).doesNotContain("CANARY"));
    }

    private List<String> problems(String yaml) throws Exception {
        Path file = Files.writeString(directory.resolve("f.yaml"), yaml);
        ConfigException refusal =
                catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(file, Map.of(), List.of()));
        assertThat(refusal).isNotNull();
        return refusal.problems().stream()
                .map(problem -> problem.toString().replace(file.toString(), "F"))
                .toList();
    }
}
