package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Poll;
import dev.tokencache.auth.JwtIssuer;
import dev.tokencache.auth.Scope;
import dev.tokencache.auth.SigningKeyFile;
import dev.tokencache.http.Pems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Nodes of a cluster as processes of their own, with TLS and secret on loopback. Each works in a directory of its own; root, keys
 * and the cluster's files are the same for all. The keys of bearer tokens are named in each node's configuration file.
 */
final class ClusterOfProcesses implements AutoCloseable {
    static final String FIRST = "first";
    static final String SECOND = "second";
    static final String FRONT = "front";
    static final String PROJECT = "demo";

    /** The key that all nodes start with; its file has the same name. */
    static final String KEY = "main";

    /** C2, with the default interval of a second: interval, a scan on a busy machine, and two seconds. */
    static final Duration BOUND = Duration.ofMillis(3_500);

    static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Pattern JOINED = Pattern.compile("cluster\\.joined node=\\S+ port=([0-9]+)");
    private static final Pattern CHOSEN = Pattern.compile("cluster\\.node\\.chosen node=([a-z]+)-");

    private final Path directory;
    private final Map<String, ServerProcess> nodes = new ConcurrentHashMap<>();

    ClusterOfProcesses(Path directory) throws Exception {
        this.directory = directory;
        Files.createDirectories(root().resolve(PROJECT));
        int seed = 0;
        for (String name : List.of(KEY, "etag", "cluster")) {
            secret(name, ++seed);
        }
        var authority = Pems.authority("cluster");
        Pems.write(directory.resolve("ca.pem"), authority.getCertificatePEM());
        Pems.write(directory.resolve("node.pem"), directory.resolve("node.key"), Pems.issue(authority));
    }

