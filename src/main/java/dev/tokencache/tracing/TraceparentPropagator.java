package dev.tokencache.tracing;

import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * W3C's {@code traceparent} and nothing beside it: a {@code tracestate} would take text of the caller's choice to the
 * collector. A header that is malformed, or there more than once, is as good as none (Trace Context, level 1, 3.2 and its
 * tests).
 */
final class TraceparentPropagator implements TextMapPropagator {
    private static final String TRACEPARENT = "traceparent";

    private final TextMapPropagator w3c = W3CTraceContextPropagator.getInstance();

    @Override
    public Collection<String> fields() {
        return List.of(TRACEPARENT);
    }

    @Override
    public <C> void inject(Context context, C carrier, TextMapSetter<C> setter) {
        w3c.inject(context, carrier, setter); // no state ever came in
    }

    @Override
    public <C> Context extract(Context context, C carrier, TextMapGetter<C> getter) {
        return isRepeated(carrier) ? context : w3c.extract(context, carrier, new OneHeader<>(getter));
    }

    /** Vert.x hands in its headers as entries. */
    private static boolean isRepeated(Object carrier) {
        int count = 0;
        if (carrier instanceof Iterable<?> headers) {
            for (Object header : headers) {
                if (header instanceof Map.Entry<?, ?> entry
                        && TRACEPARENT.equalsIgnoreCase(String.valueOf(entry.getKey()))) {
                    count++;
                }
            }
        }
        return count > 1;
    }

    private record OneHeader<C>(TextMapGetter<C> all) implements TextMapGetter<C> {
        @Override
        public Iterable<String> keys(C carrier) {
            return List.of(TRACEPARENT);
        }

        @Override
        public String get(C carrier, String key) {
            return key.equals(TRACEPARENT) ? all.get(carrier, key) : null;
        }
    }
}
