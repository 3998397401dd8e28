package dev.tokencache.http;

import dev.tokencache.TokenCacheOptions;
import dev.tokencache.auth.AuthOptions;
import dev.tokencache.auth.FailedLogins;
import dev.tokencache.auth.JwtGate;
import dev.tokencache.auth.JwtIssuer;
import dev.tokencache.auth.KeyOptions;
import dev.tokencache.auth.Scope;
import dev.tokencache.auth.SigningKeyFile;
import dev.tokencache.cache.CacheOptions;
import dev.tokencache.cache.CacheVerticle;
import dev.tokencache.content.EtagKey;
import dev.tokencache.contract.ReplyCheck;
import dev.tokencache.file.FileSourceOptions;
import dev.tokencache.file.FileTokenSource;
import dev.tokencache.file.WatchOptions;
import dev.tokencache.file.WatcherVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** The three verticles over real files in this JVM, to be deployed and undeployed one by one, and a caller of them. */
final class HttpStack {
    private static final String BASE = "/api/v0/management/";
    private static final EtagKey ETAG_KEY = EtagKey.of("an etag key for tests only".getBytes(StandardCharsets.UTF_8));

    final Path root;
    final Vertx vertx = Vertx.vertx();
    private final TokenCacheOptions client = new TokenCacheOptions();
    private final HttpClient caller = HttpClient.newHttpClient();
    private final FileTokenSource source;
    private final JwtGate gate;
    private final byte[] key;
    private final String token;
    private UnaryOperator<HttpOptions> httpOptions = options -> options;
    private final ConnectionLimit connections = new ConnectionLimit(1_000);
    private volatile int port;

    /** @param directory empty, for the root and the keys */
    HttpStack(Path directory, UnaryOperator<FileSourceOptions> configure) throws Exception {
        root = Files.createDirectories(directory.resolve("root"));
        source = new FileTokenSource(
                vertx, configure.apply(new FileSourceOptions().setRoot(root).setEtagKey(ETAG_KEY)));
        Path keyFile = directory.resolve("signing.key");
        key = SigningKeyFile.generate(keyFile);
        gate = await(JwtGate.create(
                vertx, new AuthOptions().addKey(new KeyOptions().setId("main").setSecretFile(keyFile))));
        token = token(Set.of("*"), Duration.ofHours(1));
    }

    /** Changes what the verticles deployed from now on ask the cache with. */
    TokenCacheOptions client() {
        return client;
    }

    /** Changes how HTTP instances deployed from now on behave. */
    void http(UnaryOperator<HttpOptions> configure) {
        httpOptions = configure;
    }

    /** Makes another signing key: tokens of the old one are not accepted any more. */
    void replaceKey() throws Exception {
        Files.delete(root.resolveSibling("signing.key"));
        SigningKeyFile.generate(root.resolveSibling("signing.key"));
        gate.refresh();
    }

    /** How many connections are open to the HTTP instances. */
    int connections() {
        return connections.open();
    }

    int port() {
        return port;
    }

    /** A bearer token of all scopes for these projects. */
    String token(Set<String> projects, Duration life) {
        return JwtIssuer.issue(
                "main", "HS256", key, "tester", Set.of(Scope.values()), projects, life, null, null, Clock.systemUTC());
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /** Writes a file below the root, past the cache. */
    void put(String key, String content) throws Exception {
        Path file = root.resolve(key);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    String deployCache(CacheOptions options) throws Exception {
        return await(vertx.deployVerticle(new CacheVerticle(options, source)));
    }

    String deployWatcher() throws Exception {
        WatchOptions options =
                new WatchOptions().setInterval(Duration.ofMillis(100)).setCacheOptions(client);
        return await(vertx.deployVerticle(new WatcherVerticle(root, ETAG_KEY, options)));
    }

    /** @param bypassing whether reads may go to the files while the cache is away */
    String deployHttp(boolean bypassing) throws Exception {
        HttpVerticle http = new HttpVerticle(
                httpOptions.apply(new HttpOptions().setPort(0).setWatcherExpected(false)),
                client,
                bypassing ? source : null,
                access(),
                AuditTrail.NONE,
                connections);
        String id = await(vertx.deployVerticle(http));
        port = http.port();
        return id;
    }

    /** Who may, for routes on a server of a test's own. */
    Access access() {
        return new Access(gate, new FailedLogins(30), List.of());
    }

    void undeploy(String id) throws Exception {
        await(vertx.undeploy(id));
    }

    /**
     * The answer, which is in the contract.
     *
     * @param path absolute, or below the management API
     */
    CompletableFuture<HttpResponse<String>> sending(String method, String path, String body) {
        return caller.sendAsync(
                        HttpRequest.newBuilder(URI.create(
                                        "http://127.0.0.1:" + port + (path.startsWith("/") ? path : BASE + path)))
                                .header("Authorization", "Bearer " + token)
                                .header("Content-Type", "application/json")
                                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString())
                .thenApply(ReplyCheck::checkedText);
    }

    HttpResponse<String> send(String method, String path, String body) throws Exception {
        return sending(method, path, body).get(30, TimeUnit.SECONDS);
    }

    HttpResponse<String> get(String path) throws Exception {
        return send("GET", path, null);
    }

    CompletableFuture<HttpResponse<String>> getting(String project, String filename) {
        return sending("GET", "tokens/get?project=" + project + "&filename=" + filename, null);
    }

    JsonObject stats() throws Exception {
        return new JsonObject(get("cache/stats").body()).getJsonObject("cache");
    }

    FileTokenSource source() {
        return source;
    }

    void close() throws Exception {
        await(gate.close());
        await(source.close());
        await(vertx.close());
    }
}