    /** Makes a file that holds a secret. */
    void secret(String name, int seed) throws Exception {
        byte[] bytes = new byte[32];
        new Random(seed).nextBytes(bytes);
        Pems.write(
                directory.resolve(name), Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** The directory of the projects, which the cache nodes share. */
    Path root() {
        return directory.resolve("accounts");
    }

    /** The file of a token. */
    Path file(String filename) {
        return root().resolve(PROJECT).resolve(filename);
    }

    /** A directory that a front node would have for its root, if it made one. */
    Path frontRoot() {
        return directory.resolve("empty");
    }

    /** Two cache nodes and a front node, all of which know all three. */
    ClusterOfProcesses startThree() throws Exception {
        startCacheNode(FIRST);
        ExecutorService both = Executors.newFixedThreadPool(2);
        try {
            List<Callable<ServerProcess>> starts = List.of(() -> startCacheNode(SECOND), this::startFrontNode);
            for (Future<ServerProcess> started : both.invokeAll(starts)) {
                started.get();
            }
        } finally {
            both.shutdownNow();
        }
        awaitMembers(3, FIRST, SECOND, FRONT);
        return this;
    }

    ServerProcess startCacheNode(String name) throws Exception {
        return start(name, "cluster.expose=true");
    }

    ServerProcess startFrontNode() throws Exception {
        return start(FRONT, "roles=[http]", "root=../empty");
    }

    /** Starts a node, for the first time or again; it joins one of those that run. */
    ServerProcess start(String name, String... more) throws Exception {
        List<String> sets = new ArrayList<>(List.of(
                "root=../accounts",
                "cache.etagKeyFile=../etag",
                "auth.maxFailuresPerMinute=1000000",
                "cluster.enabled=true",
                "cluster.node=" + name,
                "cluster.port=0",
                "cluster.secretFile=../cluster",
                "cluster.tls.cert=../node.pem",
                "cluster.tls.key=../node.key",
                "cluster.tls.ca=../ca.pem"));
        List<String> hosts = new ArrayList<>();
        for (ServerProcess other : nodes.values()) {
            Matcher joined = JOINED.matcher(other.stderr());
            assertThat(joined.find()).isTrue();
            hosts.add("127.0.0.1:" + joined.group(1));
        }
        sets.add("cluster.hosts=" + hosts);
        sets.addAll(Arrays.asList(more));
        Path own = Files.createDirectories(directory.resolve(name));
        if (!Files.exists(configuration(name))) {
            acceptKeys(name, KEY);
        }
        ServerProcess started = ServerProcess.start(own, sets.toArray(String[]::new));
        nodes.put(name, started);
        return started;
    }

    private Path configuration(String name) {
        return directory.resolve(name).resolve("conf/token-cache.yaml");
    }

    /** Writes into a node's configuration which keys sign good tokens; their files have their names. */
    void acceptKeys(String name, String... keys) throws IOException {
        StringBuilder yaml = new StringBuilder("auth:\n  keys:\n");
        for (String key : keys) {
            yaml.append("    - {id: %s, algorithm: HS256, secretFile: ../%s}\n".formatted(key, key));
        }
        Path file = configuration(name);
        Files.createDirectories(file.getParent());
        Path next = Files.writeString(file.resolveSibling("next"), yaml);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** A node that runs; null for one that was killed. */
    ServerProcess node(String name) {
        return nodes.get(name);
    }

    /** SIGKILL; returns when it is gone. */
    void kill(String name) {
        nodes.get(name).close();
        nodes.remove(name);
    }

    /** A caller of a node with everything on all projects. */
    Api api(String name) {
        return api(name, KEY, List.of(Scope.values()));
    }

    /** A caller of a node whose token was signed with a key. */
    Api api(String name, String key, Collection<Scope> scopes) {
        return new Api(node(name).port(), token(key, scopes));
    }

    /** A bearer token for all projects that was signed with a key. */
    String token(String key, Collection<Scope> scopes) {
        return JwtIssuer.issue(
                key,
                "HS256",
                SigningKeyFile.read(directory.resolve(key)),
                "tester",
                scopes,
                List.of(JwtIssuer.ALL_PROJECTS),
                Duration.ofHours(1),
                null,
                null,
                Clock.systemUTC());
    }

    /** Which cache node the front node has gone over to last; empty before the first. */
    String chosen() throws IOException {
        String last = "";
        Matcher chosen = CHOSEN.matcher(node(FRONT).stderr());
        while (chosen.find()) {
            last = chosen.group(1);
        }
        return last;
    }

    /** The other one of the two cache nodes. */
    static String otherThan(String cacheNode) {
        return cacheNode.equals(FIRST) ? SECOND : FIRST;
    }

    /** Waits until each of these nodes sees so many. */
    void awaitMembers(int count, String... names) throws Exception {
        for (String name : names) {
            Api api = api(name);
            Poll.until(PATIENCE, () -> members(api), members -> members == count);
        }
    }

    private static int members(Api api) throws Exception {
        Matcher members =
                Pattern.compile("(?m)^tokencache_cluster_members ([0-9]+)").matcher(Api.text(api.get("/metrics")));
        return members.find() ? Integer.parseInt(members.group(1)) : -1;
    }

    /** A number that a cache node says of the cluster. */
    static long figure(Api api, String name) throws Exception {
        return Api.ok(api.get("cache/stats")).getJsonObject("cluster").getLong(name);
    }

    /** What the nodes that run have logged of the cluster, for the words of a failed test. */
    String logs() {
        StringBuilder logs = new StringBuilder();
        nodes.forEach((name, process) -> {
            try {
                process.stderr()
                        .lines()
                        .filter(line -> line.contains("cluster.") || line.contains(" ERROR "))
                        .forEach(line ->
                                logs.append(name).append(": ").append(line).append('\n'));
            } catch (IOException e) {
                logs.append(name).append(" has no log");
            }
        });
        return logs.toString();
    }

    /** Kills what runs. */
    @Override
    public void close() {
        nodes.values().forEach(ServerProcess::close);
        nodes.clear();
    }
}
