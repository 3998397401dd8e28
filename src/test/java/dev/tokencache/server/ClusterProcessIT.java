package dev.tokencache.server;

import static dev.tokencache.server.Api.ok;
import static dev.tokencache.server.ClusterOfProcesses.FIRST;
import static dev.tokencache.server.ClusterOfProcesses.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import dev.tokencache.Poll;
import dev.tokencache.redis.RealRedis;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node without files in a cluster of processes, and a server on its own. */
class ClusterProcessIT {
    private static final Duration END = Duration.ofSeconds(60);
    private static final String VALUE = "made-up-value";

    @TempDir
    Path directory;

    private static String content() {
        return "{\"token\":\"" + VALUE + "\"}";
    }

    /** The right value, or word that no cache is reached: nothing else is an answer. */
    private static boolean isServed(Api api) throws Exception {
        HttpResponse<byte[]> answer = api.get("demo", "a.json");
        if (answer.statusCode() == Failure.CACHE_UNREACHABLE.code()) {
            Api.assertFails(answer, Failure.CACHE_UNREACHABLE);
            return false;
        }
        assertThat(ok(answer).encode()).contains(VALUE);
        return true;
    }

    @Test
    @Timeout(240)
    void aNodeWithoutFiles_servesWhatRedisHolds_andAsksANodeWithFilesForTheRest() throws Exception {
        try (RealRedis redis = new RealRedis();
                ClusterOfProcesses cluster = new ClusterOfProcesses(directory)) {
            Files.writeString(cluster.file("a.json"), content());
            cluster.secret("tier", 4);
            String[] tier = {"redis.url=" + redis.url(), "redis.keyFile=../tier"};
            ServerProcess first = cluster.start(FIRST, with(tier, "cluster.expose=true"));
            cluster.start("bare", with(tier, "source=redis", "root=../empty"));
            Api api = cluster.api("bare");
            Poll.until(PATIENCE, () -> isServed(api), served -> served);

            Files.writeString(cluster.file("a.json"), "{\"token\":\"second\"}");

            Poll.until(PATIENCE, () -> Api.text(api.get("demo", "a.json")), text -> text.contains("second"));
            redis.kill();
            Files.writeString(cluster.file("a.json"), "{\"token\":\"third\"}");
            Poll.until(PATIENCE, () -> Api.text(api.get("demo", "a.json")), text -> text.contains("third"));
            first.terminate();
            Poll.until(PATIENCE, () -> api.get("demo", "a.json").statusCode(), status -> status == 503);
        }
    }

    private static String[] with(String[] some, String... more) {
        return Stream.concat(Arrays.stream(some), Arrays.stream(more)).toArray(String[]::new);
    }

    @Test
    @Timeout(180)
    void aServerOnItsOwn_loadsNoClassOfAClusterEngine() throws Exception {
        Path project = Files.createDirectories(directory.resolve("accounts/demo"));
        Files.writeString(project.resolve("a.json"), content());
        Path loaded = directory.resolve("loaded.txt");
        try (ServerProcess server =
                ServerProcess.startWith(List.of("-Xlog:class+load:file=" + loaded), List.of(), directory)) {
            assertThat(isServed(server.admin())).isTrue();
            server.terminate();
            assertThat(server.awaitEnd(END)).isZero();
        }

        assertThat(loaded)
                .content()
                .contains("dev.tokencache.server.ServerVerticle ")
                .doesNotContain("org.infinispan.", "org.jgroups.", "io.vertx.ext.cluster.", "dev.tokencache.cluster.");
    }
}
