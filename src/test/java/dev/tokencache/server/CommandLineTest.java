package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandLineTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-31T12:00:00Z"), ZoneOffset.UTC);

    @TempDir
    Path directory;

    private final Map<String, String> environment = new HashMap<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path root;
    private Path state;

    @BeforeEach
    void setUp() {
        root = directory.resolve("root");
        state = directory.resolve("state");
        environment.put("TOKEN_CACHE_ROOT", root.toString());
        environment.put("TOKEN_CACHE_STATE_DIR", state.toString());
    }

    private int run(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine line = RootCommand.commandLine(environment, CLOCK);
        return line.setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    @Test
    void help_ofEveryCommand_goesToStandardOutput() {
        for (String command : List.of("", "serve", "issue", "check", "keygen")) {
            List<String> args = new ArrayList<>(command.isEmpty() ? List.of() : List.of(command));
            args.add("--help");
            assertThat(run(args.toArray(new String[0]))).isZero();
            assertThat(out.toString()).contains("Usage: token-cache", "--conf", "--set", "--version");
            args.set(args.size() - 1, "--version");
            assertThat(run(args.toArray(new String[0]))).isZero();
            assertThat(out.toString()).matches("token-cache [0-9]+\\.[0-9]+\\.[0-9]+.*\n");
            assertThat(err.toString()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--nope",
                "serve --nope",
                "bake",
                "serve extra",
                "--set http.port",
                "check --set =1",
                "--conf",
                "issue",
                "issue --scope tokens:cook",
                "issue --scope tokens:read --project ../x",
                "issue --scope tokens:read --ttl 5",
                "issue --scope tokens:read --ttl 0s",
                "issue --scope tokens:read --ttl 31d",
                "keygen a b"
            })
    void usage_wrong_isTwoLinesAndCode2(String args) {
        assertThat(run(args.split(" "))).isEqualTo(2);

        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines()).hasSize(2).last().asString().matches("Try 'token-cache.* --help'\\.");
        assertThat(err.toString()).doesNotContain("Exception", "\tat ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "issue --scope tokens:read", "keygen", "check"})
    void configuration_wrong_isALineAProblemAndCode1(String command) {
        int code = run((command + " --set http.port=x --set watch.maxLoad=9").split(" "));

        assertThat(code).isEqualTo(1);
        assertThat((out.toString() + err).lines())
                .hasSize(2)
                .anyMatch(line ->
                        line.endsWith("http.port: must be an integer from 0 to 65535, but is x (--set http.port)"))
                .anyMatch(line -> line.contains("watch.maxLoad: must be a number"));
        assertThat(root).doesNotExist();
    }

    @Test
    void options_beforeAndAfterTheCommand_bothCount() throws IOException {
        Path file = Files.writeString(directory.resolve("c.yaml"), "http: {port: y}\n");

        assertThat(run("--conf", file.toString(), "--set", "watch.hints=1", "check", "--set", "cache.warm=2"))
                .isEqualTo(1);

        assertThat(out.toString()).contains("http.port", "watch.hints", "cache.warm");
    }

    @Test
    void keygen_twice_keepsTheFirstKey() throws IOException {
        assertThat(run("keygen")).isZero();
        Path key = state.resolve("signing.key");
        String first = Files.readString(key);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state)))
                .isEqualTo("rwx------");
        assertThat(out.toString() + err).doesNotContain(first.strip());

        assertThat(run("keygen")).isEqualTo(1);

        assertThat(err.toString()).isEqualTo("token-cache: keygen: the file exists already; it stays as it is\n");
        assertThat(key).hasContent(first.strip());
    }

    @Test
    void keygen_withAFile_needsNoStateDir() {
        assertThat(run("keygen", directory.resolve("other.key").toString())).isZero();

        assertThat(directory.resolve("other.key")).exists();
        assertThat(state).doesNotExist();
    }

    @Test
    void issue_withoutAnyKey_saysWhereKeysComeFrom() {
        assertThat(run("issue", "--scope", "tokens:read")).isEqualTo(1);

        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).isEqualTo("token-cache: no signing key yet: start the server once, or run keygen\n");
    }

    @Test
    void issue_withTheGeneratedKey_printsTheTokenAlone() {
        run("keygen");

        int code = run(
                "issue",
                "--scope",
                "tokens:read tokens:list",
                "--project",
                "a",
                "--project",
                "b",
                "--ttl",
                "2h",
                "--subject",
                "job",
                "--set",
                "auth.issuer=us");

        assertThat(code).isZero();
        assertThat(err.toString()).isEmpty();
        assertThat(out.toString()).matches("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\n");
        JsonObject claims = claims(out.toString());
        assertThat(claims.getString("scope").split(" ")).containsExactlyInAnyOrder("tokens:read", "tokens:list");
        assertThat(claims.getJsonArray("projects")).isEqualTo(new JsonArray(List.of("a", "b")));
        assertThat(claims.getString("sub")).isEqualTo("job");
        assertThat(claims.getString("iss")).isEqualTo("us");
        assertThat(claims.getLong("exp") - CLOCK.instant().getEpochSecond()).isEqualTo(7200);
    }

    @Test
    void issue_withASecretFromTheEnvironment_usesItsId() {
        environment.put("FAKE_SIGNING_SECRET", "fakefakefakefakefakefakefakefakefakefake0123456789a");
        environment.put("TOKEN_CACHE_AUTH_KEYS", "[{id: k1, algorithm: HS512, secretEnv: FAKE_SIGNING_SECRET}]");

        assertThat(run("issue", "--scope", "stats:read")).isZero();

        JsonObject header = part(out.toString(), 0);
        assertThat(header.getString("kid")).isEqualTo("k1");
        assertThat(header.getString("alg")).isEqualTo("HS512");
    }

    @Test
    void check_ofAFreshInstallation_isFineAndChangesNothing() throws IOException {
        assertThat(run("check")).isZero();

        assertThat(out.toString()).contains("ok       configuration: valid", "warning  root: absent");
        try (var entries = Files.list(directory)) {
            assertThat(entries).isEmpty();
        }
    }

    @Test
    void check_ofARootWithInvalidFiles_namesThemWithoutContent() throws IOException {
        Path project = Files.createDirectories(root.resolve("alpha"));
        Files.writeString(project.resolve("good.json"), "{\"token\":\"fake\"}");
        Files.writeString(project.resolve("bad.json"), "{\n\"CANARY\": CANARY}");
        Files.write(project.resolve("large.json"), new byte[2048]);
        Files.writeString(project.resolve("ignored.txt"), "CANARY");
        Files.writeString(directory.resolve("outside.json"), "CANARY");
        Files.createSymbolicLink(project.resolve("link.json"), directory.resolve("outside.json"));

        assertThat(run("check", "--json", "--set", "cache.maxTokenBytes=1KiB")).isEqualTo(1);

        JsonObject report = new JsonObject(out.toString());
        assertThat(report.getBoolean("ok")).isFalse();
        assertThat(report.getJsonArray("invalid").size()).isEqualTo(2);
        assertThat(report.getJsonArray("invalid").getJsonObject(0).getString("filename"))
                .isEqualTo("bad.json");
        assertThat(report.getJsonArray("invalid").getJsonObject(0).getInteger("line"))
                .isEqualTo(2);
        assertThat(report.getJsonArray("invalid").getJsonObject(1).getString("reason"))
                .isEqualTo("too_large");
        assertThat(out.toString()).doesNotContain("CANARY");
        run("check", "--set", "cache.maxTokenBytes=1KiB");
        assertThat(out.toString())
                .contains("error    tokens: 3 files, 2 invalid, 0 unreadable", "alpha/large.json: too_large")
                .doesNotContain("CANARY");
    }

    @Test
    void check_ofFilesOthersCanWrite_warns() throws IOException {
        Path project = Files.createDirectories(root.resolve("alpha"));
        Path file = Files.writeString(project.resolve("good.json"), "{}");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));

        assertThat(run("check")).isZero();

        assertThat(out.toString()).contains("warning  permissions: group or others can write 1 files or directories");
    }

    @Test
    void check_ofAnUnusableKey_fails() throws IOException {
        Path key = Files.write(directory.resolve("short.key"), "c2hvcnQ".getBytes(StandardCharsets.US_ASCII));

        assertThat(run("check", "--set", "auth.keys=[{id: main, algorithm: HS256, secretFile: " + key + "}]"))
                .isEqualTo(1);

        assertThat(out.toString()).contains("error    keys: ").doesNotContain("c2hvcnQ");
    }

    @Test
    void check_ofStateDirInsideRoot_fails() {
        assertThat(run("check", "--set", "stateDir=" + root.resolve("state"))).isEqualTo(1);

        assertThat(out.toString()).contains("error    directories: stateDir: must not lie inside root");
    }

    @Test
    void serve_stateDirInUse_isOneLine() throws Exception {
        ServerConfig config = ConfigLoader.load(null, environment, List.of());
        try (StateDir held = StateDir.open(config)) {
            assertThat(held.path()).exists();
            assertThat(run("serve", "--set", "http.port=0")).isEqualTo(1);
        }

        assertThat(err.toString()).isEqualTo("token-cache: stateDir: in use by another server\n");
        assertThat(out.toString()).isEmpty();
    }

    private static JsonObject claims(String token) {
        return part(token, 1);
    }

    private static JsonObject part(String token, int index) {
        byte[] json = Base64.getUrlDecoder().decode(token.strip().split("\\.", -1)[index]);
        return new JsonObject(new String(json, StandardCharsets.UTF_8));
    }
}
