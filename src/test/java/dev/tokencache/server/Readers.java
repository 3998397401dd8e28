package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Two callers that read one token as fast as they can; any answer but that token is a failure, of whoever waits for them. */
final class Readers implements AutoCloseable {
    private static final int THREADS = 2;
    private static final Duration MOST = Duration.ofSeconds(60);

    /** Something that both have to have done so many times, from when it was set. */
    private record Goal(Api api, List<CountDownLatch> left) {}

    private final Thread[] threads = new Thread[THREADS];
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile Goal goal;
    private volatile boolean over;

    private Readers(Api api) {
        goal = goal(api, 1);
        for (int i = 0; i < THREADS; i++) {
            int number = i;
            threads[i] = new Thread(() -> read(number), "reader " + i);
            threads[i].start();
        }
    }

    static Readers start(Api api) {
        return new Readers(api);
    }

    private static Goal goal(Api api, int count) {
        List<CountDownLatch> left = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            left.add(new CountDownLatch(count));
        }
        return new Goal(api, left);
    }

    private void read(int number) {
        try {
            while (!over) {
                Goal now = goal;
                HttpResponse<byte[]> answer = now.api.get("demo", "a.json");
                assertThat(answer.statusCode()).as("a token that is good").isEqualTo(200);
                now.left.get(number).countDown();
            }
        } catch (Exception | AssertionError e) {
            failure.compareAndSet(null, e);
        }
    }

    /** Uses another token from now on, and returns once no request with the old one is under way. */
    Api use(Api next) throws Exception {
        Api old = goal.api;
        reach(goal(next, 1));
        return old;
    }

    /** Waits for so many more answers to each. */
    void awaitMore(int count) throws Exception {
        reach(goal(goal.api, count));
    }

    private void reach(Goal next) throws Exception {
        goal = next;
        long deadline = System.nanoTime() + MOST.toNanos();
        for (CountDownLatch left : next.left) {
            while (!left.await(100, TimeUnit.MILLISECONDS)) {
                if (failure.get() != null || System.nanoTime() - deadline > 0) {
                    throw new AssertionError("no good answer", failure.get());
                }
            }
        }
    }

    @Override
    public void close() {
        over = true;
        try {
            for (Thread thread : threads) {
                thread.join(MOST.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (failure.get() != null) {
            throw new AssertionError("a reader failed", failure.get());
        }
    }
}
