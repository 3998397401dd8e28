package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokencache.Failure;
import dev.tokencache.content.MalformedContentException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the pages name is there: other pages and their sections, keys, figures, failures, events of the log, tests. */
class DocNamesTest {
    private static final Path MAIN = Path.of("src", "main");
    private static final Path TESTS = Path.of("src", "test", "java");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]*)(?:#([^)]*))?\\)");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern KEY =
            Pattern.compile("((?:cache|watch|http|auth|audit|log|metrics|storage)\\.[a-z][\\w.]*)(?:[:=].*)?");
    private static final Pattern FILE = Pattern.compile("audit\\.log(?:\\.\\d)?|.*\\.(?:json|key)");
    private static final Pattern FIGURE = Pattern.compile("\\btokencache_[a-z_]+");
    private static final Pattern EVENT = Pattern.compile("\\b(?:auth|audit|tls)_[a-z_]+");
    private static final Pattern TEST = Pattern.compile("\\b[A-Z]\\w+(?:IT|Test)\\b");

    private static List<DocPage> pages;
    private static String sources;

    @BeforeAll
    static void read() throws IOException {
        pages = DocPage.all();
        sources = content(MAIN);
    }

    private static String content(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(DocNamesTest::text)
                    .collect(Collectors.joining());
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> found(Pattern pattern, Stream<String> lines) {
        return lines.flatMap(line -> pattern.matcher(line).results())
                .map(match -> match.group(match.groupCount() == 0 ? 0 : 1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What stands in the prose as code. */
    private static Set<String> code(DocPage page) {
        return found(CODE, page.prose().stream());
    }

    /** Whether a text of the code begins with the whole name: {@code cache.maxLoad} is not {@code cache.maxLoads}. */
    private static boolean isWritten(String name) {
        return Pattern.compile('"' + Pattern.quote(name) + "(?![\\w.])")
                .matcher(sources)
                .find();
    }

    @Test
    void links_leadToFilesAndSections() {
        for (DocPage page : pages) {
            String prose = String.join("\n", page.prose()).replaceAll("(?<=\\])\\n(?=\\()", "");
            Matcher link = LINK.matcher(prose);
            while (link.find()) {
                if (link.group(1).contains("://")) {
                    continue;
                }
                Path target = page.path().toAbsolutePath().resolveSibling(link.group(1));
                Path there = link.group(1).isEmpty() ? page.path() : target.normalize();
                assertThat(there).as("%s: %s", page, link.group()).exists();
                if (link.group(2) != null) {
                    assertThat(sections(there)).as("%s: %s", page, link.group()).contains(link.group(2));
                }
            }
        }
    }

    /** The names that GitHub gives to headings. */
    private static List<String> sections(Path page) {
        try {
            return DocPage.read(page).prose().stream()
                    .filter(line -> line.matches("#+ .*"))
                    .map(line -> line.replaceFirst("#+ ", "")
                            .toLowerCase(Locale.ROOT)
                            .replaceAll("[^\\w\\- ]", "")
                            .replace(' ', '-'))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Each page is in the list of pages, so that it is found. */
    @Test
    void listOfPages_hasAll() throws IOException {
        String list = String.join("\n", DocPage.of("README.md").prose());
        assertThat(pages)
                .hasSizeGreaterThan(12)
                .allSatisfy(page ->
                        assertThat(list).contains(page.path().getFileName().toString()));
    }

    /** A dotted name is a key or a section of the configuration, a member of the statistics or an event of the log. */
    @Test
    void dottedNames_areKeysStatisticsOrEvents() throws IOException {
        Set<String> known = statistics();
        for (String key : Settings.all().keySet()) {
            for (int dot = key.length(); dot > 0; dot = key.lastIndexOf('.', dot - 1)) {
                known.add(key.substring(0, dot));
            }
        }
        assertThat(known).contains("cache.watch.root", "cache.tokenTtl", "http.tls");
        int seen = 0;
        for (DocPage page : pages) {
            for (String code : code(page)) {
                Matcher key = KEY.matcher(code);
                if (key.matches() && !FILE.matcher(code).matches() && !known.contains(key.group(1))) {
                    assertThat(isWritten(key.group(1))).as("%s: %s", page, code).isTrue();
                }
                seen += key.matches() ? 1 : 0;
            }
        }
        assertThat(seen).isGreaterThan(80);
    }

    /** The members of the statistics as the page about the event bus shows them, which BusPageIT holds against real ones. */
    private static Set<String> statistics() throws IOException {
        Set<String> names = new TreeSet<>();
        for (DocPage.Block block : DocPage.of("bus.md").blocks()) {
            if (block.language().equals("json")) {
                for (JsonNode value : DocReplies.values(block.text())) {
                    addMembers(value.path("cache"), "cache", names);
                }
            }
        }
        return names;
    }

    private static void addMembers(JsonNode object, String name, Set<String> names) {
        object.fieldNames().forEachRemaining(member -> {
            names.add(name + '.' + member);
            addMembers(object.get(member), name + '.' + member, names);
        });
    }

    /** DashboardIT holds the table of figures against a scrape; here the other pages are held against the table. */
    @Test
    void figures_areThoseOfTheTable() throws IOException {
        Set<String> known =
                found(Pattern.compile("^\\| `(tokencache_\\w+)` \\|"), DocPage.of("metrics.md").prose().stream());
        assertThat(known).hasSizeGreaterThan(40);
        for (DocPage page : pages) {
            Set<String> named = code(page).stream()
                    .flatMap(code -> FIGURE.matcher(code).results())
                    .map(match -> match.group().replaceFirst("_(sum|count|bucket)$", ""))
                    .collect(Collectors.toCollection(TreeSet::new));
            named.remove("tokencache_"); // all of them
            assertThat(known).as(page.toString()).containsAll(named);
        }
    }

    @Test
    void failures_inTablesAndHeadings_areThoseOfTheCode() throws IOException {
        DocPage page = DocPage.of("troubleshooting.md");
        List<String> real = Arrays.stream(Failure.values())
                .map(failure -> failure.code() + " " + failure.machineName())
                .toList();
        List<String> headings = page.prose().stream()
                .filter(line -> line.matches("## [45]\\d\\d \\w+"))
                .map(line -> line.substring(3))
                .toList();
        assertThat(headings).hasSizeGreaterThanOrEqualTo(5).isSubsetOf(real);

        assertThat(page.table("| `error` | why | what to do |").stream()
                        .filter(line -> line.startsWith("| `") && !line.startsWith("| `error`"))
                        .map(line -> "503 " + line.substring(3, line.indexOf('`', 3))))
                .containsExactlyInAnyOrderElementsOf(
                        real.stream().filter(name -> name.startsWith("503 ")).toList());
    }

    /** All reasons are explained where they are defined and where they are looked up. */
    @Test
    void reasonsOfInvalidFiles_areAllExplained() throws Exception {
        for (String page : List.of("troubleshooting.md", "token-files.md")) {
            assertThat(code(DocPage.of(page))).as(page).containsAll(reasons());
        }
    }

    private static List<String> reasons() throws ReflectiveOperationException {
        List<String> reasons = new ArrayList<>();
        for (Field field : MalformedContentException.class.getFields()) {
            if (field.getType() == String.class) {
                reasons.add((String) field.get(null));
            }
        }
        assertThat(reasons).hasSizeGreaterThanOrEqualTo(9);
        reasons.add("too_large"); // the reader's, which doesn't look at the content
        return reasons;
    }

    @Test
    void eventsOfTheLog_areWrittenByTheServer() {
        Set<String> events = new TreeSet<>();
        pages.forEach(page -> code(page).stream()
                .filter(code -> !FIGURE.matcher(code).find())
                .forEach(code -> EVENT.matcher(code).results().forEach(event -> events.add(event.group()))));
        List<String> failures =
                Arrays.stream(Failure.values()).map(Failure::machineName).toList();

        events.removeAll(failures);
        assertThat(events).hasSizeGreaterThanOrEqualTo(4).allMatch(DocNamesTest::isWritten);
    }

    /** What is quoted of the messages of a start that is refused; an ellipsis stands for what differs. */
    @Test
    void refusals_areTheWordsOfTheCode() throws IOException {
        List<String> lines = DocPage.of("troubleshooting.md").table("| line | what to do |").stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(0, line.indexOf(" | ", 2)))
                .toList();
        String words = Pattern.compile("\"[^\"\\n]*\"")
                .matcher(sources.replaceAll("\"\\s*\\+\\s*\"", ""))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.joining("\n"));

        assertThat(lines).hasSizeGreaterThanOrEqualTo(5);
        assertThat(found(CODE, lines.stream()).stream()
                        .flatMap(quote -> Arrays.stream(quote.split("\\s*[…;]\\s*")))
                        .map(part -> part.replaceFirst("^[a-zA-Z.]+: ?", "").strip())
                        .filter(part -> !part.isEmpty()))
                .hasSizeGreaterThanOrEqualTo(5)
                .allSatisfy(part -> assertThat(words.contains(part)).as(part).isTrue());
    }

    @Test
    void testsThatAreNamed_exist() throws IOException {
        Set<String> tests;
        try (Stream<Path> files = Files.walk(TESTS)) {
            tests = files.map(file -> file.getFileName().toString().replace(".java", ""))
                    .collect(Collectors.toSet());
        }
        for (DocPage page : pages) {
            assertThat(tests).as(page.toString()).containsAll(found(TEST, page.prose().stream()));
        }
    }
}
