package dev.tokencache.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BulkheadTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** Two threads, two more for stuck calls, one a project, one hung call a key. */
    private static final BulkheadLimits LIMITS = new BulkheadLimits(2, 2, 1, 1, 3, 100, SECOND, 5 * SECOND);

    /** Calls that were started and wait for the test to run them: one that is left alone hangs. */
    private final Deque<Runnable> started = new ArrayDeque<>();

    private final List<String> log = new ArrayList<>();
    private boolean rejecting;
    private long now;
    private Bulkhead bulkhead = bulkhead(LIMITS);

    private Bulkhead bulkhead(BulkheadLimits limits) {
        return new Bulkhead(limits, this::execute, () -> now);
    }

    private void execute(Runnable call) {
        if (rejecting) {
            throw new RejectedExecutionException();
        }
        started.add(call);
    }

    private void submit(String project, long size, String name) {
        bulkhead.submit(
                project,
                project + '/' + name,
                size,
                () -> log.add(name),
                failure -> log.add(name + ' ' + failure.machineName()));
    }

    private void submit(String project, String name) {
        submit(project, 1, name);
    }

    private void drain() {
        while (!started.isEmpty()) {
            started.remove().run();
        }
    }

    private void pass(long seconds) {
        now += seconds * SECOND;
        bulkhead.tend();
    }

    @Test
    void submit_oneThreadAProject_keepsItsOrder() {
        submit("p", "p1");
        submit("p", "p2");
        submit("q", "q1");

        assertThat(started).hasSize(2);
        started.removeLast().run();
        drain();
        assertThat(log).containsExactly("q1", "p1", "p2");
    }

    @Test
    void submit_tooManyOfOneProject_overloadsThatOneOnlyUntilOneEnds() {
        for (int i = 0; i < 3; i++) {
            submit("p", "p" + i);
        }

        TokenFixtures.assertFails(Failure.OVERLOADED, () -> submit("p", "p3"));
        submit("q", "q");
        started.removeLast().run();
        started.remove().run();
        submit("p", "p4");

        drain();
        assertThat(log).containsExactly("q", "p0", "p1", "p2", "p4");
    }

    @Test
    void waitingAndRunning_areThoseNow() {
        submit("p", "p1");
        submit("p", "p2");
        submit("q", "q1");
        assertThat(bulkhead.running()).isEqualTo(2);
        assertThat(bulkhead.waiting()).isEqualTo(1);

        drain();
        assertThat(bulkhead.running()).isZero();
        assertThat(bulkhead.waiting()).isZero();
    }

    @Test
    void submit_tooManyBytes_overloadsAllUntilTheyEnd() {
        submit("p", 60, "p");
        TokenFixtures.assertFails(Failure.OVERLOADED, () -> submit("q", 41, "q"));
        submit("q", 40, "r");
        drain();
        submit("q", 100, "s");
        drain();

        assertThat(log).containsExactly("p", "r", "s");
    }

    @Test
    void submit_oneProjectWaitsWithManyBytes_leavesAQuarterToOthers() {
        submit("p", 50, "p1");
        submit("p", 25, "p2");
        TokenFixtures.assertFails(Failure.OVERLOADED, () -> submit("p", 1, "p3"));
        submit("q", 25, "q");

        drain();
        assertThat(log).containsExactlyInAnyOrder("p1", "p2", "q");
    }

    @Test
    void submit_threadsAreGone_everyCallHearsOfIt() {
        submit("p", "p1");
        submit("p", "p2");
        rejecting = true;
        submit("q", "q1");
        drain();

        assertThat(log).containsExactly("q1 overloaded", "p1", "p2");
    }

    @Test
    void submit_manyProjects_takeTurns() {
        bulkhead = bulkhead(new BulkheadLimits(1, 0, 1, 1, 10, 100, SECOND, 5 * SECOND));
        submit("p", "p1");
        submit("p", "p2");
        submit("p", "p3");
        submit("q", "q1");
        submit("r", "r1");

        drain();
        assertThat(log).containsExactly("p1", "q1", "r1", "p2", "p3");
    }

    @Test
    void tend_stuckCalls_othersTakeTheirPlacesUpToTheBound() {
        submit("p", "p1");
        submit("q", "q1");
        submit("r", "r1");
        submit("s", "s1");
        submit("t", "t1");
        assertThat(started).hasSize(2);

        pass(1);
        assertThat(started).hasSize(4);
        pass(1);
        assertThat(started).as("never more threads than all").hasSize(4);

        drain();
        assertThat(log).containsExactly("p1", "t1", "q1", "r1", "s1");
    }

    @Test
    void tend_projectHangs_refusesItUntilItAnswersAndNoOther() {
        submit("p", "p1");
        submit("p", "p2");
        pass(4);
        assertThat(log).isEmpty();
        pass(1);
        assertThat(log).containsExactly("p2 load_timeout");
        TokenFixtures.assertFails(Failure.LOAD_TIMEOUT, () -> submit("p", "p3"));
        submit("q", "q1");
        started.removeLast().run();

        drain();
        submit("p", "p4");
        drain();
        assertThat(log).containsExactly("p2 load_timeout", "q1", "p1", "p4");
        assertThat(bulkhead.tend()).isZero();
    }

    @Test
    void submit_keyHangs_refusesThatKeyOnly() {
        bulkhead = bulkhead(new BulkheadLimits(4, 4, 3, 1, 10, 100, SECOND, 5 * SECOND));
        submit("p", "a");
        pass(5);

        TokenFixtures.assertFails(Failure.LOAD_TIMEOUT, () -> submit("p", "a"));
        submit("p", "b");
        drain();
        submit("p", "a");
        drain();
        assertThat(log).containsExactly("a", "b", "a");
    }

    @Test
    void tend_waitedForTooLong_isNotRunAnyMore() {
        submit("p", "p1");
        submit("q", "q1");
        now += SECOND / 2;
        submit("r", "r1");
        now += 5 * SECOND - 1;
        assertThat(started).hasSize(2);
        now += 1;
        bulkhead.tend();

        assertThat(log).containsExactly("r1 load_timeout");
    }

    @Test
    void submit_everyThreadHangs_isRefusedAtOnce() {
        for (String project : List.of("p", "q", "r", "s")) {
            submit(project, project);
            pass(1);
        }
        pass(5);

        TokenFixtures.assertFails(Failure.LOAD_TIMEOUT, () -> submit("t", "t"));
        started.remove().run();
        submit("t", "t");
        drain();
        assertThat(log).containsExactly("p", "q", "r", "s", "t");
    }

    @Test
    void close_whileCallsWait_endsAfterThemAndRefusesNewOnes() {
        submit("p", "p1");
        submit("p", "p2");
        bulkhead.close(() -> log.add("empty"));
        TokenFixtures.assertFails(Failure.OVERLOADED, () -> submit("p", "p3"));
        drain();

        assertThat(log).containsExactly("p1", "p2", "empty");
    }

    @Test
    void close_whileTheLastWaitsInVain_saysItIsEmpty() {
        submit("p", "p1");
        submit("p", "p2");
        bulkhead.close(() -> log.add("empty"));
        pass(5);
        drain();

        assertThat(log).containsExactly("p2 load_timeout", "p1", "empty");
    }

    @Test
    void abandon_whileOneRunsAndOthersWait_tellsThemApartAndStartsNoMore() {
        bulkhead.submit(
                "p",
                null,
                1,
                () -> {
                    bulkhead.close(() -> log.add("empty"));
                    bulkhead.abandon();
                    log.add("p1 ended");
                },
                failure -> log.add("p1 " + failure.machineName()));
        submit("p", "p2");
        started.remove().run();
        drain();

        assertThat(log).containsExactly("p2 overloaded", "p1 cache_unreachable", "empty", "p1 ended");
    }

    @Test
    void submit_fromManyThreads_staysWithinTheBoundsAndRunsEachOnce() throws Exception {
        long seed = Long.getLong("bulkhead.seed", System.nanoTime());
        int calls = 20_000;
        ExecutorService threads = Executors.newCachedThreadPool();
        Bulkhead real = new Bulkhead(
                new BulkheadLimits(4, 0, 2, 1, calls, calls, SECOND, 3_600 * SECOND), threads, System::nanoTime);
        Map<String, AtomicInteger> running = new ConcurrentHashMap<>();
        AtomicInteger all = new AtomicInteger();
        AtomicInteger beyond = new AtomicInteger();
        CountDownLatch ended = new CountDownLatch(calls);
        try {
            for (int submitter = 0; submitter < 4; submitter++) {
                Random random = new Random(seed + submitter);
                threads.execute(() -> {
                    for (int i = 0; i < calls / 4; i++) {
                        String project = "p" + random.nextInt(5);
                        real.submit(
                                project,
                                null,
                                1,
                                () -> {
                                    AtomicInteger mine = running.computeIfAbsent(project, p -> new AtomicInteger());
                                    if (all.incrementAndGet() > 4 || mine.incrementAndGet() > 2) {
                                        beyond.incrementAndGet();
                                    }
                                    Thread.onSpinWait();
                                    mine.decrementAndGet();
                                    all.decrementAndGet();
                                    ended.countDown();
                                },
                                failure -> beyond.incrementAndGet());
                    }
                });
            }
            assertThat(ended.await(60, TimeUnit.SECONDS))
                    .as("all ended, seed %d", seed)
                    .isTrue();
        } finally {
            threads.shutdownNow();
        }
        assertThat(beyond).as("seed %d", seed).hasValue(0);
    }
}
