package dev.tokencache;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A piece of the feed of changes, in order and without a gap behind the piece before.
 *
 * @param reset whether what came in between can't be told: read everything anew, after this. There are no events then
 * @param events what has happened since
 * @param last where the next piece begins; its number may be above that of the last event
 * @param more whether there is a next piece already
 */
public record TokenEvents(boolean reset, List<Event> events, EventId last, boolean more) {
    public TokenEvents {
        events = List.copyOf(events);
        Objects.requireNonNull(last);
    }

    /** One change and its place in the feed. */
    public record Event(EventId id, TokenChange change) {
        public Event {
            Objects.requireNonNull(id);
            Objects.requireNonNull(change);
        }
    }

    /** The piece that says that everything is to be read anew. */
    static TokenEvents reset(EventId last) {
        return new TokenEvents(true, List.of(), last, false);
    }

    /** The reply of {@link Operation#EVENTS}; null when it is malformed. */
    static TokenEvents of(JsonObject reply) {
        EventId last = reply.getValue("last") instanceof String text ? EventId.parse(text) : null;
        if (last == null) {
            return null;
        }
        if (Boolean.TRUE.equals(reply.getValue("reset"))) {
            return reset(last);
        }
        List<TokenChange> changes = TokenChange.allOf(new JsonObject().put("changes", reply.getValue("events")));
        List<Event> events = new ArrayList<>(changes.size());
        JsonArray array = reply.getValue("events") instanceof JsonArray given ? given : new JsonArray();
        if (array.size() != changes.size()) {
            return null;
        }
        for (int i = 0; i < changes.size(); i++) {
            EventId id = array.getJsonObject(i).getValue("id") instanceof String text ? EventId.parse(text) : null;
            if (id == null) {
                return null;
            }
            events.add(new Event(id, changes.get(i)));
        }
        return new TokenEvents(false, events, last, Boolean.TRUE.equals(reply.getValue("more")));
    }

    /** The same without what concerns other projects; a null project stands for all. */
    TokenEvents of(String project) {
        return project == null
                ? this
                : new TokenEvents(
                        reset,
                        events.stream()
                                .filter(event -> event.change().project().equals(project))
                                .toList(),
                        last,
                        more);
    }
}
