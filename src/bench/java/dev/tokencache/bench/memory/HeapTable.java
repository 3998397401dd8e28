package dev.tokencache.bench.memory;

import dev.tokencache.bench.memory.HeapPicture.Growth;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;

/** The table of the steps: bytes for a token, and the classes that they are of. */
final class HeapTable {
    /** Less than this for a token is not shown. */
    private static final double LEAST = 1.5;

    /** The class that keeps what is known of a file, whether its value is in memory or not. */
    private static final String RECORDS = "dev.tokencache.cache.FileRecord";

    private final int tokens;
    private final StringBuilder rows = new StringBuilder();

    HeapTable(int tokens, int size) {
        this.tokens = tokens;
        line("heap for a cached token, %,d tokens of %d bytes", tokens, size);
        line(
                "JDK %s, %s %s; objects that live after a full collection; %s",
                Runtime.version(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                LocalDate.now(ZoneOffset.UTC));
    }

    int tokens() {
        return tokens;
    }

    /** Adds a step; how many bytes a token it took, those of the records of files apart. */
    Bytes add(String step, HeapPicture after, HeapPicture before) {
        line("");
        line("%-50s %8.1f bytes a token", step, (double) (after.total() - before.total()) / tokens);
        double records = 0;
        for (Growth growth : after.since(before)) {
            records += growth.type().contains(RECORDS) ? growth.bytes() : 0;
        }
        if (records > 0) {
            line("  of which records of files %33.1f", records / tokens);
        }
        for (Growth growth : after.since(before)) {
            double bytes = (double) growth.bytes() / tokens;
            if (Math.abs(bytes) >= LEAST) {
                line("  %8.1f  %6.2f objects  %s", bytes, (double) growth.objects() / tokens, growth.type());
            }
        }
        return new Bytes((double) (after.total() - before.total()) / tokens - records / tokens, records / tokens);
    }

    /**
     * What a step took for a token.
     *
     * @param rest all but the records
     * @param records what is known of a file whether its value is in memory or not
     */
    record Bytes(double rest, double records) {}

    private void line(String format, Object... values) {
        rows.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    String render() {
        return rows.toString();
    }
}
