package dev.tokencache.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.CacheStatus;
import dev.tokencache.Failure;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.tracing.TracingPolicy;
import java.util.Collection;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TracesTest {
    private static final String ROUTE = "/tokens/{filename}";

    private final SpanList collector = new SpanList();
    private final Traces traces = new Traces(new TracingOptions().setServiceName("tested"), collector);
    private final Vertx vertx = Vertx.builder().withTracer(traces.factory()).build();

    @AfterEach
    void close() {
        traces.close(vertx).await();
        vertx.close().await();
    }

    /** The client is closed here and not sooner: one that nobody holds is closed when the collector finds it, in mid-request. */
    private void get(int port, String uri) {
        HttpClientAgent client = vertx.createHttpClient();
        client.request(HttpMethod.GET, port, "127.0.0.1", uri)
                .compose(request -> request.send())
                .compose(response -> response.end())
                .await();
        client.close().await();
    }

    /** Serves one request with that work, and ends the traces. */
    private void serve(String uri, Supplier<Future<?>> work) {
        int port = vertx.createHttpServer(
                        new HttpServerOptions().setHost("127.0.0.1").setTracingPolicy(TracingPolicy.ALWAYS))
                .requestHandler(request -> work.get()
                        .onComplete(done -> request.response()
                                .setStatusCode(done.succeeded() ? 200 : 503)
                                .end()))
                .listen(0)
                .await()
                .actualPort();
        get(port, uri);
        traces.close(vertx).await();
    }

    @Test
    void step_inARequest_isAChildOfItsSpan() {
        serve("/tokens/CANARY.json?a=CANARY", () -> {
            traces.routed(ROUTE, "id-1");
            return traces.step("outer", () -> {
                traces.lookedUp(CacheStatus.MISS);
                return traces.step("inner", Future::succeededFuture);
            });
        });

        SpanData request = collector.named("GET " + ROUTE);
        SpanData outer = collector.named("outer");
        SpanData inner = collector.named("inner");
        assertThat(collector.spans()).hasSize(3).allSatisfy(span -> {
            assertThat(span.getTraceId()).isEqualTo(request.getTraceId());
            assertThat(span.getAttributes().asMap().values())
                    .noneMatch(value -> value.toString().contains("CANARY"));
            assertThat(span.getResource().getAttribute(AttributeKey.stringKey("service.name")))
                    .isEqualTo("tested");
        });
        assertThat(outer.getParentSpanId()).isEqualTo(request.getSpanId());
        assertThat(inner.getParentSpanId()).isEqualTo(outer.getSpanId());
        assertThat(outer.getAttributes().get(Attributed.CACHE)).isEqualTo("MISS");
        assertThat(request.getAttributes().get(Attributed.REQUEST_ID)).isEqualTo("id-1");
    }

    @Test
    void step_thatFails_saysTheMachineNameAlone() {
        serve(
                "/",
                () -> traces.step("fails", () -> Future.failedFuture(Failure.STORAGE_BUSY.exception()))
                        .recover(cause -> traces.step("throws", () -> {
                            throw new IllegalStateException("CANARY");
                        }))
                        .recover(cause -> Future.succeededFuture()));

        assertThat(collector.named("fails").getStatus()).isEqualTo(StatusData.error());
        assertThat(collector.named("fails").getAttributes().get(Attributed.ERROR))
                .isEqualTo("storage_busy");
        assertThat(collector.named("throws").getAttributes().get(Attributed.ERROR))
                .isEqualTo("internal_error");
        assertThat(collector.spans()).allSatisfy(span -> {
            assertThat(span.getEvents()).isEmpty();
            assertThat(span.getStatus().getDescription()).isEmpty();
        });
    }

    @Test
    void step_ofNoRequest_isNoSpan() {
        assertThat(traces.step("alone", () -> Future.succeededFuture(1)).result())
                .isEqualTo(1);
        assertThatThrownBy(() -> traces.step("alone", () -> {
                    throw new IllegalStateException("own");
                }))
                .hasMessage("own");
        traces.close(vertx).await();

        assertThat(collector.spans()).isEmpty();
    }

    @Test
    void requests_forHealthAndFigures_areNotTraced() {
        serve("/health/ready", () -> traces.step("look", Future::succeededFuture));

        assertThat(collector.spans()).isEmpty();
    }

    @Test
    void request_ofAShareOfNone_isNotTraced() {
        SpanList none = new SpanList();
        Traces few = new Traces(new TracingOptions().setSampleRatio(0), none);
        Vertx other = Vertx.builder().withTracer(few.factory()).build();
        int port = other.createHttpServer(
                        new HttpServerOptions().setHost("127.0.0.1").setTracingPolicy(TracingPolicy.ALWAYS))
                .requestHandler(request -> request.response().end())
                .listen(0)
                .await()
                .actualPort();
        get(port, "/");
        few.close(other).await();
        other.close().await();

        assertThat(none.spans()).isEmpty();
    }

    @Test
    void close_withACollectorThatHangs_endsAllTheSame() {
        SpanExporter hung = new SpanExporter() {
            @Override
            public CompletableResultCode export(Collection<SpanData> spans) {
                return new CompletableResultCode();
            }

            @Override
            public CompletableResultCode flush() {
                return new CompletableResultCode();
            }

            @Override
            public CompletableResultCode shutdown() {
                return new CompletableResultCode();
            }
        };

        assertThat(new Traces(new TracingOptions(), hung).close(vertx).await()).isNull();
    }
}
