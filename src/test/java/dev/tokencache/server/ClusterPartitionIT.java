package dev.tokencache.server;

import static dev.tokencache.server.ClusterOfProcesses.BOUND;
import static dev.tokencache.server.ClusterOfProcesses.FRONT;
import static dev.tokencache.server.ClusterOfProcesses.PATIENCE;
import static dev.tokencache.server.ClusterOfProcesses.otherThan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import dev.tokencache.Poll;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node stands still until the others have dropped it, and goes on: as a partition does, it comes back with what it knew, and
 * with what the others have forgotten of it.
 */
@Timeout(400)
class ClusterPartitionIT {
    private static final int FILES = 20;

    /** For how long a node that lives may be taken for lost. */
    private static final Duration LONGEST_LOST = Duration.ofSeconds(15);

    /** Within which hints arrive again after a standstill. */
    private static final Duration HINTS_AGAIN = Duration.ofSeconds(40);

    @TempDir
    Path directory;

    private ClusterOfProcesses cluster;
    private int version;

    /**
     * Writes the next version of all files through a node. One that can't reach its cache node says so: on a busy machine a node that
     * lives may be taken for lost, until the others hear of it again. Then the write, which may have happened, is sent again, as a
     * client would.
     */
    private void writeAll(Api api) throws Exception {
        version++;
        for (int i = 0; i < FILES; i++) {
            int file = i;
            int status = Poll.until(
                    LONGEST_LOST,
                    () -> ClusterLoad.put(api, filename(file), content(file)).statusCode(),
                    answer -> answer != Failure.CACHE_UNREACHABLE.code());
            assertThat(status).isIn(201, 204);
        }
    }

    /** Nothing old is served from now on, and all of it soon. */
    private void assertRight(Api front) throws Exception {
        assertThat(old(front)).isZero();
        awaitRight(PATIENCE, front);
    }

    private static String filename(int file) {
        return "t" + file + ".json";
    }

    private String content(int file) {
        return ClusterLoad.content(version * 1_000 + file);
    }

    /** How many files of a node are not the last version; word that no cache is reached counts too. */
    private int behind(Api api) throws Exception {
        int behind = 0;
        for (int i = 0; i < FILES; i++) {
            HttpResponse<byte[]> answer = api.get(ClusterLoad.path(filename(i)));
            assertThat(answer.statusCode()).isIn(200, Failure.CACHE_UNREACHABLE.code());
            behind += Api.text(answer).equals(content(i)) ? 0 : 1;
        }
        return behind;
    }

    /** How many files a node serves in an older version; until the views have merged it may reach no cache. */
    private int old(Api api) throws Exception {
        int old = 0;
        for (int i = 0; i < FILES; i++) {
            HttpResponse<byte[]> answer = api.get(ClusterLoad.path(filename(i)));
            assertThat(answer.statusCode()).isIn(200, Failure.CACHE_UNREACHABLE.code());
            old += answer.statusCode() == 200 && !Api.text(answer).equals(content(i)) ? 1 : 0;
        }
        return old;
    }

    private void awaitRight(Duration most, Api api) throws Exception {
        Poll.until(most, () -> behind(api), behind -> behind == 0);
    }

    @Test
    void aCacheNodeThatStoodStill_isRightWithinTheBound_andUsedAgain() throws Exception {
        try (ClusterOfProcesses three = new ClusterOfProcesses(directory).startThree()) {
            cluster = three;
            String[] all = ClusterLoad.NODES.toArray(String[]::new);
            Api front = cluster.api(FRONT);
            writeAll(front);
            String still = cluster.chosen();
            String other = otherThan(still);
            Api stillApi = cluster.api(still);
            Api otherApi = cluster.api(other);
            awaitRight(BOUND, stillApi);
            awaitRight(BOUND, otherApi);

            Signals.suspend(cluster.node(still).pid());
            try {
                cluster.awaitMembers(2, other, FRONT);
                awaitRight(PATIENCE, front);
                assertThat(cluster.chosen()).isEqualTo(other);
                writeAll(otherApi);
                awaitRight(Duration.ZERO, otherApi);
                writeAll(front);
                assertRight(front);
            } finally {
                Signals.resume(cluster.node(still).pid());
            }
            awaitRight(BOUND, stillApi);
            cluster.awaitMembers(3, all);
            awaitTold(otherApi, stillApi);
            awaitTold(stillApi, otherApi);
            writeAll(stillApi);
            awaitRight(BOUND, otherApi);
            awaitRight(BOUND, front);

            cluster.kill(other);
            awaitRight(PATIENCE, front);
            assertThat(cluster.chosen()).isEqualTo(still);
            writeAll(front);
            awaitRight(Duration.ZERO, stillApi);
        }
    }

    /** Waits until a node hears again of what is written at the other. */
    private void awaitTold(Api told, Api writer) throws Exception {
        long before = ClusterOfProcesses.figure(told, "hintsHeard");
        Poll.until(
                HINTS_AGAIN,
                () -> {
                    writeAll(writer);
                    return ClusterOfProcesses.figure(told, "hintsHeard");
                },
                heard -> heard > before);
    }

    @Test
    void aFrontNodeThatStoodStill_servesNothingOld() throws Exception {
        try (ClusterOfProcesses three = new ClusterOfProcesses(directory).startThree()) {
            cluster = three;
            Api front = cluster.api(FRONT);
            writeAll(front);
            assertRight(front);
            String chosen = cluster.chosen();
            Api writer = cluster.api(chosen);

            Signals.suspend(cluster.node(FRONT).pid());
            try {
                cluster.awaitMembers(2, chosen, otherThan(chosen));
                writeAll(writer);
            } finally {
                Signals.resume(cluster.node(FRONT).pid());
            }
            Poll.until(BOUND, () -> old(front), old -> old == 0);
            cluster.awaitMembers(3, ClusterLoad.NODES.toArray(String[]::new));
            awaitRight(BOUND, front);
            writeAll(front);
            assertRight(front);
            awaitRight(BOUND, cluster.api(otherThan(chosen)));
            Files.writeString(cluster.file(filename(0)), "{}");
            Poll.until(BOUND, () -> Api.text(front.get(ClusterLoad.path(filename(0)))), "{}"::equals);
        }
    }
}
