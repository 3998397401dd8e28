package dev.tokencache.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of the documentation, taken apart. A comment on the line above a fence, {@code <!-- checked by SomeIT -->}, names the
 * test that the block is left to; {@code <!-- server: ... -->} anywhere says what server the page's commands talk with. The
 * tests run in the project's directory.
 */
final class DocPage {
    static final Path README = Path.of("README.md");
    static final Path DIRECTORY = Path.of("src", "docs");

    private static final Pattern FENCE = Pattern.compile("\\s*```\\s*(.*?)\\s*");
    private static final Pattern COMMENT = Pattern.compile("\\s*<!-- (.*) -->\\s*");
    private static final String SERVER = "server:";

    private final Path path;
    private final List<String> lines;
    private final List<String> prose = new ArrayList<>();
    private final List<Block> blocks = new ArrayList<>();

    private DocPage(Path path, List<String> lines) {
        this.path = path;
        this.lines = lines;
        takeApart();
    }

    /**
     * A fenced block.
     *
     * @param info what stands behind the opening fence
     * @param line of the opening fence, from 1
     * @param text with the last line's end
     * @param marker the comment above the fence, or an empty text
     */
    record Block(Path page, String info, int line, String text, String marker) {
        private static final String CHECKED_BY = "checked by ";

        String language() {
            return info.split(" ", 2)[0];
        }

        /** What is said of the block behind its language, such as {@code reply}. */
        boolean is(String word) {
            return List.of(info.split(" ", -1)).contains(word);
        }

        /** Why it isn't run, if the table says so. */
        Optional<String> notRun() {
            return DocNotRun.reason(this);
        }

        /** The name of the test class that it is left to, if it says so. */
        Optional<String> checkedBy() {
            return marker.startsWith(CHECKED_BY)
                    ? Optional.of(marker.substring(CHECKED_BY.length()).strip())
                    : Optional.empty();
        }

        /** A block of commands that is run against a server. */
        boolean runs() {
            return language().equals("sh") && marker.isEmpty() && notRun().isEmpty();
        }

        @Override
        public String toString() {
            return page + ":" + line + " " + info;
        }
    }

    /** A page of the directory, by its file's name. */
    static DocPage of(String filename) throws IOException {
        return read(DIRECTORY.resolve(filename));
    }

    static DocPage read(Path page) throws IOException {
        return new DocPage(page, Files.readAllLines(page));
    }

    /** The README and all pages of the directory, in order of their names. */
    static List<DocPage> all() throws IOException {
        List<Path> paths = new ArrayList<>();
        try (DirectoryStream<Path> docs = Files.newDirectoryStream(DIRECTORY, "*.md")) {
            docs.forEach(paths::add);
        }
        paths.sort(null);
        paths.add(0, README);
        return paths.stream().map(DocPage::readUnchecked).toList();
    }

    private static DocPage readUnchecked(Path page) {
        try {
            return read(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void takeApart() {
        StringBuilder text = null;
        String info = "";
        int start = 0;
        for (int i = 0; i < lines.size(); i++) {
            Matcher fence = FENCE.matcher(lines.get(i));
            if (!fence.matches()) {
                if (text == null) {
                    prose.add(lines.get(i));
                } else {
                    text.append(lines.get(i)).append('\n');
                }
            } else if (text == null) {
                text = new StringBuilder();
                info = fence.group(1);
                start = i;
            } else {
                blocks.add(new Block(path, info, start + 1, text.toString(), commentAbove(start)));
                text = null;
            }
        }
        if (text != null) {
            throw new IllegalStateException(path + ":" + (start + 1) + " is not closed");
        }
    }

    private String commentAbove(int line) {
        Matcher comment = COMMENT.matcher(line == 0 ? "" : lines.get(line - 1));
        return comment.matches() ? comment.group(1).strip() : "";
    }

    Path path() {
        return path;
    }

    /** All fenced blocks, in order. */
    List<Block> blocks() {
        return blocks;
    }

    /** All lines that are in no block. */
    List<String> prose() {
        return prose;
    }

    /** What the page says of its server, or an empty text: {@code none}, or arguments of {@code serve}. */
    String server() {
        return prose.stream()
                .map(COMMENT::matcher)
                .filter(Matcher::matches)
                .map(comment -> comment.group(1).strip())
                .filter(comment -> comment.startsWith(SERVER))
                .map(comment -> comment.substring(SERVER.length()).strip())
                .findFirst()
                .orElse("");
    }

    /** The lines of the table that begins with this head. */
    List<String> table(String head) {
        return lines.stream()
                .dropWhile(line -> !line.equals(head))
                .takeWhile(line -> line.startsWith("|"))
                .toList();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
