package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import dev.tokencache.auth.JwtIssuer;
import dev.tokencache.auth.Scope;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a server sends to a collector, down to the bytes, and that it does without one. */
@Timeout(60)
class TracingIT {
    private static final Duration END = Duration.ofSeconds(20);
    private static final String GET = "GET /api/v0/management/tokens/get";
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CALLER = "b7ad6b7169203331";
    private static final String UNSAMPLED = "1af7651916cd43dd8448eb211c80319c";
    private static final String HOSTILE = "2af7651916cd43dd8448eb211c80319c";

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final Queue<Buffer> bodies = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        vertx.close().await();
    }

    private String collector(int status) {
        int port = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    if (request.path().equals("/v1/traces")
                            && "application/x-protobuf".equals(request.getHeader("Content-Type"))) {
                        bodies.add(body);
                    }
                    request.response().setStatusCode(status).end();
                }))
                .listen(0, "127.0.0.1")
                .await()
                .actualPort();
        return "tracing.endpoint=http://127.0.0.1:" + port + "/v1/traces";
    }

    private void putFile() throws Exception {
        Path project = Files.createDirectories(directory.resolve("accounts/CANARYproject"));
        Files.writeString(project.resolve("CANARYfile.json"), "{\"token\":\"CANARYvalue\"}");
        Files.writeString(project.resolve("CANARYbroken.json"), "CANARYbroken");
    }

    private static HttpRequest.Builder get(Api api, String filename, String... headers) {
        HttpRequest.Builder request = api.request("tokens/get?project=CANARYproject&filename=" + filename);
        return headers.length == 0 ? request : request.headers(headers);
    }

    private static String traceparent(String trace, String flags) {
        return "00-" + trace + "-" + CALLER + "-" + flags;
    }

    @Test
    void requests_fromHttpToFile_areOneTraceWithoutASecret() throws Exception {
        putFile();
        String token;
        try (ServerProcess server = ServerProcess.start(directory, "tracing.enabled=true", collector(200))) {
            token = server.token(List.of(Scope.values()), JwtIssuer.ALL_PROJECTS);
            Api api = new Api(server.port(), token);
            api.send(get(api, "CANARYfile.json", "traceparent", traceparent(TRACE, "01"), "tracestate", "a=CANARY"));
            api.send(get(api, "CANARYfile.json", "traceparent", traceparent(UNSAMPLED, "00")));
            for (String hostile : List.of(
                    "ff-" + HOSTILE + "-" + CALLER + "-01",
                    "00-" + HOSTILE + "-" + CALLER + "-01-CANARY",
                    "00-" + HOSTILE + "-0000000000000000-01",
                    "CANARY".repeat(200))) {
                api.send(get(api, "CANARYfile.json", "traceparent", hostile, "tracestate", "a=CANARY"));
            }
            String twice = "traceparent: " + traceparent(HOSTILE, "01") + "\r\n";
            api.raw("CANARY /CANARY?CANARY HTTP/1.1\r\nHost: CANARY\r\nUser-Agent: CANARY\r\nConnection: close\r\n"
                    + twice + twice + "\r\n");
            Api.assertFails(api.send(get(api, "CANARYbroken.json")), Failure.INVALID_TOKEN_FILE);
            Api.assertFails(new Api(server.port(), "CANARY").get("CANARYproject", "a.json"), Failure.UNAUTHORIZED);
            api.get("/health/ready");
            server.terminate();
            assertThat(server.awaitEnd(END)).isZero();
        }

        assertThat(bodies)
                .isNotEmpty()
                .allSatisfy(body -> assertThat(text(body))
                        .doesNotContain("CANARY", token, token.substring(token.lastIndexOf('.') + 1)));
        List<Span> spans = spans();
        assertOneTrace(spans);
        assertThat(spans.stream().map(span -> hex(span.getTraceId().toByteArray())))
                .doesNotContain(UNSAMPLED, HOSTILE);
        assertThat(spans.stream().filter(span -> span.getName().equals(GET))).hasSize(7);
        assertThat(spans.stream().map(Span::getName)).contains("_OTHER").noneMatch(name -> name.contains("health"));
        assertThat(spans).allSatisfy(span -> {
            assertThat(span.getTraceState()).isEmpty();
            assertThat(span.getEventsList()).isEmpty();
        });
    }

    /** The caller's span, the request, its message, as sent and as received, the load, the read of the file. */
    private static void assertOneTrace(List<Span> spans) {
        Map<String, Span> byId = new HashMap<>();
        spans.forEach(span -> byId.put(hex(span.getSpanId().toByteArray()), span));
        Span read = spans.stream()
                .filter(span -> span.getName().equals("file read") && isIn(span, TRACE))
                .findFirst()
                .orElseThrow();
        Span load = byId.get(parent(read));
        Span received = byId.get(parent(load));
        Span sent = byId.get(parent(received));
        Span request = byId.get(parent(sent));
        assertThat(load.getName()).isEqualTo("cache load");
        assertThat(received.getName()).isEqualTo(sent.getName());
        assertThat(attributes(received)).containsEntry("tokencache.cache", "MISS");
        assertThat(request.getName()).isEqualTo(GET);
        assertThat(attributes(request)).containsEntry("http.response.status_code", "200");
        assertThat(parent(request)).isEqualTo(CALLER);
        assertThat(List.of(load, received, sent, request)).allMatch(span -> isIn(span, TRACE));
    }

    private static boolean isIn(Span span, String trace) {
        return hex(span.getTraceId().toByteArray()).equals(trace);
    }

    private static String parent(Span span) {
        return hex(span.getParentSpanId().toByteArray());
    }

    private static Map<String, String> attributes(Span span) {
        Map<String, String> attributes = new HashMap<>();
        span.getAttributesList()
                .forEach(each -> attributes.put(each.getKey(), each.getValue().getStringValue()));
        return attributes;
    }

    private List<Span> spans() throws Exception {
        List<Span> spans = new ArrayList<>();
        for (Buffer body : bodies) {
            ExportTraceServiceRequest.parseFrom(body.getBytes()).getResourceSpansList().stream()
                    .flatMap(resource -> resource.getScopeSpansList().stream())
                    .forEach(scope -> spans.addAll(scope.getSpansList()));
        }
        return spans;
    }

    private static String text(Buffer body) {
        return new String(body.getBytes(), StandardCharsets.ISO_8859_1);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void collector_thatRefuses_isSaidOnceAndServingGoesOn() throws Exception {
        putFile();
        try (ServerProcess server = ServerProcess.start(directory, "tracing.enabled=true", collector(400))) {
            Api api = server.admin();
            for (int i = 0; i < 200; i++) { // three spans each: a full batch, which is sent at once, and some
                Api.ok(api.send(get(api, "CANARYfile.json")));
            }
            server.terminate();
            assertThat(server.awaitEnd(END)).isZero();

            assertThat(server.stderr().lines().filter(line -> line.contains("WARN")))
                    .hasSize(1)
                    .allMatch(line -> line.contains("tracing.export.failed lost="));
            assertThat(server.stderr()).doesNotContain("CANARY", "io.opentelemetry");
        }
        assertThat(bodies).hasSizeGreaterThan(1);
    }

    @Test
    void tracing_notAskedFor_loadsNoClassOfIt() throws Exception {
        putFile();
        Path loaded = directory.resolve("loaded.txt");
        try (ServerProcess server =
                ServerProcess.startWith(List.of("-Xlog:class+load:file=" + loaded), List.of(), directory)) {
            Api api = server.admin();
            Api.ok(api.send(get(api, "CANARYfile.json")));
            Api.ok(api.send(get(api, "CANARYfile.json")));
            server.terminate();
            assertThat(server.awaitEnd(END)).isZero();
        }

        assertThat(loaded)
                .content()
                .contains("dev.tokencache.server.ServerVerticle ")
                .doesNotContain("io.opentelemetry.", "io.vertx.tracing.opentelemetry.");
    }
}
