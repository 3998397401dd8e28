package dev.tokencache.cluster;

import dev.tokencache.Operation;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenCacheOptions;
import dev.tokencache.auth.AuthOptions;
import dev.tokencache.auth.JwtGate;
import dev.tokencache.auth.JwtIssuer;
import dev.tokencache.auth.KeyOptions;
import dev.tokencache.auth.Scope;
import dev.tokencache.cache.CacheOptions;
import dev.tokencache.cache.CacheVerticle;
import dev.tokencache.content.EtagKey;
import dev.tokencache.file.FileSourceOptions;
import dev.tokencache.file.FileTokenSource;
import dev.tokencache.file.WatchOptions;
import dev.tokencache.file.WatcherVerticle;
import dev.tokencache.http.Pems;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** A member of a cluster in this JVM, with TLS and secret, on ports that were free: a cache of a root, or none. */
final class TestNode implements AutoCloseable {
    static final byte[] KEY = new byte[32];
    static final List<Scope> ALL = List.of(Scope.values());

    /** They tell at length. Levels are held weakly with their loggers. */
    private static final List<Logger> LIBRARIES = Stream.of("org.infinispan", "org.jgroups", "org.jboss")
            .map(Logger::getLogger)
            .toList();

    private static final EtagKey ETAGS = EtagKey.of("a fixture, not a key".getBytes(StandardCharsets.UTF_8));

    static {
        new Random(3).nextBytes(KEY);
        LIBRARIES.forEach(library -> library.setLevel(Level.WARNING));
    }

    final ClusterNode member;
    final Vertx vertx;
    ClusterVerticle exposed;
    private FileTokenSource source;

    private TestNode(ClusterNode member) {
        this.member = member;
        vertx = Vertx.builder()
                .with(new VertxOptions().setEventBusOptions(member.eventBusOptions()))
                .withClusterManager(member.clusterManager())
                .buildClustered()
                .await();
    }

    /** Files that all nodes of a test share; the CA and the secret are the test's own. */
    static ClusterOptions secured(Path directory, X509Bundle authority) throws Exception {
        Path ca = Pems.write(directory.resolve("ca.pem"), authority.getCertificatePEM());
        Path cert = directory.resolve("node.pem");
        Path key = directory.resolve("node.key");
        Pems.write(cert, key, Pems.issue(authority));
        return new ClusterOptions()
                .setName("test")
                .setPort(0)
                .setTls(cert, key, ca)
                .setSecretFile(secret(directory.resolve("secret"), 1));
    }

    static Path secret(Path file, int fill) throws Exception {
        byte[] bytes = new byte[32];
        new Random(fill).nextBytes(bytes);
        return Pems.write(file, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** Joins by way of another node, or is the first when that is null. */
    static TestNode join(ClusterOptions options, String name, TestNode other) throws Exception {
        ClusterOptions own = new ClusterOptions(options).setNode(name);
        List<InetSocketAddress> hosts = other == null ? List.of() : List.of(other.member.address());
        return new TestNode(ClusterNode.open(own.setHosts(hosts)));
    }

    /** Becomes a cache node whose watcher looks once and then only when it is told to. */
    TestNode serve(Path root) throws Exception {
        source =
                new FileTokenSource(vertx, new FileSourceOptions().setRoot(root).setEtagKey(ETAGS));
        vertx.deployVerticle(new CacheVerticle(new CacheOptions(), source)).await();
        WatchOptions watch = new WatchOptions()
                .setInterval(Duration.ofHours(1))
                .setHints(false)
                .setForeignHints(true);
        vertx.deployVerticle(new WatcherVerticle(root, ETAGS, watch)).await();
        exposed = new ClusterVerticle(Operation.DEFAULT_BASE_ADDRESS, member.name(), gate(KEY));
        vertx.deployVerticle(exposed).await();
        return this;
    }

    /** Judges by one key; goes with the Vert.x. */
    JwtGate gate(byte[] key) throws IOException {
        Path file = Files.createTempFile("key", "");
        try {
            Files.writeString(file, Base64.getUrlEncoder().withoutPadding().encodeToString(key));
            AuthOptions auth = new AuthOptions()
                    .addKey(new KeyOptions().setId("main").setAlgorithm("HS256").setSecretFile(file));
            return JwtGate.create(vertx, auth).await();
        } finally {
            Files.delete(file);
        }
    }

    /** The cache of this node, asked in its own process. */
    TokenCache local() {
        return TokenCache.create(vertx);
    }

    /** A cache of any node, asked over the cluster. */
    TokenCache front(Supplier<String> token) {
        return TokenCache.create(
                vertx,
                new TokenCacheOptions().setClustered(true).setToken(token).setTimeout(Duration.ofSeconds(10)));
    }

    static String token(byte[] key, Collection<Scope> scopes, Clock clock, String... projects) {
        return JwtIssuer.issue(
                "main", "HS256", key, "front", scopes, List.of(projects), Duration.ofMinutes(5), null, null, clock);
    }

    static String token(Collection<Scope> scopes, String... projects) {
        return token(KEY, scopes, Clock.systemUTC(), projects);
    }

    @Override
    public void close() {
        if (source != null) {
            source.close().await();
        }
        vertx.close().await();
        member.close();
    }
}
