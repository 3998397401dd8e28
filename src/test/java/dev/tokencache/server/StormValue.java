package dev.tokencache.server;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.CRC32;

/**
 * A made-up token that says who wrote it as the how-manieth, and whether it is whole: {@code fake <writer> <sequence>
 * <checksum> <filler>}. No two of one test are equal.
 */
record StormValue(int writer, int sequence) {
    private static final int SMALL = 2_000;
    private static final int LARGE = 200_000;

    /** One in so many is up to {@link #LARGE} characters long. */
    private static final int LARGE_ONE_IN = 5;

    /** The text, with random filler. */
    String text(Random random) {
        char[] filler = new char[random.nextInt(random.nextInt(LARGE_ONE_IN) == 0 ? LARGE : SMALL)];
        for (int i = 0; i < filler.length; i++) {
            filler[i] = (char) ('a' + random.nextInt(26));
        }
        return with(new String(filler));
    }

    private String with(String filler) {
        CRC32 checksum = new CRC32();
        checksum.update((writer + " " + sequence + " " + filler).getBytes(StandardCharsets.US_ASCII));
        return "fake " + writer + " " + sequence + " " + checksum.getValue() + " " + filler;
    }

    /**
     * Reads a text.
     *
     * @return null when it is none that {@link #text} made, as a whole
     */
    static StormValue parse(String text) {
        String[] parts = text.split(" ", 5);
        if (parts.length != 5 || !parts[1].matches("\\d{1,9}") || !parts[2].matches("\\d{1,9}")) {
            return null;
        }
        StormValue value = new StormValue(Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
        return value.with(parts[4]).equals(text) ? value : null;
    }
}
