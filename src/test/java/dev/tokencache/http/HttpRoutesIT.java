package dev.tokencache.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.Telemetry;
import dev.tokencache.TokenCache;
import dev.tokencache.cache.CacheOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The routes on a server and behind a router that others made. */
@Timeout(60)
class HttpRoutesIT {
    private static final String PATH = "/api/v0/tokens/demo/a.json";
    private static final String VALUE = "{\"token\":\"not-a-real-token\"}";
    private static final long HTTP_1_1_REQUIRED = 0xd;

    @TempDir
    Path directory;

    private final BlockingQueue<String> answered = new LinkedBlockingQueue<>();
    private final HttpOptions options = new HttpOptions().setTelemetry(new Telemetry() {
        @Override
        public void answered(String route, String method, int status, long nanos) {
            answered.add(method + " " + route + " " + status);
        }
    });
    private HttpStack stack;
    private HttpClientAgent client;
    private String token;

    /** An application whose server has one router. */
    private final class Application extends VerticleBase {
        private final BiConsumer<Router, HttpRoutes> routing;
        private HttpServer server;
        private HttpRoutes routes;

        Application(BiConsumer<Router, HttpRoutes> routing) {
            this.routing = routing;
        }

        @Override
        public Future<?> start() {
            Router router = Router.router(vertx);
            routes = new HttpRoutes(vertx, options, TokenCache.create(vertx), stack.access(), AuditTrail.NONE);
            routing.accept(router, routes);
            server = vertx.createHttpServer().requestHandler(router);
            return server.listen(0, "127.0.0.1");
        }

        @Override
        public Future<?> stop() {
            return routes.close();
        }
    }

    /** What was answered. */
    private record Answer(int status, String body) {
        String error() {
            return new JsonObject(body).getString("error");
        }
    }

    @BeforeEach
    void start() throws Exception {
        stack = new HttpStack(directory, files -> files);
        stack.put("demo/a.json", VALUE);
        stack.deployCache(new CacheOptions());
        token = stack.token(Set.of("*"), Duration.ofHours(1));
        client = stack.vertx.createHttpClient();
    }

    @AfterEach
    void stop() throws Exception {
        stack.close();
    }

    private Application deploy(BiConsumer<Router, HttpRoutes> routing) throws Exception {
        Application application = new Application(routing);
        HttpStack.await(stack.vertx.deployVerticle(application));
        return application;
    }

    private Answer send(Application application, HttpMethod method, String path, String body) throws Exception {
        return HttpStack.await(send(client, application, method, path, body));
    }

    private Future<Answer> send(
            HttpClientAgent with, Application application, HttpMethod method, String path, String body) {
        return with.request(new RequestOptions()
                        .setMethod(method)
                        .setHost("127.0.0.1")
                        .setPort(application.server.actualPort())
                        .setURI(path)
                        .putHeader("Authorization", "Bearer " + token)
                        .putHeader("Content-Type", "application/json"))
                .compose(request -> body == null ? request.send() : request.send(body))
                .compose(response -> response.body().map(bytes -> new Answer(response.statusCode(), bytes.toString())));
    }

    @Test
    void mountedDeeper_thePathsBelowAreThoseOfTheContract() throws Exception {
        Application application = deploy((router, routes) -> {
            Router api = Router.router(stack.vertx);
            api.route("/cache/*").subRouter(routes.router());
            router.route("/internal/*").subRouter(api);
        });

        assertThat(send(application, HttpMethod.GET, "/internal/cache" + PATH, null)
                        .body())
                .isEqualTo(VALUE);
        assertThat(send(application, HttpMethod.PUT, "/internal/cache/api/v0/tokens/demo/b.json", VALUE)
                        .status())
                .isEqualTo(201);
        assertThat(send(application, HttpMethod.GET, "/internal/cache/api/v0/tokens/demo?limit=1", null)
                        .body())
                .contains("\"a.json\"");
        assertThat(send(application, HttpMethod.GET, "/internal/cache/api/v0/absent", null)
                        .error())
                .isEqualTo("not_found");
    }

    @Test
    void mountedAtTheTop_itIsTheWholeServer() throws Exception {
        Application application = deploy((router, routes) -> router.route("/*").subRouter(routes.router()));

        assertThat(send(application, HttpMethod.GET, PATH, null).body()).isEqualTo(VALUE);
        assertThat(send(application, HttpMethod.GET, "/", null).status()).isEqualTo(200);
    }

    @Test
    void telemetryAndTheApplicationsEndHandlers_hearOfEachAnswer() throws Exception {
        BlockingQueue<Integer> ended = new LinkedBlockingQueue<>();
        Application application = deploy((router, routes) -> {
            router.route().handler(context -> {
                context.addEndHandler(done -> ended.add(context.response().getStatusCode()));
                context.next();
            });
            router.route("/tokens/*").subRouter(routes.router());
        });

        send(application, HttpMethod.PUT, "/tokens/api/v0/tokens/demo/b.json", "{");

        assertThat(ended.poll(30, TimeUnit.SECONDS)).isEqualTo(422);
        assertThat(answered.poll(30, TimeUnit.SECONDS)).isEqualTo("PUT /api/v0/tokens/{project}/{filename} 422");
        send(application, HttpMethod.GET, "/tokens" + PATH, null);
        send(application, HttpMethod.GET, "/tokens" + PATH, null);
        assertThat(ended.poll(30, TimeUnit.SECONDS)).isEqualTo(200);
        assertThat(ended.poll(30, TimeUnit.SECONDS)).isEqualTo(200);
        assertThat(answered.poll(30, TimeUnit.SECONDS)).isEqualTo("GET /api/v0/tokens/{project}/{filename} 200");
    }

    @Test
    void http2_isToldToComeOverHttp1() throws Exception {
        Application application =
                deploy((router, routes) -> router.route("/tokens/*").subRouter(routes.router()));
        HttpClientAgent http2 = stack.vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));

        Future<Answer> refused = send(http2, application, HttpMethod.GET, "/tokens" + PATH, null);

        assertThatThrownBy(() -> HttpStack.await(refused))
                .hasCauseInstanceOf(StreamResetException.class)
                .satisfies(failure -> assertThat(((StreamResetException) failure.getCause()).getCode())
                        .isEqualTo(HTTP_1_1_REQUIRED));
    }

    @Test
    void aBodyThatWasReadBefore_isADefectThatIsAnswered() throws Exception {
        Application application = deploy((router, routes) -> {
            router.route().handler(BodyHandler.create(false));
            router.route("/tokens/*").subRouter(routes.router());
        });

        assertThat(send(application, HttpMethod.PUT, "/tokens/api/v0/tokens/demo/b.json", VALUE)
                        .error())
                .isEqualTo("internal_error");
        assertThat(send(application, HttpMethod.GET, "/tokens" + PATH, null).status())
                .isEqualTo(200);
    }

    @Test
    void onAnotherEventLoop_isADefectThatIsAnswered() throws Exception {
        Application first = deploy((router, routes) -> router.route("/tokens/*").subRouter(routes.router()));
        Application second =
                deploy((router, routes) -> router.route("/tokens/*").subRouter(first.routes.router()));

        assertThat(List.of(
                        send(first, HttpMethod.GET, "/tokens" + PATH, null).status(),
                        send(second, HttpMethod.GET, "/tokens" + PATH, null).status()))
                .containsExactly(200, 500);
        assertThatThrownBy(() -> new HttpRoutes(
                        stack.vertx, options, TokenCache.create(stack.vertx), stack.access(), AuditTrail.NONE))
                .isInstanceOf(IllegalStateException.class);
    }
}
