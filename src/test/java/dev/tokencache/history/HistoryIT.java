package dev.tokencache.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The promises C1 to C4 on real files. The properties {@code history.seconds} and {@code history.seed} make it longer, and
 * repeat what everybody does, though not when.
 */
@Timeout(value = 4, unit = TimeUnit.HOURS)
class HistoryIT {
    private static final int SECONDS = Integer.getInteger("history.seconds", 45);
    private static final long SEED = Long.getLong("history.seed", System.nanoTime());

    /** The part of all answers that may say nothing, in percent. */
    private static final int MOST_ERRORS = 3;

    @TempDir
    Path directory;

    @Test
    void answers_byDefault_keepThePromises() throws Exception {
        assertKept(Setting.DEFAULT, SECONDS);
    }

    @Test
    void answers_withoutHints_keepThePromises() throws Exception {
        assertKept(Setting.POLLING, SECONDS / 4 + 1);
    }

    @Test
    void answers_ofALateDisk_keepThePromises() throws Exception {
        assertKept(Setting.LATE_DISK, SECONDS / 4 + 1);
    }

    @Test
    void answers_withShortLives_keepThePromises() throws Exception {
        assertKept(Setting.SHORT_LIVES, SECONDS / 4 + 1);
    }

    private void assertKept(Setting setting, int seconds) throws Exception {
        System.out.printf("history %s: %d s, -Dhistory.seed=%d%n", setting.name(), seconds, SEED);
        HistoryRun run = new HistoryRun(directory, SEED);
        try (run) {
            run.start(setting, vertx -> {});
            run.goOn(Duration.ofSeconds(seconds));
        }
        run.goOn(Duration.ZERO);
        History history = run.history();
        List<Violation> violations = Checker.check(history);
        System.out.printf(
                "history %s: %s, errors %s, bound %d ms, %d violations%n",
                setting.name(),
                Recorder.summary(history),
                run.errors(),
                run.bound().toMillis(),
                violations.size());
        assertThat(violations.stream().limit(20)).isEmpty();
        assertMeaning(history, run, seconds);
    }

    /** That it was a test at all: everybody got somewhere, on a busy machine too, and nearly every answer said something. */
    private static void assertMeaning(History history, HistoryRun run, int seconds) {
        int errors = run.errors().values().stream().mapToInt(count -> count).sum();
        int answers = history.reads().size() + history.listings().size();
        assertThat(errors * 100L).as("errors").isLessThan((long) MOST_ERRORS * answers);
        for (Edit.Kind kind : Edit.Kind.values()) {
            assertThat(history.edits().stream().filter(edit -> edit.kind() == kind && edit.isDone()))
                    .as(kind.name())
                    .hasSizeGreaterThan(seconds / 10);
        }
        assertThat(history.reads()).hasSizeGreaterThan(10 * seconds);
        assertThat(history.listings()).hasSizeGreaterThan(seconds);
    }
}
