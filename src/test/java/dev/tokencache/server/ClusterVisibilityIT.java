package dev.tokencache.server;

import static dev.tokencache.server.ClusterOfProcesses.BOUND;
import static dev.tokencache.server.ClusterOfProcesses.FIRST;
import static dev.tokencache.server.ClusterOfProcesses.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Poll;
import dev.tokencache.RunningTime;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How long after the reply to a write over HTTP each of three nodes serves what was written. */
@Timeout(180)
class ClusterVisibilityIT {
    private static final int WRITES = 200;

    /** Few, so that each node has the last version but one in its memory. */
    private static final int FILES = 5;

    private static final Duration MEDIAN = Duration.ofMillis(500);
    private static final String WRITER = "the writer's own node";
    private static final String OTHER = "the other cache node";

    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newFixedThreadPool(3);
    private final Map<String, Api> apis = new HashMap<>();
    private final Map<String, List<Long>> times = new TreeMap<>();

    @Test
    void aWrite_isServedByAllNodesWithinTheBound_byItsOwnAtOnce() throws Exception {
        try (ClusterOfProcesses cluster = new ClusterOfProcesses(directory).startThree()) {
            for (String node : ClusterLoad.NODES) {
                apis.put(node, cluster.api(node));
            }
            for (int i = 0; i < WRITES; i++) {
                write(i % 2 == 0 ? FIRST : SECOND, i);
            }
            assertThat(cluster.frontRoot()).as("a front node has no files").doesNotExist();
        } finally {
            threads.shutdownNow();
        }

        times.forEach((node, each) -> {
            Collections.sort(each);
            System.out.printf(
                    "visible on %s: p50 %.1f ms, p99 %.1f ms, longest %.1f ms of %d writes%n",
                    node,
                    each.get(each.size() / 2) / 1e6,
                    each.get(each.size() * 99 / 100) / 1e6,
                    each.get(each.size() - 1) / 1e6,
                    each.size());
            assertThat(Duration.ofNanos(each.get(each.size() / 2))).as(node).isLessThan(MEDIAN);
            assertThat(Duration.ofNanos(each.get(each.size() - 1))).as(node).isLessThan(BOUND);
        });
    }

    private void write(String writer, int number) throws Exception {
        String filename = "t" + number % FILES + ".json";
        String content = ClusterLoad.content(number);
        HttpResponse<byte[]> reply = ClusterLoad.put(apis.get(writer), filename, content);
        long replied = RunningTime.nanoTime();
        assertThat(reply.statusCode()).isIn(201, 204);
        List<Future<Long>> seen = new ArrayList<>();
        for (String node : ClusterLoad.NODES) {
            Api api = apis.get(node);
            Duration most = node.equals(writer) ? Duration.ZERO : BOUND;
            seen.add(threads.submit(() -> {
                Poll.until(most, () -> Api.text(api.get(ClusterLoad.path(filename))), content::equals);
                return RunningTime.nanoTime() - replied;
            }));
        }
        note(writer.equals(FIRST) ? WRITER : OTHER, seen.get(0));
        note(writer.equals(SECOND) ? WRITER : OTHER, seen.get(1));
        note("the front node", seen.get(2));
    }

    private void note(String node, Future<Long> seen) throws Exception {
        times.computeIfAbsent(node, first -> new ArrayList<>()).add(seen.get());
    }
}
