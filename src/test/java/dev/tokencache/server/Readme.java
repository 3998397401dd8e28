package dev.tokencache.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The README, taken apart. The tests run in the project's directory. */
final class Readme {
    private static final Path FILE = Path.of("README.md");
    private static final String FENCE = "```";

    private final List<String> lines;

    private Readme(List<String> lines) {
        this.lines = lines;
    }

    /**
     * A fenced block.
     *
     * @param info what stands behind the opening fence
     * @param line of the opening fence, from 1
     * @param text with the last line's end
     */
    record Block(String info, int line, String text) {}

    static Readme read() throws IOException {
        return read(FILE);
    }

    /** Another page, taken apart the same way. */
    static Readme read(Path page) throws IOException {
        return new Readme(Files.readAllLines(page));
    }

    /** All fenced blocks, in order. */
    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        StringBuilder text = null;
        int start = 0;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (!line.startsWith(FENCE)) {
                if (text != null) {
                    text.append(line).append('\n');
                }
            } else if (text == null) {
                text = new StringBuilder();
                start = i;
            } else {
                blocks.add(new Block(lines.get(start).substring(FENCE.length()).strip(), start + 1, text.toString()));
                text = null;
            }
        }
        return blocks;
    }

    /** The lines of the table that begins with this head. */
    List<String> table(String head) {
        int start = lines.indexOf(head);
        List<String> table = new ArrayList<>();
        for (int i = start; i >= 0 && i < lines.size() && lines.get(i).startsWith("|"); i++) {
            table.add(lines.get(i));
        }
        return table;
    }
}
