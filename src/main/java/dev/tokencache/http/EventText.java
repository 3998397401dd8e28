package dev.tokencache.http;

import dev.tokencache.EventId;
import dev.tokencache.TokenChange;
import dev.tokencache.TokenEvents;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Events as they stand in a stream. Names of files hold no line break, and JSON none either. */
final class EventText {
    /** A comment: it shows that the stream lives, and keeps what lies in between from closing it. */
    static final Buffer COMMENT = Buffer.buffer(":\n\n");

    private EventText() {}

    /**
     * One event, rendered.
     *
     * @param project whose change it is
     */
    record Rendered(EventId id, String project, Buffer text) {}

    static List<Rendered> render(List<TokenEvents.Event> events) {
        return events.stream()
                .map(event -> new Rendered(event.id(), event.change().project(), text(event.id(), event.change())))
                .toList();
    }

    private static Buffer text(EventId id, TokenChange change) {
        JsonObject data = new JsonObject()
                .put("project", change.project())
                .put("filename", change.filename())
                .put("etag", change.etag());
        return Buffer.buffer(
                "id: " + id + "\nevent: " + change.kind().wireName() + "\ndata: " + data.encode() + "\n\n");
    }

    /** What came before this place can't be told. */
    static Buffer reset(EventId id) {
        return Buffer.buffer("id: " + id + "\nevent: reset\ndata: {}\n\n");
    }

    /** No event: where to go on from. */
    static Buffer place(EventId id) {
        return Buffer.buffer("id: " + id + "\n\n");
    }
}
