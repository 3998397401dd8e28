package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The commands of each page are run against a server of its own, started from the jar in an empty directory; only the port is
 * another. A block marked {@code reply} or {@code shape} is what the one before it prints.
 */
@Timeout(240)
class DocPagesIT {
    @TempDir
    Path directory;

    static Stream<DocPage> pages() throws Exception {
        List<DocPage> pages = DocPage.all().stream()
                .filter(page -> page.blocks().stream().anyMatch(DocPage.Block::runs))
                .toList();
        assertThat(pages).hasSizeGreaterThanOrEqualTo(4);
        return pages.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pages")
    void commands_inOrder_succeedAndPrintTheRepliesShown(DocPage page) throws Exception {
        Path home = Files.createDirectories(directory.resolve("home"));
        Files.createSymbolicLink(
                Files.createDirectory(home.resolve("target")).resolve("token-cache-server.jar"), ServerProcess.jar());
        List<DocPage.Block> runs =
                page.blocks().stream().filter(DocPage.Block::runs).toList();
        DocShell shell = new DocShell(directory.resolve("shell"), home, runs);

        if (page.server().equals("none")) {
            shell.run(null);
        } else {
            try (ServerProcess server = ServerProcess.start(home, sets(page.server()))) {
                shell.run(server.port());
            }
        }

        for (DocPage.Block block : runs) {
            assertThat(shell.statuses(block)).as(block.toString()).hasSameSizeAs(DocShell.statusesSaid(block));
            assertThat(String.join(" ", shell.statuses(block)))
                    .as(block.toString())
                    .matches(String.join(" ", DocShell.statusesSaid(block)));
        }
        List<DocPage.Block> blocks = page.blocks();
        for (int i = 1; i < blocks.size(); i++) {
            if (blocks.get(i).is("reply") || blocks.get(i).is("shape")) {
                DocReplies.compare(blocks.get(i), shell.printed(blocks.get(i - 1)));
            }
        }
    }

    private static String[] sets(String arguments) {
        return Stream.of(arguments.split("\\s*--set\\s+", -1))
                .filter(set -> !set.isBlank())
                .map(String::strip)
                .toArray(String[]::new);
    }
}
