package dev.tokencache.server;

import static dev.tokencache.server.ClusterOfProcesses.FRONT;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each of three nodes is killed under load and comes back, one after the other. */
@Timeout(180)
class ClusterKillIT {
    private static final int READS = 150;

    /** Of two readers and a writer, each of which asks one thing after the other. */
    private static final int MOST_REFUSED = 60;

    /** A request waits half a second before the node is doubted and a second for its answer; the next node answers then. */
    private static final Duration LONGEST = Duration.ofSeconds(5);

    @TempDir
    Path directory;

    @Test
    void anyNode_killedUnderLoad_readsGoOnAndNothingAcknowledgedIsLost() throws Exception {
        try (ClusterOfProcesses cluster = new ClusterOfProcesses(directory).startThree();
                ClusterLoad load = ClusterLoad.start(cluster, System.nanoTime())) {
            load.awaitMore(READS, ClusterLoad.NODES);
            String chosen = cluster.chosen();
            assertThat(chosen).isNotEmpty();

            killAndStart(cluster, load, chosen);
            assertThat(cluster.chosen()).isEqualTo(ClusterOfProcesses.otherThan(chosen));
            killAndStart(cluster, load, FRONT);
            killAndStart(cluster, load, ClusterOfProcesses.otherThan(chosen));
            load.endAndCheck();
        }
    }

    private void killAndStart(ClusterOfProcesses cluster, ClusterLoad load, String killed) throws Exception {
        List<String> others =
                ClusterLoad.NODES.stream().filter(node -> !node.equals(killed)).toList();
        ClusterLoad.NODES.forEach(load::take);

        cluster.kill(killed);
        load.awaitMore(READS, others);
        cluster.awaitMembers(2, others.get(0), others.get(1));
        load.awaitMore(READS, others);

        assertThat(load.take(killed).gone()).isPositive();
        for (String node : others) {
            LoadTally.Figures figures = load.take(node);
            System.out.printf("%s killed, %s: %s%n", killed, node, figures);
            assertThat(figures.gone()).as(node).isZero();
            assertThat(figures.refused()).as(node).isLessThanOrEqualTo(node.equals(FRONT) ? MOST_REFUSED : 0);
            assertThat(figures.longestPause()).as(node).isLessThan(LONGEST);
        }

        if (killed.equals(FRONT)) {
            cluster.startFrontNode();
        } else {
            cluster.startCacheNode(killed);
        }
        cluster.awaitMembers(3, ClusterLoad.NODES.toArray(String[]::new));
        load.awaitMore(READS, ClusterLoad.NODES);
        for (String node : others) {
            LoadTally.Figures figures = load.take(node);
            System.out.printf("%s back, %s: %s%n", killed, node, figures);
            assertThat(figures.gone() + figures.refused()).as(node).isZero();
        }
    }
}
