package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The blocks of the README that are marked {@code sh run} are run as they stand, in order and in one shell, against a server
 * started from the jar in an empty directory; only the port is another. A block marked {@code json reply} is what the one
 * before it prints.
 */
@Timeout(180)
class ReadmeIT {
    /** With {@code -f} it tells by its exit code whether it got what it asked for. */
    private static final Pattern CURL = Pattern.compile("(?m)^\\s*curl (?!-f)");

    private static final Pattern SUCCESS = Pattern.compile("\\{\"success\":true");
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d+Z");

    @TempDir
    Path directory;

    private Path home;
    private ServerProcess server;

    @BeforeEach
    void start() throws Exception {
        home = Files.createDirectories(directory.resolve("home"));
        Files.createSymbolicLink(
                Files.createDirectory(home.resolve("target")).resolve("token-cache-server.jar"), ServerProcess.jar());
        server = ServerProcess.start(home);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void runBlocks_inOrder_allSucceedAndPrintTheRepliesShown() throws Exception {
        List<Readme.Block> blocks = Readme.read().blocks();
        List<Readme.Block> runs =
                blocks.stream().filter(block -> block.info().equals("sh run")).toList();
        assertThat(runs).hasSizeGreaterThanOrEqualTo(6);

        run(runs);

        for (int i = 0; i < runs.size(); i++) {
            String printed = printed(i);
            assertThat(SUCCESS.matcher(printed).results().count())
                    .as("successes of the block at line %s:%n%s", runs.get(i).line(), printed)
                    .isEqualTo(CURL.matcher(runs.get(i).text()).results().count());
        }
        for (int i = 1; i < blocks.size(); i++) {
            if (blocks.get(i).info().equals("json reply")) {
                assertThat(json(printed(runs.indexOf(blocks.get(i - 1)))))
                        .as("the reply at line %s", blocks.get(i).line())
                        .isEqualTo(json(blocks.get(i).text()));
            }
        }
    }

    private static JsonObject json(String text) {
        return new JsonObject(TIME.matcher(text).replaceAll("a time"));
    }

    private String printed(int run) throws IOException {
        return Files.readString(directory.resolve("out" + run));
    }

    /** One shell for all: what a block sets, a later one uses. It ends with the first command that fails. */
    private void run(List<Readme.Block> runs) throws Exception {
        List<String> script = new ArrayList<>(List.of("set -eu"));
        for (int i = 0; i < runs.size(); i++) {
            script.add("exec > '" + directory.resolve("out" + i) + "'");
            script.add(runs.get(i).text().replace("127.0.0.1:3000", "127.0.0.1:" + server.port()));
        }
        Path file = Files.write(directory.resolve("script"), script);
        Path errors = directory.resolve("errors");
        ProcessBuilder builder = new ProcessBuilder("bash", file.toString())
                .directory(home.toFile())
                .redirectError(errors.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith(Setting.PREFIX));
        String bin = Path.of(System.getProperty("java.home"), "bin").toString();
        builder.environment().merge("PATH", bin, (old, ours) -> ours + ":" + old);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("ended").isTrue();
            assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
        } finally {
            process.destroyForcibly();
        }
    }
}
