package dev.tokencache.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.trace.data.DelegatingSpanData;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.util.List;

/**
 * A span without anything that may hold a name, a query or a path: Vert.x puts the URL into it, and the text of a failure.
 * An HTTP request is named by its method and route.
 */
final class PlainSpan extends DelegatingSpanData {
    private final Attributes attributes;
    private final String name;

    PlainSpan(SpanData span) {
        super(span);
        attributes = plain(span.getAttributes());
        name = name(span, attributes);
    }

    private static Attributes plain(Attributes all) {
        AttributesBuilder plain = Attributes.builder();
        all.forEach((key, value) -> {
            if (Attributed.isKept(key)) {
                put(plain, key, value);
            }
        });
        String method = all.get(Attributed.METHOD);
        return method == null
                ? plain.build()
                : plain.put(Attributed.METHOD, Attributed.method(method)).build();
    }

    @SuppressWarnings("unchecked") // a key comes with a value of its type
    private static <T> void put(AttributesBuilder attributes, AttributeKey<?> key, T value) {
        attributes.put((AttributeKey<T>) key, value);
    }

    private static String name(SpanData span, Attributes attributes) {
        String method = attributes.get(Attributed.METHOD);
        if (method == null) {
            return span.getName(); // an address of the bus or a constant of ours
        }
        String route = attributes.get(Attributed.ROUTE);
        return route == null ? method : method + ' ' + route;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public Attributes getAttributes() {
        return attributes;
    }

    @Override
    public int getTotalAttributeCount() {
        return attributes.size();
    }

    /** Only failures are events, with their messages and stacks. */
    @Override
    public List<EventData> getEvents() {
        return List.of();
    }

    @Override
    public int getTotalRecordedEvents() {
        return 0;
    }

    @Override
    public List<LinkData> getLinks() {
        return List.of();
    }

    @Override
    public int getTotalRecordedLinks() {
        return 0;
    }

    @Override
    public StatusData getStatus() {
        return StatusData.create(super.getStatus().getStatusCode(), "");
    }
}
