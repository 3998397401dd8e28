package dev.tokencache.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Poll;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeHintsTest {
    @TempDir
    Path root;

    private final Set<NativeHints.Hint> heard = new HashSet<>();
    private final AtomicInteger told = new AtomicInteger();
    private long nanos;
    private Disk disk;
    private NativeHints hints;

    @BeforeEach
    void open() throws Exception {
        disk = new Disk(root);
        disk.directory("p");
        hints = NativeHints.open(
                root,
                FileSystems.getDefault().newWatchService(),
                () -> nanos,
                "waits-for-hints",
                told::incrementAndGet);
        hints.watchRoot();
        hints.watch("p");
    }

    @AfterEach
    void close() throws Exception {
        hints.close();
    }

    private static boolean isWaiterThere() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("waits-for-hints"));
    }

    @Test
    void heard_isToldOnceUntilThePoll_andOfTheEnd() throws Exception {
        disk.write("p/a.json", "{}");
        Poll.until(hints::isWaiting);
        disk.write("b.json", "{}");
        Poll.until(() -> told.get() > 0);
        assertThat(told).hasValue(1);

        hear(new NativeHints.Hint("p", "a.json"));
        Poll.until(() -> !hints.isWaiting());
        int before = told.get();
        hints.poll(10);
        disk.write("p/c.json", "{}");
        Poll.until(() -> told.get() > before);
        hear(new NativeHints.Hint("p", "c.json"));

        assertThat(isWaiterThere()).isTrue();
        hints.close();
        Poll.until(() -> hints.failure() != null && !isWaiterThere());
    }

    /** Polls until a hint has arrived. */
    private void hear(NativeHints.Hint wanted) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!heard.contains(wanted)) {
            assertThat(System.nanoTime()).as("heard %s", heard).isLessThan(end);
            heard.addAll(hints.poll(10));
            Thread.onSpinWait();
        }
    }

    @Test
    void poll_entriesOfProjectAndRoot_areNamed() {
        disk.write("p/.token-cache-1", "x");
        disk.write("p/.token-cache.lock", "x");
        disk.write("p/a.json", "{}");
        disk.directory(".hidden");
        disk.directory("q");

        hear(new NativeHints.Hint("p", "a.json"));
        hear(new NativeHints.Hint(null, "q"));
        assertThat(heard).hasSize(2);
    }

    @Test
    void poll_moreEventsThanAreKept_hintsAtTheWholeProject() {
        for (int i = 0; i < 2000; i++) {
            disk.write("p/f" + i + ".json", "{}");
        }

        hear(new NativeHints.Hint("p", null));
    }

    @Test
    void isWatching_whereverADirectoryIsRegisteredAndThere() {
        assertThat(hints.isWatching("p")).isTrue();
        assertThat(hints.isWatching("q")).isFalse();
        hints.forget("p");
        assertThat(hints.isWatching("p")).isFalse();
    }

    @Test
    void poll_deletedProject_hintsAtIt() {
        disk.delete("p");

        hear(new NativeHints.Hint("p", null));
        assertThat(hints.failure()).isNull();
    }

    @Test
    void watch_anotherDirectoryUnderTheName_isHeardToo() {
        disk.move("p", "old");
        disk.directory("p");
        hints.watch("p");

        disk.write("p/a.json", "{}");

        hear(new NativeHints.Hint("p", "a.json"));
        assertThat(hints.size()).isEqualTo(2);
    }

    @Test
    void watch_directoryMovedHereFromAnotherName_isHeardUnderItsNewName() {
        disk.move("p", "q");
        hints.watch("q");

        disk.write("q/a.json", "{}");

        hear(new NativeHints.Hint("q", "a.json"));
    }

    @Test
    void watch_twoDirectoriesExchanged_areHeardUnderTheirNewNames() {
        disk.directory("q");
        hints.watch("q");
        disk.move("p", "t.tmp");
        disk.move("q", "p");
        disk.move("t.tmp", "q");
        hints.watch("p");
        hints.watch("q");

        disk.write("p/a.json", "{}");
        disk.write("q/b.json", "{}");

        hear(new NativeHints.Hint("p", "a.json"));
        hear(new NativeHints.Hint("q", "b.json"));
    }

    @Test
    void watch_absentProject_isNoFailure() {
        hints.watch("none");

        assertThat(hints.failure()).isNull();
        assertThat(hints.size()).isEqualTo(2);
    }

    @Test
    void watch_serviceClosed_isAFailure() throws Exception {
        hints.close();
        disk.directory("q");
        hints.watch("q");

        assertThat(hints.failure()).isNotNull();
        assertThat(hints.poll(1)).isEmpty();
    }

    @Test
    void watch_oneDirectoryRefused_leavesTheOthersAndIsTriedAgainLater() throws Exception {
        disk.directory("q");
        hints.watch("x".repeat(300)); // no file system takes that name
        assertThat(hints.refusal()).isNotNull();
        assertThat(hints.failure()).isNull();

        disk.write("p/a.json", "{}");
        hear(new NativeHints.Hint("p", "a.json"));
        nanos += Backoff.FIRST_NANOS - 1;
        hints.watch("q");
        assertThat(hints.size()).as("root and p, during the pause").isEqualTo(2);
        nanos++;
        hints.watch("q");

        assertThat(hints.refusal()).isNull();
        disk.write("q/b.json", "{}");
        hear(new NativeHints.Hint("q", "b.json"));
    }

    @Test
    void backoff_failureAfterFailure_waitsTwiceAsLongUpToTheLongest() {
        Backoff backoff = new Backoff(() -> nanos);
        assertThat(backoff.isDue()).isTrue();
        long pause = Backoff.FIRST_NANOS;
        for (int i = 0; i < 10; i++) {
            backoff.failed();
            nanos += pause - 1;
            assertThat(backoff.isDue()).isFalse();
            nanos++;
            assertThat(backoff.isDue()).isTrue();
            pause = Math.min(Backoff.LONGEST_NANOS, 2 * pause);
        }
        backoff.succeeded();
        backoff.failed();
        nanos += Backoff.FIRST_NANOS;
        assertThat(backoff.isDue()).isTrue();
    }
}
