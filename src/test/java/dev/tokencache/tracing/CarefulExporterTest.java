package dev.tokencache.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.testing.trace.TestSpanData;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CarefulExporterTest {
    private static final Logger LOGGER = Logger.getLogger(CarefulExporter.class.getName());

    private final List<String> log = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            log.add(record.getLevel() + " " + new SimpleFormatter().formatMessage(record));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private final List<SpanData> sent = new ArrayList<>();
    private Function<Collection<SpanData>, CompletableResultCode> collector = spans -> {
        sent.addAll(spans);
        return CompletableResultCode.ofSuccess();
    };
    private long now;
    private final CarefulExporter exporter = new CarefulExporter(
            new SpanExporter() {
                @Override
                public CompletableResultCode export(Collection<SpanData> spans) {
                    return collector.apply(spans);
                }

                @Override
                public CompletableResultCode flush() {
                    return CompletableResultCode.ofSuccess();
                }

                @Override
                public CompletableResultCode shutdown() {
                    return CompletableResultCode.ofSuccess();
                }
            },
            () -> now);

    @BeforeEach
    void listen() {
        LOGGER.setUseParentHandlers(false);
        LOGGER.addHandler(handler);
    }

    @AfterEach
    void listenNoMore() {
        LOGGER.removeHandler(handler);
        LOGGER.setUseParentHandlers(true);
    }

    private static TestSpanData.Builder span(Attributes attributes) {
        return TestSpanData.builder()
                .setName("CANARY")
                .setKind(SpanKind.SERVER)
                .setStartEpochNanos(1)
                .setEndEpochNanos(2)
                .setHasEnded(true)
                .setStatus(StatusData.ok())
                .setAttributes(attributes);
    }

    private SpanData exported(Attributes attributes) {
        SpanData span = span(attributes)
                .setEvents(List.of(EventData.create(
                        1, "exception", Attributes.builder().put("m", "CANARY").build())))
                .setTotalRecordedEvents(1)
                .setStatus(StatusData.create(StatusData.error().getStatusCode(), "CANARY"))
                .build();
        exporter.export(List.of(span));
        return sent.get(0);
    }

    @Test
    void export_request_leavesRouteAndStatusOnly() {
        SpanData plain = exported(Attributes.builder()
                .put("http.request.method", "GET")
                .put("http.route", "/api/v0/tokens/{project}/{filename}")
                .put("http.response.status_code", "200")
                .put("http.url", "CANARY")
                .put("url.path", "/CANARY")
                .put("url.query", "CANARY=1")
                .put("url.full", "CANARY")
                .put("user_agent.original", "CANARY")
                .build());

        assertThat(plain.getName()).isEqualTo("GET /api/v0/tokens/{project}/{filename}");
        assertThat(plain.getAttributes().asMap().keySet().stream().map(AttributeKey::getKey))
                .containsExactlyInAnyOrder("http.request.method", "http.route", "http.response.status_code");
        assertThat(plain.getTotalAttributeCount()).isEqualTo(3);
        assertThat(plain.getEvents()).isEmpty();
        assertThat(plain.getLinks()).isEmpty();
        assertThat(plain.getStatus()).isEqualTo(StatusData.error());
    }

    @Test
    void export_methodThatAClientMadeUp_isOther() {
        SpanData plain = exported(
                Attributes.builder().put("http.request.method", "CANARY").build());

        assertThat(plain.getName()).isEqualTo("_OTHER");
        assertThat(plain.getAttributes().asMap().values()).containsExactly("_OTHER");
    }

    @Test
    void export_failing_isSaidOnceInTenMinutesAndWhenItWorksAgain() {
        List<SpanData> two = List.of(
                span(Attributes.empty()).build(), span(Attributes.empty()).build());
        Function<Collection<SpanData>, CompletableResultCode> working = collector;
        collector = spans -> {
            throw new IllegalStateException("CANARY");
        };
        assertThat(exporter.export(two).isSuccess()).isFalse();
        collector = spans -> CompletableResultCode.ofFailure();
        exporter.export(two);
        assertThat(log).hasSize(1).first().asString().startsWith("WARNING tracing.export.failed lost=2 ");
        now = TimeUnit.MINUTES.toNanos(10);
        exporter.export(two);
        assertThat(log).hasSize(2).last().asString().startsWith("WARNING tracing.export.failed lost=6 ");
        collector = working;
        exporter.export(two);
        exporter.export(two);

        assertThat(log).hasSize(3).last().isEqualTo("INFO tracing.export.works lost=6");
        assertThat(log).noneMatch(line -> line.contains("CANARY"));
    }
}
