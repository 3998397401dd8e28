package dev.tokencache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.RunningTime;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;

/**
 * Edits files and reads them through caches all the while. Each value carries its key and a number that only grows, so that a
 * reader's answer shows whether it is too old: older than what was on the disk for longer than the bound.
 */
final class Monitor {
    static final int KEYS = 20;

    /** Interval in force, a scan and 2 s, and some for a machine that is busy with other things. */
    private static final long BOUND_NANOS = TimeUnit.SECONDS.toNanos(6);

    private final Path root;
    private final ConcurrentHashMap<TokenKey, NavigableMap<Long, Integer>> edits = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Long> latencies = new ConcurrentLinkedQueue<>();
    private final List<Thread> readers = new ArrayList<>();
    private volatile boolean stopped;
    private int number;

    Monitor(Path root) throws IOException {
        this.root = root;
        Files.createDirectories(root.resolve("demo"));
    }

    static TokenKey key(int i) {
        return new TokenKey("demo", "k" + i + ".json");
    }

    /** Replaces every file with its next version. */
    void editAll() throws IOException {
        for (int i = 0; i < KEYS; i++) {
            edit(i);
        }
    }

    void edit(int i) throws IOException {
        TokenKey key = key(i);
        int next = ++number;
        Path temporary = root.resolve("demo/.new");
        Files.writeString(temporary, text(key, next));
        Files.move(temporary, root.resolve(key.toString()), StandardCopyOption.ATOMIC_MOVE);
        edits.computeIfAbsent(key, first -> new ConcurrentSkipListMap<>()).put(RunningTime.nanoTime(), next);
    }

    private static String text(TokenKey key, int number) {
        return "{\"key\":\"" + key + "\",\"number\":" + number + "}";
    }

    /**
     * Begins to read all keys in turn through a cache.
     *
     * @param timed whether what it takes counts
     */
    void read(String name, TokenCache cache, boolean timed) {
        Thread reader = new Thread(
                () -> {
                    for (int i = 0; !stopped; i = (i + 1) % KEYS) {
                        long took = readOnce(name, cache, key(i), BOUND_NANOS);
                        if (timed) {
                            latencies.add(took);
                        }
                    }
                },
                "reader of " + name);
        reader.start();
        readers.add(reader);
    }

    private long readOnce(String name, TokenCache cache, TokenKey key, long bound) {
        long start = RunningTime.nanoTime();
        try {
            TokenFile file =
                    cache.get(key).toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
            var floor = edits.get(key).floorEntry(start - bound);
            String got = Nodes.text(file);
            int least = floor == null ? 0 : floor.getValue();
            if (got == null || !got.startsWith("{\"key\":\"" + key + "\",") || number(got) < least) {
                wrong.add(name + ": " + key + " is " + got + ", at least " + least + " expected");
            }
        } catch (Exception e) {
            wrong.add(name + ": " + key + " failed: " + e);
        }
        return RunningTime.nanoTime() - start;
    }

    private static int number(String text) {
        return Integer.parseInt(text.replaceAll(".*\"number\":([0-9]+)}", "$1"));
    }

    /** Waits until the bound is over for every edit, then wants the last versions alone for a while. */
    void assertLast(String name, TokenCache cache, long millis) {
        long end = RunningTime.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (RunningTime.nanoTime() - end < 0) {
            for (int i = 0; i < KEYS; i++) {
                readOnce(name, cache, key(i), 0);
            }
        }
        assertNothingWrong();
    }

    /** How many values of a cache are not the last versions yet. */
    int behind(TokenCache cache) throws Exception {
        int behind = 0;
        for (int i = 0; i < KEYS; i++) {
            String got = Nodes.text(cache.get(key(i)));
            behind += number(got) == edits.get(key(i)).lastEntry().getValue() ? 0 : 1;
        }
        return behind;
    }

    void stop() throws InterruptedException {
        stopped = true;
        for (Thread reader : readers) {
            reader.join(TimeUnit.SECONDS.toMillis(60));
        }
    }

    void assertNothingWrong() {
        assertThat(wrong.stream().limit(10))
                .as("%d wrong answers", wrong.size())
                .isEmpty();
    }

    /** Takes the times of the reads since the start, or since they were taken last: milliseconds, ascending. */
    List<Double> takeTimes() {
        List<Double> sorted = new ArrayList<>();
        for (Long next = latencies.poll(); next != null; next = latencies.poll()) {
            sorted.add(next / 1e6);
        }
        Collections.sort(sorted);
        return sorted;
    }
}
