package dev.tokencache.server;

import static dev.tokencache.server.Api.assertFails;
import static dev.tokencache.server.Api.header;
import static dev.tokencache.server.Api.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import dev.tokencache.Poll;
import dev.tokencache.WholeLines;
import dev.tokencache.auth.Scope;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the audit log of a real server says, and what happens when it can't be written. */
@Timeout(120)
class AuditIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final JsonObject SESSION = new JsonObject()
            .put("project", "demo")
            .put("type", "session")
            .put("data", new JsonObject().put("token", "CANARY-value"));

    @TempDir
    Path directory;

    @BeforeEach
    void files() throws IOException {
        Files.createDirectories(directory.resolve("accounts/demo"));
        Files.writeString(directory.resolve("accounts/demo/a.json"), "{\"token\":\"CANARY-value\"}");
        Files.writeString(directory.resolve("accounts/demo/b@example.com.json"), "{\"token\":\"CANARY-value\"}");
    }

    private Path log() {
        return directory.resolve("state/audit.log");
    }

    private List<JsonObject> lines() throws IOException {
        return WholeLines.of(log()).stream().map(JsonObject::new).toList();
    }

    private List<JsonObject> linesOf(HttpResponse<byte[]> response, int count) throws Exception {
        String id = header(response, "X-Request-Id");
        return Poll.until(
                SOON,
                () -> lines().stream()
                        .filter(line -> id.equals(line.getString("requestId")))
                        .toList(),
                lines -> lines.size() == count);
    }

    private JsonObject lineOf(HttpResponse<byte[]> response) throws Exception {
        return linesOf(response, 1).get(0);
    }

    private static String text(JsonObject line, String... names) {
        return String.join(" ", Stream.of(names).map(line::getString).toList());
    }

    private static HttpResponse<byte[]> delete(Api api, String filename) throws Exception {
        return api.post("tokens/delete", new JsonObject().put("project", "demo").put("filename", filename));
    }

    @Test
    void everything_withAllReads_isOneLineEachAndNoValue() throws Exception {
        try (ServerProcess server = ServerProcess.start(directory, "audit.reads=all")) {
            Api api = server.admin();
            HttpResponse<byte[]> added = api.post("tokens/add", SESSION);
            String filename = ok(added).getString("filename");
            assertThat(text(lineOf(added), "subject", "address", "action", "project", "filename", "result"))
                    .isEqualTo("tester 127.0.0.1 tokens/add demo " + filename + " ok");
            HttpResponse<byte[]> read = api.get("demo", "b@example.com.json");
            for (int i = 0; i < 2; i++) {
                ok(read);
                assertThat(text(lineOf(read), "action", "filename", "result"))
                        .isEqualTo("tokens/get b@example.com.json ok");
                read = api.get("demo", "b@example.com.json");
            }
            HttpResponse<byte[]> page = api.get("tokens/all?project=demo");
            assertThat(linesOf(page, 3))
                    .allMatch(line -> line.getString("result").equals("ok"));
            ok(delete(api, filename));
            HttpResponse<byte[]> absent = delete(api, filename);
            assertThat(text(lineOf(absent), "action", "filename", "result"))
                    .isEqualTo("tokens/delete " + filename + " not_found");
            HttpResponse<byte[]> forbidden = delete(server.api(List.of(Scope.TOKENS_READ), "demo"), "a.json");
            assertThat(text(lineOf(forbidden), "subject", "project", "filename", "result"))
                    .isEqualTo("tester demo a.json forbidden");
            HttpResponse<byte[]> stranger = new Api(server.port(), "CANARY.jwt.x").get("demo", "a.json");
            assertThat(lineOf(stranger).containsKey("subject")).isFalse();
            HttpResponse<byte[]> hostile =
                    new Api(server.port(), "CANARY.jwt.x").get("tokens/get?project=%0d%0a&filename=../x");
            assertThat(lineOf(hostile).fieldNames()).doesNotContain("project", "filename");
            server.terminate();
            assertThat(server.awaitEnd(Duration.ofSeconds(10))).isZero();
            assertThat(Files.readString(log())).doesNotContain("CANARY", "eyJ");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log())))
                .isEqualTo("rw-------");
    }

    @Test
    void reads_inSummary_areOneLineWithTheirNumber() throws Exception {
        try (ServerProcess server = ServerProcess.start(directory)) {
            Api api = server.admin();
            for (int i = 0; i < 7; i++) {
                ok(api.get("demo", "a.json"));
            }
            assertThat(api.get("demo", "none.json").statusCode()).isEqualTo(404);
            ok(api.get("tokens/all?project=demo"));
            for (int i = 0; i < 45; i++) {
                assertThat(new Api(server.port(), null).get("demo", "a.json").statusCode())
                        .isEqualTo(401);
            }
            server.terminate();
            assertThat(server.awaitEnd(Duration.ofSeconds(10))).isZero();
        }

        List<JsonObject> reads = lines().stream()
                .filter(line -> line.getString("result").equals("ok"))
                .toList();
        assertThat(reads.stream()
                        .collect(Collectors.groupingBy(
                                line -> line.getString("filename"),
                                Collectors.summingLong(line -> line.getLong("count", 1L)))))
                .containsOnly(Map.entry("a.json", 8L), Map.entry("b@example.com.json", 1L));
        // The minute may have ended in between, once.
        assertThat(reads).hasSizeLessThan(4);
        List<JsonObject> refusals = lines().stream()
                .filter(line -> line.getString("result").equals("unauthorized"))
                .toList();
        assertThat(refusals).hasSizeLessThan(45);
        assertThat(refusals.stream()
                        .mapToLong(line -> line.getLong("count", 1L))
                        .sum())
                .isEqualTo(45);
    }

    @Test
    void writesRefusedBeforeAnythingIsDone_areCountedAndCantPushTheLogOutOfSight() throws Exception {
        int most = 200;
        try (ServerProcess server = ServerProcess.start(directory)) {
            Api powerless = server.api(List.of(), "demo");
            for (int i = 0; i < most; i++) {
                assertFails(powerless.post("tokens/add", new JsonObject().put("no", 1)), Failure.BAD_REQUEST);
            }
            server.terminate();
            assertThat(server.awaitEnd(Duration.ofSeconds(10))).isZero();
        }

        List<JsonObject> refusals = lines();
        // The minute may have ended in between, once.
        assertThat(refusals).hasSizeLessThan(50);
        assertThat(refusals).allMatch(line -> text(line, "subject", "result").equals("tester bad_request"));
        assertThat(refusals.stream()
                        .mapToLong(line -> line.getLong("count", 1L))
                        .sum())
                .isEqualTo(most);
    }

    @Test
    void log_thatCantBeWritten_stopsWhatRequiresIt() throws Exception {
        for (String reads : List.of("all", "summary")) {
            try (ServerProcess server = ServerProcess.start(directory, "audit.required=true", "audit.reads=" + reads)) {
                Api api = server.admin();
                HttpResponse<byte[]> added = api.post("tokens/add", SESSION);
                ok(added);
                assertThat(linesOf(added, 2).stream().map(line -> line.getString("result")))
                        .containsExactly("begun", "ok");
                ok(api.get("demo", "a.json"));
                Files.delete(log());
                Files.createDirectory(log());

                String before = String.join(
                        " ", directory.resolve("accounts/demo").toFile().list());
                assertFails(api.post("tokens/add", SESSION), Failure.AUDIT_UNWRITABLE);
                assertFails(delete(api, "a.json"), Failure.AUDIT_UNWRITABLE);
                assertFails(api.get("demo", "a.json"), Failure.AUDIT_UNWRITABLE);
                assertThat(String.join(
                                " ", directory.resolve("accounts/demo").toFile().list()))
                        .isEqualTo(before);
                ok(api.list("demo"));
                Files.delete(log());

                Poll.until(SOON, () -> api.get("demo", "a.json"), answer -> answer.statusCode() == 200);
                ok(api.post("tokens/add", SESSION));
                assertThat(lines().get(0).getString("result")).isEqualTo("lost");
                assertThat(server.stderr()).contains("audit_broken", "audit_resumed");
            }
            Files.delete(log());
        }
    }

    @Test
    void log_thatCantBeWrittenAtTheStart_refusesTheStartAndCheckSaysSo() throws Exception {
        Files.createDirectories(log());

        assertThat(ServerProcess.run(directory, "--set", "http.port=0").stderr())
                .contains("token-cache: audit: audit.log in stateDir can't be written");
        assertThat(ServerProcess.run(directory, "check").stdout())
                .containsPattern("error +audit log: can't be written, or is no regular file");
    }

    @Test
    void log_switchedOff_isNotThere() throws Exception {
        try (ServerProcess server = ServerProcess.start(directory, "audit.enabled=false")) {
            HttpResponse<byte[]> added = server.admin().post("tokens/add", SESSION);
            ok(added);
        }
        assertThat(log()).doesNotExist();
        assertThat(ServerProcess.run(directory, "--set", "audit.enabled=false", "--set", "audit.required=true")
                        .stderr())
                .contains("audit.required: must be false while audit.enabled is");
    }
}
