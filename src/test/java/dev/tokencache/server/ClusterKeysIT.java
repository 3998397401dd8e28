package dev.tokencache.server;

import static dev.tokencache.server.ClusterOfProcesses.BOUND;
import static dev.tokencache.server.ClusterOfProcesses.FIRST;
import static dev.tokencache.server.ClusterOfProcesses.FRONT;
import static dev.tokencache.server.ClusterOfProcesses.KEY;
import static dev.tokencache.server.ClusterOfProcesses.PATIENCE;
import static dev.tokencache.server.ClusterOfProcesses.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Poll;
import dev.tokencache.auth.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Another key takes the place of the one for bearer tokens in a cluster that runs, with which nodes show each other who they are. */
@Timeout(180)
class ClusterKeysIT {
    private static final String NEXT = "next";
    private static final String LAST = "last";
    private static final String FILE = "a.json";

    /** Until a node surely has minted its own token with the keys that it goes by. */
    private static final Duration MINTED = Duration.ofSeconds(2);

    @TempDir
    Path directory;

    private ClusterOfProcesses cluster;
    private int version;

    private Api caller(String node, String key) {
        return cluster.api(node, key, List.of(Scope.values()));
    }

    private static int status(Api api) throws Exception {
        return api.get(ClusterOfProcesses.PROJECT, FILE).statusCode();
    }

    private void await(String node, String key, int status) throws Exception {
        Api api = caller(node, key);
        Poll.until(PATIENCE, () -> status(api), answer -> answer == status);
    }

    private void accept(String node, String... keys) throws Exception {
        cluster.acceptKeys(node, keys);
        await(node, keys[keys.length - 1], 200);
    }

    @Test
    void aKey_exchangedWhileAllNodesRun_isRefusedEverywhere_andTheNodesGoOnTogether() throws Exception {
        try (ClusterOfProcesses three = new ClusterOfProcesses(directory)) {
            cluster = three;
            cluster.secret(NEXT, 10);
            cluster.secret(LAST, 11);
            Files.writeString(cluster.file(FILE), "{}");
            cluster.startThree();
            for (String node : ClusterLoad.NODES) {
                await(node, KEY, 200);
                assertThat(status(caller(node, NEXT))).isEqualTo(401);
            }

            exchangeInOrder();
            assertWorkTogether(KEY, NEXT);
            for (String node : List.of(FIRST, SECOND)) {
                assertThat(ClusterOfProcesses.figure(caller(node, NEXT), "refused"))
                        .isZero();
            }

            for (String node : ClusterLoad.NODES) {
                cluster.acceptKeys(node, LAST);
            }
            for (String node : ClusterLoad.NODES) {
                await(node, LAST, 200);
            }
            assertWorkTogether(NEXT, LAST);
            for (String node : ClusterLoad.NODES) {
                assertThat(cluster.node(node).stderr()).doesNotContain("ERROR", "cluster.token.lacking");
            }
        }
    }

    /** As the manual says: no request fails meanwhile. */
    private void exchangeInOrder() throws Exception {
        try (Readers atFront = Readers.start(caller(FRONT, KEY));
                Readers atFirst = Readers.start(caller(FIRST, KEY))) {
            accept(FIRST, KEY, NEXT);
            accept(SECOND, KEY, NEXT);
            accept(FRONT, KEY, NEXT);
            atFront.use(caller(FRONT, NEXT));
            atFirst.use(caller(FIRST, NEXT));

            accept(FRONT, NEXT);
            await(FRONT, KEY, 401);
            long taken = System.nanoTime();
            Poll.until(
                    PATIENCE,
                    () -> status(caller(FRONT, NEXT)),
                    status -> System.nanoTime() - taken > MINTED.toNanos());
            accept(FIRST, NEXT);
            accept(SECOND, NEXT);
            await(FIRST, KEY, 401);
            await(SECOND, KEY, 401);
            atFront.awaitMore(50);
            atFirst.awaitMore(50);
        }
    }

    private void assertWorkTogether(String old, String next) throws Exception {
        for (String node : ClusterLoad.NODES) {
            await(node, old, 401);
            String content = ClusterLoad.content(++version);
            Api writer = caller(node, next);
            assertThat(ClusterLoad.put(writer, FILE, content).statusCode()).isEqualTo(204);
            for (String reader : ClusterLoad.NODES) {
                Api api = caller(reader, next);
                Poll.until(BOUND, () -> Api.text(api.get(ClusterLoad.path(FILE))), content::equals);
            }
        }
        Api told = caller(SECOND, next);
        long before = ClusterOfProcesses.figure(told, "hintsHeard");
        Poll.until(
                PATIENCE,
                () -> {
                    ClusterLoad.put(caller(FIRST, next), FILE, ClusterLoad.content(++version));
                    return ClusterOfProcesses.figure(told, "hintsHeard");
                },
                heard -> heard > before);
    }
}
