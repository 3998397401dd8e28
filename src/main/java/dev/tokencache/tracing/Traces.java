package dev.tokencache.tracing;

import dev.tokencache.CacheStatus;
import dev.tokencache.Failure;
import dev.tokencache.TokenSource;
import dev.tokencache.Tracing;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.spi.VertxTracerFactory;
import io.vertx.tracing.opentelemetry.OpenTelemetryTracingFactory;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The traces of a process: one for a process. Vert.x makes the spans of HTTP requests and bus messages, this the steps in
 * between; a thread of its own sends them, some seconds later, and drops what a full queue has no room for. For any thread.
 */
public final class Traces implements Tracing {
    private static final int MAX_QUEUE = 2_048;
    private static final Duration EXPORT_TIMEOUT = Duration.ofSeconds(5);
    private static final long FLUSH_MILLIS = 2_000;

    /** What a span holds until it is sent is bounded too: Vert.x puts the URL into it, and the stack of a failure. */
    private static final SpanLimits LIMITS = SpanLimits.builder()
            .setMaxAttributeValueLength(256)
            .setMaxNumberOfEvents(1)
            .setMaxNumberOfLinks(1)
            .build();

    /** A batch that has failed twice is lost: the queue fills meanwhile. */
    private static final RetryPolicy RETRY = RetryPolicy.builder()
            .setMaxAttempts(2)
            .setInitialBackoff(Duration.ofMillis(500))
            .setMaxBackoff(Duration.ofSeconds(1))
            .build();

    /** The exporter's own words hold addresses and texts of exceptions; held here since levels are held weakly. */
    private static final Logger OTHERS = Logger.getLogger("io.opentelemetry");

    private final SdkTracerProvider provider;
    private final OpenTelemetrySdk telemetry;
    private final Tracer tracer;

    /** Traces that go to the collector at {@link TracingOptions#getEndpoint}, over HTTP. */
    public Traces(TracingOptions options) {
        this(
                options,
                OtlpHttpSpanExporter.builder()
                        .setEndpoint(options.getEndpoint().toString())
                        .setTimeout(EXPORT_TIMEOUT)
                        .setRetryPolicy(RETRY)
                        .build());
    }

    /** Traces that go somewhere else, less what no span may hold. */
    Traces(TracingOptions options, SpanExporter exporter) {
        OTHERS.setLevel(Level.OFF);
        Attributes who = Attributes.builder()
                .put("service.name", options.getServiceName())
                .put("service.version", options.getVersion())
                .put("service.instance.id", UUID.randomUUID().toString())
                .build();
        provider = SdkTracerProvider.builder()
                .setResource(Resource.getDefault().merge(Resource.create(who)))
                .setSpanLimits(LIMITS)
                .setSampler(new QuietRoutes(Sampler.parentBased(Sampler.traceIdRatioBased(options.getSampleRatio()))))
                .addSpanProcessor(BatchSpanProcessor.builder(new CarefulExporter(exporter, System::nanoTime))
                        .setMaxQueueSize(MAX_QUEUE)
                        .setExporterTimeout(EXPORT_TIMEOUT)
                        .build())
                .build();
        telemetry = OpenTelemetrySdk.builder()
                .setTracerProvider(provider)
                .setPropagators(ContextPropagators.create(new TraceparentPropagator()))
                .build();
        tracer = telemetry.getTracer("dev.tokencache");
    }

    /** What a Vert.x has to be built with. */
    public VertxTracerFactory factory() {
        return new OpenTelemetryTracingFactory(telemetry);
    }

    /** The same source, each of whose calls is a step. */
    public TokenSource around(TokenSource source) {
        return new TracedSource(source, this);
    }

    @Override
    public boolean isOn() {
        return true;
    }

    @Override
    public void routed(String route, String requestId) {
        Span.current().setAttribute(Attributed.ROUTE, route).setAttribute(Attributed.REQUEST_ID, requestId);
    }

    @Override
    public void lookedUp(CacheStatus status) {
        Span.current().setAttribute(Attributed.CACHE, status.name());
    }

    @Override
    @SuppressWarnings("try") // the scope is there to be closed
    public <T> Future<T> step(String name, Supplier<Future<T>> work) {
        Context around = Context.current();
        if (Span.fromContextOrNull(around) == null) {
            return work.get(); // of no request: a preload, a timer
        }
        Span span = tracer.spanBuilder(name).setParent(around).startSpan();
        Future<T> result;
        try (Scope scope = around.with(span).makeCurrent()) {
            result = work.get();
        } catch (Throwable e) {
            end(span, e);
            throw e;
        }
        return result.onComplete(done -> end(span, done.cause()));
    }

    private static void end(Span span, Throwable failure) {
        if (failure != null) {
            span.setStatus(StatusCode.ERROR)
                    .setAttribute(Attributed.ERROR, Failure.of(failure).machineName());
        }
        span.end();
    }

    /** Sends what has not been sent, for two seconds at most, and ends; never fails. No span is taken any more. */
    public Future<Void> close(Vertx vertx) {
        Promise<Void> closed = Promise.promise();
        long timer = vertx.setTimer(FLUSH_MILLIS, id -> closed.tryComplete());
        provider.shutdown().whenComplete(closed::tryComplete);
        return closed.future().onComplete(done -> vertx.cancelTimer(timer));
    }
}
