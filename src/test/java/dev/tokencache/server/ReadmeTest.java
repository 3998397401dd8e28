package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The README says what the code says. */
class ReadmeTest {
    private static final String HEAD = "| key | default | meaning |";
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)[^)]*\\)");
    private static final Path EXAMPLES = Path.of("src", "examples", "java");

    @Test
    void configurationTable_isTheTableOfSettings() throws IOException {
        List<String> expected = new ArrayList<>(List.of(HEAD, "|---|---|---|"));
        Settings.all()
                .values()
                .forEach(setting -> expected.add("| `" + setting.path() + "` | `" + setting.defaultText() + "` | "
                        + setting.description() + " |"));

        assertThat(String.join("\n", Readme.read().table(HEAD))).isEqualTo(String.join("\n", expected));
    }

    @Test
    void javaSnippets_areLinesOfTheExamples() throws IOException {
        List<String> snippets = Readme.read().blocks().stream()
                .filter(block -> block.info().equals("java"))
                .map(Readme.Block::text)
                .toList();
        String examples = examples();

        assertThat(snippets)
                .hasSizeGreaterThanOrEqualTo(3)
                .allSatisfy(snippet -> assertThat(examples).contains("\n" + snippet));
    }

    private static String examples() throws IOException {
        try (Stream<Path> files = Files.walk(EXAMPLES)) {
            return files.filter(Files::isRegularFile)
                    .map(ReadmeTest::content)
                    .collect(Collectors.joining("\n", "\n", ""));
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void localLinks_leadToFiles() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(Path.of("README.md")));
        try (DirectoryStream<Path> docs = Files.newDirectoryStream(Path.of("src", "docs"), "*.md")) {
            docs.forEach(pages::add);
        }

        assertThat(pages)
                .hasSizeGreaterThan(4)
                .allSatisfy(page -> assertThat(localLinks(page))
                        .allSatisfy(target -> assertThat(page.toAbsolutePath().resolveSibling(target))
                                .exists()));
    }

    private static List<String> localLinks(Path page) {
        return LINK.matcher(content(page))
                .results()
                .map(link -> link.group(1))
                .filter(target -> !target.contains("://"))
                .toList();
    }
}
