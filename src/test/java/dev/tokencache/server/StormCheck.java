package dev.tokencache.server;

import static dev.tokencache.server.Api.ok;
import static dev.tokencache.server.Api.strings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.TokenKey;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Holds what a storm left on the disk, and what a server makes of it, against the books of the writers. */
final class StormCheck {
    private final Path root;
    private final List<StormWriter> writers;

    StormCheck(Path root, List<StormWriter> writers) {
        this.root = root;
        this.writers = writers;
    }

    /** The temp files of all projects. */
    static List<Path> temps(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root, 2)) {
            return all.filter(file -> isTemp(file.getFileName().toString())).toList();
        }
    }

    private static boolean isTemp(String name) {
        return name.startsWith(".token-cache-");
    }

    /**
     * Every file is whole, every acknowledged write is there, and nothing is that nobody wrote. The writers take what is
     * there for the truth from now on.
     *
     * @return how many writes are there whose replies nobody saw
     */
    int disk() throws IOException {
        Map<String, Map<String, JsonObject>> left = read();
        int shown = 0;
        for (StormWriter writer : writers) {
            for (StormFile file : writer.files()) {
                JsonObject found =
                        left.getOrDefault(file.project(), new TreeMap<>()).remove(file.filename());
                shown += file.settle(found == null ? StormFile.ABSENT : version(writer, file, found)) ? 1 : 0;
            }
        }
        for (Map.Entry<String, Map<String, JsonObject>> project : left.entrySet()) {
            for (Map.Entry<String, JsonObject> file : project.getValue().entrySet()) {
                StormValue value = value(file.getValue());
                assertThat(writers.get(value.writer()).adopts(project.getKey(), file.getKey(), value.sequence()))
                        .as("%s/%s with version %d was asked for", project.getKey(), file.getKey(), value.sequence())
                        .isTrue();
                shown++;
            }
        }
        writers.forEach(StormWriter::settled);
        return shown;
    }

    private static int version(StormWriter writer, StormFile file, JsonObject found) {
        assertThat(found.getString("email")).as(file.filename()).isEqualTo(file.email());
        StormValue value = value(found);
        assertThat(value.writer()).as("writer of " + file.filename()).isEqualTo(writer.number());
        return value.sequence();
    }

    private static StormValue value(JsonObject file) {
        return StormValue.parse(file.getString("token"));
    }

    /** All files of all projects; each is whole. */
    private Map<String, Map<String, JsonObject>> read() throws IOException {
        Map<String, Map<String, JsonObject>> projects = new TreeMap<>();
        for (Path project : list(root)) {
            Map<String, JsonObject> files = new TreeMap<>();
            for (Path file : list(project)) {
                String name = file.getFileName().toString();
                if (TokenKey.isFilename(name)) {
                    files.put(name, whole(file));
                } else {
                    assertThat(isTemp(name) || name.equals(".token-cache.lock"))
                            .as("a file of the server: " + name)
                            .isTrue();
                }
            }
            projects.put(project.getFileName().toString(), files);
        }
        return projects;
    }

    private JsonObject whole(Path file) throws IOException {
        JsonObject json = null;
        try {
            json = new JsonObject(Files.readString(file));
        } catch (DecodeException e) {
            // Its message quotes the file.
        }
        boolean whole = json != null && json.getValue("token") instanceof String text && StormValue.parse(text) != null;
        assertThat(whole)
                .as("%s, %d bytes, is whole", root.relativize(file), Files.size(file))
                .isTrue();
        return json;
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        }
    }

    /** The server lists and serves exactly what is on the disk, and no temp file. After {@link #disk}. */
    void served(Api api) throws Exception {
        for (Map.Entry<String, Map<String, JsonObject>> project : read().entrySet()) {
            List<String> names = strings(ok(api.list(project.getKey())).getJsonArray("tokens"));
            assertThat(names).containsExactlyElementsOf(project.getValue().keySet());
            for (Map.Entry<String, JsonObject> file : project.getValue().entrySet()) {
                JsonObject data = ok(api.get(project.getKey(), file.getKey())).getJsonObject("data");
                assertThat(data.equals(file.getValue()))
                        .as("what is served is on the disk")
                        .isTrue();
            }
        }
        for (StormFile file : absent()) {
            assertThat(api.get(file.project(), file.filename()).statusCode())
                    .as("status of an absent file")
                    .isEqualTo(404);
        }
        for (Path temp : temps(root)) {
            String project = temp.getParent().getFileName().toString();
            assertThat(api.get(project, temp.getFileName().toString()).statusCode())
                    .as("status of a temp file")
                    .isEqualTo(400);
        }
    }

    private List<StormFile> absent() {
        List<StormFile> absent = new ArrayList<>();
        for (StormWriter writer : writers) {
            writer.files().stream().filter(file -> !file.isPresent()).forEach(absent::add);
        }
        return absent;
    }
}
