package dev.tokencache.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.vertx.core.MultiMap;
import io.vertx.tracing.opentelemetry.HeadersPropagatorGetter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceparentPropagatorTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String VALID = "00-" + TRACE + "-b7ad6b7169203331-01";

    private final MultiMap headers = MultiMap.caseInsensitiveMultiMap();

    private SpanContext extract() {
        Context found = new TraceparentPropagator().extract(Context.root(), headers, new HeadersPropagatorGetter());
        return Span.fromContext(found).getSpanContext();
    }

    @Test
    void extract_validHeader_isTheRemoteParentWithoutItsState() {
        headers.add("TraceParent", VALID).add("tracestate", "vendor=CANARY");

        SpanContext parent = extract();

        assertThat(parent.getTraceId()).isEqualTo(TRACE);
        assertThat(parent.getSpanId()).isEqualTo("b7ad6b7169203331");
        assertThat(parent.isSampled()).isTrue();
        assertThat(parent.isRemote()).isTrue();
        assertThat(parent.getTraceState().isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "CANARY",
                "00-" + TRACE + "-b7ad6b7169203331",
                "00-" + TRACE + "-b7ad6b7169203331-0x",
                "00-" + TRACE + "-b7ad6b7169203331-01-CANARY",
                "ff-" + TRACE + "-b7ad6b7169203331-01",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-" + TRACE + "-0000000000000000-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                "00-../../../../../../../../etc/pass-b7ad6b7169203331-01",
                "00-" + TRACE + TRACE + "-b7ad6b7169203331-01"
            })
    void extract_malformedHeader_isNoParent(String header) {
        headers.add("traceparent", header);

        assertThat(extract().isValid()).isFalse();
    }

    @Test
    void extract_repeatedHeader_isNoParent() {
        headers.add("traceparent", VALID).add("Traceparent", VALID);

        assertThat(extract().isValid()).isFalse();
    }
}
