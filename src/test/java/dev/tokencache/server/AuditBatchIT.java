package dev.tokencache.server;

import static dev.tokencache.server.Api.assertFails;
import static dev.tokencache.server.Api.header;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import dev.tokencache.Poll;
import dev.tokencache.WholeLines;
import dev.tokencache.auth.Scope;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the audit log says of tokens as resources, and of requests that are about many of them. */
@Timeout(120)
class AuditBatchIT {
    private static final String LINES = """
            {"filename":"a.json","data":{"token":"CANARY-value"}}
            {"filename":"CANARY/name","data":{}}
            {"filename":"b.json","data":[1]}
            {"filename":"c.json","data":{"token":"CANARY-value"}}
            """;

    @TempDir
    Path directory;

    @BeforeEach
    void files() throws IOException {
        Files.createDirectories(directory.resolve("accounts/demo"));
        Files.writeString(directory.resolve("accounts/demo/a.json"), "{\"token\":\"CANARY-value\"}");
    }

    private Path log() {
        return directory.resolve("state/audit.log");
    }

    private List<String> linesOf(HttpResponse<byte[]> response, int count) throws Exception {
        String id = header(response, "X-Request-Id");
        return Poll.until(
                Duration.ofSeconds(30),
                () -> WholeLines.of(log()).stream()
                        .filter(line -> line.contains("\"" + id + "\""))
                        .map(AuditBatchIT::summary)
                        .toList(),
                lines -> lines.size() == count);
    }

    private static String summary(String line) {
        JsonObject json = new JsonObject(line);
        return json.getString("action") + " " + json.getString("project") + " " + json.getString("filename") + " "
                + json.getString("result");
    }

    private static HttpResponse<byte[]> send(Api api, String method, String type, String body) throws Exception {
        return api.send(api.request("/api/v0/tokens/demo/a.json")
                .method(method, BodyPublishers.ofString(body))
                .header("Content-Type", type));
    }

    private static HttpResponse<byte[]> importing(Api api) throws Exception {
        return api.post("tokens/import?project=demo", "application/x-ndjson", BodyPublishers.ofString(LINES));
    }

    @Test
    void resources_areLoggedByTheirPath() throws Exception {
        try (ServerProcess server = ServerProcess.start(directory, "audit.reads=all")) {
            Api api = server.admin();
            assertThat(linesOf(api.get("/api/v0/tokens/demo/a.json"), 1)).containsExactly("tokens/get demo a.json ok");
            assertThat(linesOf(send(api, "PUT", "application/json", "{\"x\":1}"), 1))
                    .containsExactly("tokens/put demo a.json ok");
            assertThat(linesOf(send(api, "PUT", "application/json", "CANARY"), 1))
                    .containsExactly("tokens/put demo a.json invalid_token_file");
            assertThat(linesOf(send(api, "PATCH", "application/merge-patch+json", "{\"y\":\"CANARY-value\"}"), 1))
                    .containsExactly("tokens/patch demo a.json ok");
            assertThat(linesOf(api.method("DELETE", "/api/v0/tokens/demo/a.json"), 1))
                    .containsExactly("tokens/delete demo a.json ok");
            assertThat(linesOf(api.method("DELETE", "/api/v0/tokens/demo/a.json"), 1))
                    .containsExactly("tokens/delete demo a.json not_found");
            Api reader = server.api(List.of(Scope.TOKENS_READ), "demo");
            assertThat(linesOf(send(reader, "PUT", "application/json", "{}"), 1))
                    .containsExactly("tokens/put demo a.json forbidden");
            Api stranger = new Api(server.port(), "CANARY.jwt.x");
            assertThat(linesOf(send(stranger, "PUT", "application/json", "{}"), 1))
                    .containsExactly("tokens/put demo a.json unauthorized");
            assertThat(Files.readString(log())).doesNotContain("CANARY");
        }
    }

    @Test
    void importAndExport_areLoggedFileByFile() throws Exception {
        try (ServerProcess server = ServerProcess.start(directory, "audit.reads=all")) {
            Api api = server.admin();
            assertThat(linesOf(importing(api), 3))
                    .containsExactlyInAnyOrder(
                            "tokens/import demo a.json ok",
                            "tokens/import demo b.json invalid_token_file",
                            "tokens/import demo c.json ok");
            assertThat(linesOf(api.get("tokens/export?project=demo"), 2))
                    .containsExactlyInAnyOrder("tokens/export demo a.json ok", "tokens/export demo c.json ok");
            Api reader = server.api(List.of(Scope.TOKENS_READ), "demo");
            assertThat(linesOf(importing(reader), 1)).containsExactly("tokens/import demo null forbidden");
            assertThat(Files.readString(log())).doesNotContain("CANARY");
        }
    }

    @Test
    void log_thatCantBeWritten_stopsEachLineAndTheExport() throws Exception {
        try (ServerProcess server = ServerProcess.start(directory, "audit.required=true", "audit.reads=all")) {
            Api api = server.admin();
            assertThat(linesOf(importing(api), 6)).contains("tokens/import demo c.json begun");
            Files.delete(log());
            Files.createDirectory(log());
            Path file = directory.resolve("accounts/demo/a.json");
            Files.writeString(file, "{}");

            assertThat(Api.text(importing(api)).lines())
                    .filteredOn(line -> line.contains("json"))
                    .hasSize(3)
                    .allMatch(line -> line.contains("\"status\":503,\"error\":\"audit_unwritable\""));
            assertThat(file).hasContent("{}");
            assertFails(send(api, "PUT", "application/json", "{\"x\":1}"), Failure.AUDIT_UNWRITABLE);
            assertFails(api.get("/api/v0/tokens/demo/a.json"), Failure.AUDIT_UNWRITABLE);
            assertThat(api.rawGet(Api.BASE + "tokens/export?project=demo")).doesNotContain("a.json");
        }
    }
}
