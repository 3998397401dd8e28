package dev.tokencache.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A {@link Bulkhead} whose threads can't be had, or whose calls throw: every call hears of it and no place is lost. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BulkheadFaultsTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final BulkheadLimits LIMITS = new BulkheadLimits(2, 2, 1, 1, 9, 100, SECOND, 5 * SECOND);

    private final Deque<Runnable> started = new ArrayDeque<>();
    private final List<String> log = new ArrayList<>();
    private int unstartable;
    private long now;
    private final Bulkhead bulkhead = new Bulkhead(LIMITS, this::execute, () -> now);

    private void execute(Runnable call) {
        if (unstartable > 0) {
            unstartable--;
            throw new InternalError("no thread, for a test");
        }
        started.add(call);
    }

    private void submit(String project, String name, Runnable run) {
        bulkhead.submit(project, null, 1, run, failure -> log.add(name + ' ' + failure.machineName()));
    }

    private void submit(String project, String name) {
        submit(project, name, () -> log.add(name));
    }

    private void drain() {
        while (!started.isEmpty()) {
            started.remove().run();
        }
    }

    @Test
    void submit_systemHasNoThread_refusesTheCallAndKeepsThePlace() {
        unstartable = 1;
        submit("p", "p1");
        submit("p", "p2");
        drain();

        assertThat(log).containsExactly("p1 overloaded", "p2");
    }

    @Test
    void tend_systemHasNoThread_startsTheOthersAllTheSame() {
        submit("p", "p1");
        submit("q", "q1");
        submit("r", "r1");
        submit("s", "s1");
        now += SECOND;
        unstartable = 1;
        bulkhead.tend();
        drain();

        assertThat(log).containsExactly("r1 overloaded", "p1", "q1", "s1");
    }

    @Test
    void run_throws_isRefusedAndTheNextOneStillRuns() {
        submit("p", "p1", () -> {
            throw new StackOverflowError();
        });
        submit("p", "p2");
        drain();
        submit("p", "p3");
        drain();

        assertThat(log).containsExactly("p1 internal_error", "p2", "p3");
    }

    @Test
    void submit_rightAfterACallEnded_findsAThreadWhileTheOthersHang() throws Exception {
        Duration patience = Duration.ofHours(1);
        FileThreads threads =
                FileThreads.forReads(new FileSourceOptions().setReadPoolSize(1).setReadPatience(patience));
        CountDownLatch release = new CountDownLatch(1);
        AtomicReference<Failure> refused = new AtomicReference<>();
        try {
            for (String project : List.of("hung one", "hung two")) {
                CountDownLatch running = new CountDownLatch(1);
                threads.submit(
                        project,
                        null,
                        0,
                        () -> {
                            running.countDown();
                            awaitQuietly(release);
                        },
                        refused::set);
                while (!running.await(10, TimeUnit.MILLISECONDS)) {
                    threads.tend();
                }
            }
            for (int i = 0; i < 20_000 && refused.get() == null; i++) {
                CountDownLatch ended = new CountDownLatch(1);
                threads.submit("p", null, 0, ended::countDown, failure -> {
                    refused.set(failure);
                    ended.countDown();
                });
                while (!ended.await(10, TimeUnit.MILLISECONDS)) {
                    threads.tend();
                }
            }
            assertThat(refused).hasNullValue();
        } finally {
            release.countDown();
            threads.end();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
