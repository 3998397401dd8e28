package dev.tokencache.server;

import static dev.tokencache.server.Api.header;
import static dev.tokencache.server.Api.ok;
import static dev.tokencache.server.Api.strings;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files of the shapes that real tools write are listed, loaded and served as they are. */
@Timeout(60)
class FixturesIT {
    @TempDir
    static Path directory;

    private static Map<String, Map<String, byte[]>> projects;
    private static ServerProcess server;
    private static Api api;

    @BeforeAll
    static void start() throws Exception {
        projects =
                copy(Path.of(FixturesIT.class.getResource("/fixtures/accounts").toURI()));
        // Nothing looks at the disk but the requests: so a hit is a hit.
        server = ServerProcess.start(directory, "roles=[cache, http]");
        api = server.admin();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Map<String, Map<String, byte[]>> copy(Path fixtures) throws IOException {
        Map<String, Map<String, byte[]>> copied = new TreeMap<>();
        try (Stream<Path> all = Files.walk(fixtures)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String project = file.getParent().getFileName().toString();
                String filename = file.getFileName().toString();
                Path target =
                        Files.createDirectories(directory.resolve("accounts").resolve(project));
                Files.copy(file, target.resolve(filename));
                copied.computeIfAbsent(project, name -> new TreeMap<>()).put(filename, Files.readAllBytes(file));
            }
        }
        return copied;
    }

    @Test
    void projects_ofTheFixtures_areAllListedWithAllNames() throws Exception {
        JsonArray listed = ok(api.get("projects/list")).getJsonArray("projects");

        assertThat(listed.stream().map(each -> ((JsonObject) each).getString("name")))
                .containsExactlyElementsOf(projects.keySet());
        for (Map.Entry<String, Map<String, byte[]>> project : projects.entrySet()) {
            JsonObject list = ok(api.list(project.getKey()));
            assertThat(strings(list.getJsonArray("tokens")))
                    .containsExactlyElementsOf(project.getValue().keySet());
            assertThat(list.getInteger("count")).isEqualTo(project.getValue().size());
        }
    }

    @Test
    void get_afterPreload_hitsTheFilesOwnBytes() throws Exception {
        assertThat(projects).hasSizeGreaterThan(5);
        for (Map.Entry<String, Map<String, byte[]>> project : projects.entrySet()) {
            String name = project.getKey();
            JsonObject loaded = ok(api.post("cache/preload", new JsonObject().put("project", name)));
            assertThat(loaded.encode())
                    .isEqualTo(
                            "{\"success\":true,\"loaded\":" + project.getValue().size() + ",\"failed\":[]}");
            for (Map.Entry<String, byte[]> file : project.getValue().entrySet()) {
                HttpResponse<byte[]> response = api.get(name, file.getKey());
                assertThat(response.body()).isEqualTo(envelope(name, file.getKey(), file.getValue()));
                assertThat(header(response, "X-Cache")).isEqualTo("HIT");
            }
        }
    }

    @Test
    void all_ofTheFixtures_holdsTheFilesOwnBytes() throws Exception {
        for (Map.Entry<String, Map<String, byte[]>> project : projects.entrySet()) {
            String page = Api.text(api.get("tokens/all?project=" + project.getKey()));

            assertThat(page).doesNotContain("\"error\":\"invalid_token_file\"");
            project.getValue()
                    .forEach((filename, bytes) -> assertThat(page)
                            .contains("{\"filename\":\"" + filename + "\",\"data\":"
                                    + new String(bytes, StandardCharsets.UTF_8) + "}"));
        }
    }

    private static byte[] envelope(String project, String filename, byte[] bytes) throws IOException {
        ByteArrayOutputStream envelope = new ByteArrayOutputStream();
        envelope.write(("{\"success\":true,\"project\":\"" + project + "\",\"filename\":\"" + filename + "\",\"data\":")
                .getBytes(StandardCharsets.UTF_8));
        envelope.write(bytes);
        envelope.write('}');
        return envelope.toByteArray();
    }
}
