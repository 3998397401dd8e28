package dev.tokencache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads a file of lines that somebody may be writing. */
public final class WholeLines {
    private WholeLines() {}

    /** All lines that have their end: a reader can see a part of what one call writes. */
    public static List<String> of(Path file) throws IOException {
        String read = Files.readString(file);
        return read.substring(0, read.lastIndexOf('\n') + 1).lines().toList();
    }
}
