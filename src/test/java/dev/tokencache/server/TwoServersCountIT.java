package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.TokenKey;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two processes on one root count by compare-and-set: no acknowledged increment is lost, also when one of them is killed. */
@Timeout(180)
class TwoServersCountIT {
    private static final List<TokenKey> KEYS =
            List.of(new TokenKey("one", "a.json"), new TokenKey("one", "b.json"), new TokenKey("two", "a.json"));
    private static final int TIMES = 40;
    private static final int WAIT_SECONDS = 120;

    @TempDir
    Path root;

    /** A counting process, and how often it has said of each key that it counted. */
    private static final class Counter implements AutoCloseable {
        private final Process process;
        private final BufferedReader said;
        private final Map<String, Integer> acknowledged = new HashMap<>();

        Counter(Path root, int times) throws Exception {
            process = CounterProcess.start(root, KEYS, times);
            said = process.inputReader(StandardCharsets.UTF_8);
        }

        void go() throws Exception {
            assertThat(said.readLine()).isEqualTo("ready");
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
        }

        void awaitLines(int lines) throws Exception {
            for (int i = 0; i < lines; i++) {
                assertThat(countLine()).isTrue();
            }
        }

        private boolean countLine() throws Exception {
            String key = said.readLine();
            if (key != null) {
                acknowledged.merge(key, 1, Integer::sum);
            }
            return key != null;
        }

        void kill() throws Exception {
            process.toHandle().destroyForcibly(); // the process's own method would close its output too
            while (countLine()) {
                // What was said before it died.
            }
        }

        int awaitEnd() throws Exception {
            while (countLine()) {
                // It says more.
            }
            assertThat(process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        }

        int of(TokenKey key) {
            return acknowledged.getOrDefault(key.toString(), 0);
        }

        @Override
        public void close() {
            process.destroyForcibly()
                    .onExit()
                    .orTimeout(WAIT_SECONDS, TimeUnit.SECONDS)
                    .join();
        }
    }

    private int value(TokenKey key) throws Exception {
        Path file = root.resolve(key.project()).resolve(key.filename());
        return new JsonObject(Files.readString(file)).getInteger("counter");
    }

    @Test
    void compareAndSet_fromTwoProcesses_losesNoIncrement() throws Exception {
        try (Counter first = new Counter(root, TIMES);
                Counter second = new Counter(root, TIMES)) {
            first.go();
            second.go();
            CompletableFuture<Integer> firstEnd = CompletableFuture.supplyAsync(() -> end(first));

            assertThat(second.awaitEnd()).isZero();
            assertThat(firstEnd.get(WAIT_SECONDS, TimeUnit.SECONDS)).isZero();

            for (TokenKey key : KEYS) {
                assertThat(List.of(first.of(key), second.of(key))).containsExactly(TIMES, TIMES);
                assertThat(value(key)).as(key.toString()).isEqualTo(2 * TIMES);
            }
            assertThat(StormCheck.temps(root)).isEmpty();
        }
    }

    private static int end(Counter counter) {
        try {
            return counter.awaitEnd();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void compareAndSet_withAProcessKilledInIt_goesOnInTheOther() throws Exception {
        try (Counter killed = new Counter(root, Integer.MAX_VALUE);
                Counter other = new Counter(root, TIMES)) {
            killed.go();
            killed.awaitLines(1);
            other.go();
            other.awaitLines(1);
            killed.awaitLines(TIMES);

            killed.kill();

            assertThat(other.awaitEnd()).isZero();
            List<Integer> surplus = new ArrayList<>();
            for (TokenKey key : KEYS) {
                int acknowledged = killed.of(key) + other.of(key);
                assertThat(other.of(key)).isEqualTo(TIMES);
                surplus.add(value(key) - acknowledged);
            }
            assertThat(surplus)
                    .as("increments that the killed one could not report")
                    .allMatch(n -> n == 0 || n == 1);
        }
    }
}
