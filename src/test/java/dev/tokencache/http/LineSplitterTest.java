package dev.tokencache.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class LineSplitterTest {
    private static final int MAX = 8;

    private final List<String> lines = new ArrayList<>();
    private final LineSplitter splitter =
            new LineSplitter(MAX, line -> lines.add(line == null ? null : line.toString()));

    private List<String> split(String... chunks) {
        for (String chunk : chunks) {
            splitter.take(Buffer.buffer(chunk));
        }
        splitter.end();
        return lines;
    }

    @Test
    void take_severalLinesInOneChunk_givesEach() {
        assertThat(split("a\nbb\n\nccc")).containsExactly("a", "bb", "", "ccc");
    }

    @Test
    void take_lineInSeveralChunks_givesItWhole() {
        assertThat(split("a", "b", "", "c\nd", "\n")).containsExactly("abc", "d");
    }

    @Test
    void take_lineOfTheMost_isGivenAndOneMoreIsDropped() {
        assertThat(split("12345678\n", "123456789\n", "x\n")).containsExactly("12345678", null, "x");
    }

    @Test
    void take_tooLongInSeveralChunks_isToldOnce() {
        assertThat(split("12345678", "9", "0".repeat(100), "\nx\n", "123456789"))
                .containsExactly(null, "x", null);
    }

    @Test
    void end_withoutRest_givesNothing() {
        assertThat(split("a\n")).containsExactly("a");
        assertThat(new ArrayList<>(lines)).hasSize(1);
    }

    @RepeatedTest(20)
    void take_anyChunks_givesWhatSplittingTheWholeDoes(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        StringBuilder whole = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            whole.append(random.nextInt(5) == 0 ? '\n' : (char) ('a' + random.nextInt(26)));
        }
        int from = 0;
        while (from < whole.length()) {
            int to = Math.min(whole.length(), from + random.nextInt(20));
            splitter.take(Buffer.buffer(whole.substring(from, to)));
            from = to;
        }
        splitter.end();

        List<String> expected = new ArrayList<>();
        for (String line : whole.toString().split("\n", -1)) {
            expected.add(line.length() > MAX ? null : line);
        }
        if (whole.charAt(whole.length() - 1) == '\n') {
            expected.remove(expected.size() - 1);
        }
        assertThat(lines).isEqualTo(expected);
    }
}
