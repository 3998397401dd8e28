package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs the commands of a page as they stand, in order and in one shell: what a block sets, a later one uses. It ends with the
 * first command that fails. A {@code curl} of its own, ahead of the real one, keeps the head of each reply; its
 * {@code java} is the one of the tests, and quick to start.
 */
final class DocShell {
    private static final String ADDRESS = "127.0.0.1:3000";
    private static final Pattern CALL = Pattern.compile("(?<![\\w/.-])curl(?= )|#\\s*(?:→ )?([1-5]\\d\\d)\\b");
    private static final Pattern STATUS = Pattern.compile("(?m)^HTTP/1\\.[01] (\\d{3})");
    private static final String SUCCESS = "2..";
    private static final long MOST_SECONDS = 120;

    private final Path directory;
    private final Path home;
    private final List<DocPage.Block> blocks;

    /**
     * A shell that hasn't run.
     *
     * @param directory for what the shell itself needs
     * @param home where the commands run
     */
    DocShell(Path directory, Path home, List<DocPage.Block> blocks) {
        this.directory = directory;
        this.home = home;
        this.blocks = blocks;
    }

    /** Runs all blocks, with this port in place of the one the pages name; null leaves it. */
    void run(Integer port) throws Exception {
        Files.createDirectories(directory.resolve("heads"));
        Path bin = Files.createDirectories(directory.resolve("bin"));
        Path curl = Files.writeString(bin.resolve("curl"), """
                #!/bin/bash
                head='%s/'$BLOCK-$(printf %%03d "$(ls '%1$s' | wc -l)")
                : > "$head"
                exec '%s' -D "$head" "$@"
                """.formatted(directory.resolve("heads"), onPath("curl")));
        Path java = Files.writeString(
                bin.resolve("java"), """
                #!/bin/bash
                exec '%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC "$@"
                """.formatted(Path.of(System.getProperty("java.home"), "bin", "java")));
        assertThat(curl.toFile().setExecutable(true)).isTrue();
        assertThat(java.toFile().setExecutable(true)).isTrue();
        List<String> script = new ArrayList<>(List.of("set -eu"));
        for (int i = 0; i < blocks.size(); i++) {
            script.add("export BLOCK=" + i);
            script.add("exec > '" + output(i) + "'");
            String text = blocks.get(i).text();
            script.add(port == null ? text : text.replace(ADDRESS, "127.0.0.1:" + port));
        }
        Path file = Files.write(directory.resolve("script"), script);
        Path errors = directory.resolve("errors");
        ProcessBuilder builder = new ProcessBuilder("bash", file.toString())
                .directory(home.toFile())
                .redirectError(errors.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith(Setting.PREFIX));
        builder.environment().merge("PATH", bin.toString(), (old, ours) -> ours + File.pathSeparator + old);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(MOST_SECONDS, TimeUnit.SECONDS))
                    .as("ended")
                    .isTrue();
            assertThat(process.exitValue())
                    .as(() -> "exit code of the commands; the last block that ran is " + lastStarted() + said(errors))
                    .isZero();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static String said(Path errors) {
        try {
            return System.lineSeparator() + Files.readString(errors);
        } catch (IOException e) {
            return "";
        }
    }

    private String lastStarted() {
        DocPage.Block last = null;
        for (int i = 0; i < blocks.size() && Files.exists(output(i)); i++) {
            last = blocks.get(i);
        }
        return String.valueOf(last);
    }

    private static Path onPath(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(each -> Path.of(each, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no " + program));
    }

    private Path output(int block) {
        return directory.resolve("out" + block);
    }

    /** What a block has printed on standard output. */
    String printed(DocPage.Block block) throws IOException {
        return Files.readString(output(blocks.indexOf(block)));
    }

    /** The status of each {@code curl} of a block, in order; {@code none} where there was no reply. */
    List<String> statuses(DocPage.Block block) throws IOException {
        List<Path> heads;
        try (Stream<Path> all = Files.list(directory.resolve("heads"))) {
            String prefix = blocks.indexOf(block) + "-";
            heads = all.filter(head -> head.getFileName().toString().startsWith(prefix))
                    .sorted()
                    .toList();
        }
        List<String> statuses = new ArrayList<>();
        for (Path head : heads) {
            String last = "none";
            Matcher status = STATUS.matcher(Files.readString(head));
            while (status.find()) {
                last = status.group(1);
            }
            statuses.add(last);
        }
        return statuses;
    }

    /** What the block lets expect of each {@code curl} in it, as patterns: the status in the comment behind it, or success. */
    static List<String> statusesSaid(DocPage.Block block) {
        List<String> said = new ArrayList<>();
        Matcher call = CALL.matcher(block.text());
        while (call.find()) {
            if (call.group(1) == null) {
                said.add(SUCCESS);
            } else if (!said.isEmpty()) {
                said.set(said.size() - 1, call.group(1));
            }
        }
        return said;
    }
}
