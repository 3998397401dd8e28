package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Each block of each page is run or checked by a test, or says why not; and what can be looked at without running is right. */
class DocPagesTest {
    private static final String SETTINGS = "| key | default | meaning |";
    private static final Path TESTS = Path.of("src", "test", "java");
    private static final Path EXAMPLES = Path.of("src", "examples", "java");

    /** What is run, compiled, loaded or held against the build when nothing is said; the last three by {@link DocFormatsTest}. */
    private static final Set<String> LOOKED_AFTER = Set.of("sh", "yaml", "java", "ini", "nginx", "xml");

    private static List<DocPage.Block> blocks;

    @TempDir
    Path directory;

    @BeforeAll
    static void read() throws IOException {
        blocks = DocPage.all().stream().flatMap(page -> page.blocks().stream()).toList();
    }

    private static Stream<DocPage.Block> blocksIn(String language) {
        return blocks.stream().filter(block -> block.language().equals(language));
    }

    @Test
    void everyBlock_isLookedAfterByATestOrSaysWhyNot() {
        assertThat(blocks).hasSizeGreaterThan(50).allSatisfy(block -> {
            if (block.checkedBy().isPresent()) {
                assertThat(testClass(block))
                        .as(block.toString())
                        .contains(block.page().getFileName().toString());
            } else if (block.notRun().isEmpty()) {
                assertThat(block.marker()).as(block.toString()).isEmpty();
                assertThat(block.is("reply") || block.is("shape") || LOOKED_AFTER.contains(block.info()))
                        .as(
                                "%s: mark it reply, shape or <!-- checked by SomeIT -->, or say why not in DocNotRun",
                                block)
                        .isTrue();
            }
        });
    }

    /** Neither a row whose block is gone, nor one that excuses more than it says. */
    @Test
    void notRun_eachRow_isOfOneBlockThatNothingElseLooksAfter() {
        assertThat(DocNotRun.TABLE)
                .allSatisfy(row -> assertThat(blocks.stream().filter(row::isOf))
                        .as(row.toString())
                        .singleElement()
                        .satisfies(block -> assertThat(block.marker()).isEmpty()));
    }

    private static String testClass(DocPage.Block block) {
        String file = block.checkedBy().orElseThrow() + ".java";
        try (Stream<Path> files = Files.walk(TESTS)) {
            return content(files.filter(path -> path.endsWith(file))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(block + ": there is no " + file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A reply that follows no commands would be compared with nothing. */
    @Test
    void replies_followCommandsThatRun() throws IOException {
        for (DocPage page : DocPage.all()) {
            DocPage.Block last = null;
            for (DocPage.Block block : page.blocks()) {
                if (block.is("reply") || block.is("shape")) {
                    assertThat(block.marker()).as(block.toString()).isEmpty();
                    assertThat(last).as(block.toString()).isNotNull();
                    assertThat(last.runs()).as(block.toString()).isTrue();
                }
                last = block;
            }
        }
    }

    /** Four spaces make a block too, which nobody would look after. */
    @Test
    void indentedBlocks_areNone() throws IOException {
        assertThat(DocPage.all())
                .allSatisfy(page -> assertThat(page.prose())
                        .as(page.toString())
                        .noneMatch(line -> line.startsWith("    ") || line.startsWith("\t")));
    }

    @Test
    void commands_areUnderstoodByTheShell() throws Exception {
        for (DocPage.Block block : blocksIn("sh").toList()) {
            Path script = Files.writeString(directory.resolve("script"), block.text());
            assertThat(PackagedServer.run(List.of("bash", "-n", script.toString())))
                    .as(block.toString())
                    .isEqualTo(new PackagedServer.Ended(0, ""));
        }
    }

    @Test
    void json_isJson() {
        assertThat(blocksIn("json"))
                .isNotEmpty()
                .allSatisfy(block -> assertThat(DocReplies.values(block.text()))
                        .as(block.toString())
                        .isNotEmpty());
    }

    @Test
    void yaml_isTheServersConfigurationUnlessAnotherProgramsIs() throws Exception {
        for (DocPage.Block block : blocksIn("yaml").toList()) {
            if (block.marker().isEmpty() && block.notRun().isEmpty()) {
                Path file = Files.writeString(directory.resolve("of-a-page.yaml"), block.text());
                assertThatCode(() -> ConfigLoader.load(file, Map.of(), List.of()))
                        .as(block.toString())
                        .doesNotThrowAnyException();
            } else {
                Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
                assertThat(yaml.<Object>load(block.text())).as(block.toString()).isNotNull();
            }
        }
    }

    /** Of the examples, which a test runs; or of the test that the block names. */
    @Test
    void java_isAnExcerpt() throws IOException {
        String examples = examples();

        assertThat(blocksIn("java"))
                .hasSizeGreaterThanOrEqualTo(3)
                .allSatisfy(block -> assertThat(unindented(block.checkedBy().isPresent() ? testClass(block) : examples))
                        .as(block.toString())
                        .contains(unindented(block.text())));
    }

    private static String unindented(String code) {
        return code.lines().map(String::strip).collect(Collectors.joining("\n", "\n", "\n"));
    }

    private static String examples() throws IOException {
        try (Stream<Path> files = Files.walk(EXAMPLES)) {
            return files.filter(Files::isRegularFile).map(DocPagesTest::content).collect(Collectors.joining("\n"));
        }
    }

    @Test
    void configurationTable_isTheTableOfSettings() throws IOException {
        List<String> expected = new ArrayList<>(List.of(SETTINGS, "|---|---|---|"));
        Settings.all()
                .values()
                .forEach(setting -> expected.add("| `" + setting.path() + "` | `" + setting.defaultText() + "` | "
                        + setting.description() + " |"));

        assertThat(String.join("\n", DocPage.of("configuration.md").table(SETTINGS)))
                .isEqualTo(String.join("\n", expected));
    }
}
