package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.server.PackagedServer.Ended;
import io.vertx.core.json.JsonArray;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the container's recipe runs, run without a container: its paths lead into a directory of the test. */
@Timeout(120)
class ContainerIT {
    private static final Path RECIPE = Path.of("src/packaging/container/Containerfile");
    private static final Pattern ARCHIVE = Pattern.compile("&& (java -XX:ArchiveClassesAtExit=.*?) &&");

    @TempDir
    Path directory;

    private String recipe;

    @BeforeEach
    void unpack() throws Exception {
        recipe = Files.readString(RECIPE)
                .replaceAll("(?m)^#.*\n", "")
                .replaceAll("\\\\\n\\s*", "")
                .replace("/opt/token-cache", directory.resolve("opt").toString())
                .replace("/var/lib/token-cache", directory.resolve("lib").toString());
        Files.createDirectories(directory.resolve("opt"));
        Files.createDirectories(directory.resolve("lib"));
        Files.createDirectories(directory.resolve("start"));
        Files.copy(ServerProcess.jar(), directory.resolve("opt/token-cache-server.jar"));
        Unprivileged.own(directory);
    }

    @Test
    void recipe_asNobody_servesUntilASignal() throws Exception {
        archive();
        Map<String, String> environment = environment();
        environment.put("TOKEN_CACHE_HTTP_INSECURE", "true");
        environment.put("TOKEN_CACHE_HTTP_PORT", "0");
        Path stderr = directory.resolve("stderr");

        try (PackagedServer server = PackagedServer.start(stderr, environment, command())) {
            assertThat(new Api(server.port(), null).get("/health/ready").statusCode())
                    .isEqualTo(200);
            assertThat(Files.readString(Path.of("/proc/" + server.pid() + "/maps")))
                    .as("the archive is in use")
                    .contains("classes.jsa");
            assertThat(server.end("TERM")).isZero();
        }
        assertThat(stderr).content().doesNotContain("shared archive", "ERROR");
        assertThat(directory.resolve("lib/state/admin.jwt")).exists();
    }

    @Test
    void recipe_withoutTls_isRefused() throws Exception {
        Ended ended = PackagedServer.run(command(), environment());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.output()).contains("http.insecure: true");
    }

    @Test
    void recipe_runsAsNobodyInParticular() {
        assertThat(recipe).containsPattern("(?m)^USER [1-9][0-9]{4}:[1-9][0-9]{4}$");
        assertThat(new JsonArray(instruction("VOLUME")))
                .containsExactlyInAnyOrder(
                        environment().get("TOKEN_CACHE_ROOT"), environment().get("TOKEN_CACHE_STATE_DIR"));
    }

    /** As the recipe does while it builds the image. */
    private void archive() throws Exception {
        Matcher matcher = ARCHIVE.matcher(recipe);
        assertThat(matcher.find()).isTrue();
        List<String> command = new ArrayList<>(Unprivileged.prefix());
        String script =
                "cd '" + directory.resolve("start") + "' && " + matcher.group(1).replaceFirst("java", java());
        command.addAll(List.of("sh", "-c", script));
        PackagedServer.succeed(command);
    }

    /** Both are in the form that needs no shell, or they are no JSON. */
    private List<String> command() {
        List<String> command = new ArrayList<>(Unprivileged.prefix());
        for (String name : List.of("ENTRYPOINT", "CMD")) {
            new JsonArray(instruction(name)).forEach(word -> command.add(word.equals("java") ? java() : (String) word));
        }
        return command;
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        for (String assignment : instruction("ENV").split("\\s+", -1)) {
            int equals = assignment.indexOf('=');
            environment.put(assignment.substring(0, equals), assignment.substring(equals + 1));
        }
        return environment;
    }

    private String instruction(String name) {
        return recipe.lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElseThrow();
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
