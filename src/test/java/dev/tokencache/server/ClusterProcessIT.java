package dev.tokencache.server;

import static dev.tokencache.server.Api.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import dev.tokencache.auth.JwtIssuer;
import dev.tokencache.auth.Scope;
import dev.tokencache.auth.SigningKeyFile;
import dev.tokencache.http.Pems;
import dev.tokencache.redis.RealRedis;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes of a cluster as processes of their own, with TLS and secret on loopback; and a server on its own. */
class ClusterProcessIT {
    private static final Pattern JOINED = Pattern.compile("cluster\\.joined node=\\S+ port=([0-9]+)");
    private static final Pattern CHOSEN = Pattern.compile("cluster\\.node\\.chosen node=(first|second)-");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration END = Duration.ofSeconds(60);
    private static final String VALUE = "made-up-value";
    private static final int READS = 300;

    /** A reader that asks one after the other waits in each for the dead node: few are enough until the others know. */
    private static final int MOST_ERRORS = 20;

    @TempDir
    Path directory;

    private void files() throws Exception {
        Path project = Files.createDirectories(directory.resolve("accounts/demo"));
        Files.writeString(project.resolve("a.json"), "{\"token\":\"" + VALUE + "\"}");
        secret("jwt", 1);
        secret("etag", 2);
        secret("cluster", 3);
        var authority = Pems.authority("cluster");
        Pems.write(directory.resolve("ca.pem"), authority.getCertificatePEM());
        Pems.write(directory.resolve("node.pem"), directory.resolve("node.key"), Pems.issue(authority));
    }

    private void secret(String name, int seed) throws Exception {
        byte[] bytes = new byte[32];
        new Random(seed).nextBytes(bytes);
        Pems.write(
                directory.resolve(name), Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** A server in a directory of its own; root, keys and the cluster's files are the same for all. */
    private ServerProcess node(String name, ServerProcess other, String... more) throws Exception {
        List<String> sets = new ArrayList<>(List.of(
                "root=../accounts",
                "cache.etagKeyFile=../etag",
                "auth.keys=[{id: main, algorithm: HS256, secretFile: ../jwt}]",
                "cluster.enabled=true",
                "cluster.node=" + name,
                "cluster.port=0",
                "cluster.secretFile=../cluster",
                "cluster.tls.cert=../node.pem",
                "cluster.tls.key=../node.key",
                "cluster.tls.ca=../ca.pem"));
        if (other != null) {
            Matcher joined = JOINED.matcher(other.stderr());
            assertThat(joined.find()).isTrue();
            sets.add("cluster.hosts=[127.0.0.1:" + joined.group(1) + "]");
        }
        sets.addAll(Arrays.asList(more));
        return ServerProcess.start(Files.createDirectories(directory.resolve(name)), sets.toArray(String[]::new));
    }

    private Api reader(ServerProcess node) {
        return new Api(
                node.port(),
                JwtIssuer.issue(
                        "main",
                        "HS256",
                        SigningKeyFile.read(directory.resolve("jwt")),
                        "tester",
                        List.of(Scope.TOKENS_READ),
                        List.of("demo"),
                        Duration.ofHours(1),
                        null,
                        null,
                        Clock.systemUTC()));
    }

    /** Which node the front node has gone over to last. */
    private static String chosen(ServerProcess front) throws Exception {
        String last = "";
        Matcher chosen = CHOSEN.matcher(front.stderr());
        while (chosen.find()) {
            last = chosen.group(1);
        }
        return last;
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
    void aCacheNode_killed_readsThroughAFrontNodeGoOn() throws Exception {
        files();
        try (ServerProcess first = node("first", null, "cluster.expose=true");
                ServerProcess second = node("second", first, "cluster.expose=true");
                ServerProcess front = node("front", first, "roles=[http]", "root=../empty")) {
            Api api = reader(front);
            Poll.until(PATIENCE, () -> isServed(api), served -> served);
            String before = chosen(front);
            ServerProcess killed = before.equals("first") ? first : second;

            killed.close();
            int served = 0;
            int errors = 0;
            while (served < READS) {
                if (isServed(api)) {
                    served++;
                } else {
                    errors++;
                }
                assertThat(errors).isLessThanOrEqualTo(MOST_ERRORS);
            }

            assertThat(chosen(front)).isNotEmpty().isNotEqualTo(before);
            assertThat(directory.resolve("empty")).isEmptyDirectory();
            System.out.printf("cluster: a cache node killed: %d reads served, %d not%n", served, errors);
        }
    }

    @Test
    @Timeout(240)
    void aNodeWithoutFiles_servesWhatRedisHolds_andAsksANodeWithFilesForTheRest() throws Exception {
        files();
        secret("tier", 4);
        try (RealRedis redis = new RealRedis()) {
            String[] tier = {"redis.url=" + redis.url(), "redis.keyFile=../tier"};
            try (ServerProcess first = node("first", null, with(tier, "cluster.expose=true"));
                    ServerProcess bare = node("bare", first, with(tier, "source=redis", "root=../empty"))) {
                Api api = reader(bare);
                Poll.until(PATIENCE, () -> isServed(api), served -> served);

                Files.writeString(directory.resolve("accounts/demo/a.json"), "{\"token\":\"second\"}");

                Poll.until(PATIENCE, () -> Api.text(api.get("demo", "a.json")), text -> text.contains("second"));
                redis.kill();
                Files.writeString(directory.resolve("accounts/demo/a.json"), "{\"token\":\"third\"}");
                Poll.until(PATIENCE, () -> Api.text(api.get("demo", "a.json")), text -> text.contains("third"));
                first.terminate();
                Poll.until(PATIENCE, () -> api.get("demo", "a.json").statusCode(), status -> status == 503);
            }
        }
    }

    private static String[] with(String[] some, String... more) {
        return Stream.concat(Arrays.stream(some), Arrays.stream(more)).toArray(String[]::new);
    }

    @Test
    @Timeout(180)
    void aServerOnItsOwn_loadsNoClassOfAClusterEngine() throws Exception {
        files();
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
