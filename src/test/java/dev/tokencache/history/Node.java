package dev.tokencache.history;

import dev.tokencache.TokenCache;
import dev.tokencache.TokenCacheOptions;
import dev.tokencache.TokenSource;
import dev.tokencache.auth.AuthOptions;
import dev.tokencache.auth.FailedLogins;
import dev.tokencache.auth.JwtGate;
import dev.tokencache.auth.JwtIssuer;
import dev.tokencache.auth.KeyOptions;
import dev.tokencache.auth.Scope;
import dev.tokencache.auth.SigningKeyFile;
import dev.tokencache.cache.CacheVerticle;
import dev.tokencache.content.EtagKey;
import dev.tokencache.file.FileSourceOptions;
import dev.tokencache.file.FileTokenSource;
import dev.tokencache.file.WatcherVerticle;
import dev.tokencache.http.Access;
import dev.tokencache.http.AuditTrail;
import dev.tokencache.http.ConnectionLimit;
import dev.tokencache.http.HttpOptions;
import dev.tokencache.http.HttpVerticle;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Everything a server is made of, on real files, in this JVM. Nothing bypasses the cache: each answer is its own. */
final class Node implements AutoCloseable {
    private static final EtagKey ETAG_KEY = EtagKey.of(new byte[32]);
    private static final int CONNECTIONS = 100;

    /** With patience, so that a busy machine makes answers late and not errors. */
    private static final TokenCacheOptions CLIENT = new TokenCacheOptions().setTimeout(Duration.ofSeconds(20));

    private final Path directory;
    private final Vertx vertx = Vertx.vertx();
    private final Deque<Supplier<Future<?>>> started = new ArrayDeque<>();
    private String token;
    private int port;

    /** A node that works in an empty directory. */
    Node(Path directory) {
        this.directory = directory;
    }

    /** Starts everything. The tampering comes first. */
    void start(Setting setting, Random random, Consumer<Vertx> tampering) throws Exception {
        for (int project = 0; project < Keys.PROJECTS; project++) {
            Files.createDirectories(root().resolve(Keys.projectName(project)));
        }
        started.push(vertx::close);
        tampering.accept(vertx);
        FileTokenSource files = new FileTokenSource(
                vertx, new FileSourceOptions().setRoot(root()).setEtagKey(ETAG_KEY));
        started.push(files::close);
        TokenSource source = setting.lateDisk() ? new LateSource(vertx, files, random) : files;
        deploy(new CacheVerticle(setting.cache(), source));
        deploy(new WatcherVerticle(root(), ETAG_KEY, setting.watch()));
        startHttp();
    }

    private void deploy(Deployable verticle) throws Exception {
        String id = await(vertx.deployVerticle(verticle));
        started.push(() -> vertx.undeploy(id));
    }

    private void startHttp() throws Exception {
        Path keyFile = directory.resolve("signing.key");
        byte[] key = SigningKeyFile.generate(keyFile);
        JwtGate gate = await(JwtGate.create(
                vertx, new AuthOptions().addKey(new KeyOptions().setId("main").setSecretFile(keyFile))));
        started.push(gate::close);
        token = JwtIssuer.issue(
                "main",
                "HS256",
                key,
                "tester",
                List.of(Scope.values()),
                Set.of(JwtIssuer.ALL_PROJECTS),
                Duration.ofHours(1),
                null,
                null,
                Clock.systemUTC());
        HttpVerticle http = new HttpVerticle(
                new HttpOptions().setPort(0),
                CLIENT,
                null,
                new Access(gate, new FailedLogins(30), List.of()),
                AuditTrail.NONE,
                new ConnectionLimit(CONNECTIONS));
        deploy(http);
        port = http.port();
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    Path root() {
        return directory.resolve("accounts");
    }

    /** A client for the context that this is called on. */
    TokenCache client() {
        return TokenCache.create(vertx, CLIENT);
    }

    ClientPort clientPort(Recorder recorder) {
        return new ClientPort(client(), recorder);
    }

    LoopPort loopPort(Recorder recorder) throws Exception {
        return new LoopPort(vertx, this::client, recorder);
    }

    HttpPort httpPort(Recorder recorder) {
        return new HttpPort(port, token, recorder);
    }

    /** Stops everything that was started, last first. */
    @Override
    public void close() {
        while (!started.isEmpty()) {
            started.pop()
                    .get()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(60, TimeUnit.SECONDS)
                    .join();
        }
    }
}
