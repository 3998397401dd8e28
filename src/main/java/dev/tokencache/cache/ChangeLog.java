package dev.tokencache.cache;

import dev.tokencache.EventId;
import dev.tokencache.Failure;
import dev.tokencache.Operation;
import dev.tokencache.TokenChange;
import dev.tokencache.TokenKey;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Numbers the changes of tokens from 1, keeps the last ones, and publishes them: those of one event-loop tick in one message,
 * in order. A number is given when the change is noted: a reply may tell of a change before its message is out.
 */
final class ChangeLog {
    private static final int MAX_PER_MESSAGE = 1_000;

    /** The most events in a reply. */
    private static final int MAX_EVENTS = 1_000;

    /** How many changes one request looks at: with a filter few of them may be events of the reply. */
    private static final int MAX_EXAMINED = 10_000;

    private final Vertx vertx;
    private final Context context;
    private final String address;
    private final String origin;
    private final List<TokenChange> pending = new ArrayList<>();

    /** The change of number n at n modulo its length. */
    private final TokenChange[] history;

    private long last;

    /** Numbers below are places that nobody can go on from. */
    private long cut;

    private long resets;
    private boolean toldReset = true;
    private boolean followed;

    ChangeLog(Vertx vertx, Context context, CacheOptions options) {
        this.vertx = vertx;
        this.context = context;
        this.address = Operation.CHANGED.address(options.getBaseAddress());
        this.history = new TokenChange[options.getHistory()];
        byte[] start = new byte[8];
        new SecureRandom().nextBytes(start);
        this.origin = HexFormat.of().formatHex(start);
    }

    void add(TokenChange change) {
        publishSoon();
        last++;
        if (history.length > 0) {
            history[(int) (last % history.length)] = change;
        }
        pending.add(change);
        if (pending.size() == MAX_PER_MESSAGE) {
            publish();
        }
    }

    /**
     * Sends all who follow back to the start, since something has changed that can't be told change by change. It takes a
     * number of its own: who follows finds a gap, asks, and is told.
     */
    void reset() {
        if (!followed) {
            return;
        }
        publish();
        publishSoon();
        cut = ++last;
        resets++;
        toldReset = false;
    }

    private void publishSoon() {
        if (pending.isEmpty() && toldReset) {
            context.runOnContext(ignored -> publish());
        }
    }

    /** Publishes what is pending; {@code seq} is the number of the message's last change. */
    void publish() {
        if (pending.isEmpty() && toldReset) {
            return;
        }
        JsonArray changes = new JsonArray();
        pending.forEach(change -> changes.add(change.toJson()));
        pending.clear();
        toldReset = true;
        JsonObject message =
                new JsonObject().put("origin", origin).put("seq", last).put("changes", changes);
        vertx.eventBus().publish(address, message, new DeliveryOptions().setLocalOnly(true));
    }

    /** How many changes there were. */
    long published() {
        return last - resets;
    }

    /** Whether somebody has been given a place in the feed: before that nobody can hold a copy. */
    boolean isFollowed() {
        return followed;
    }

    /** The reply of {@link Operation#EVENTS}; throws {@link Failure#BAD_REQUEST} for what is no such request. */
    JsonObject events(JsonObject request) {
        String project = text(request, "project");
        if (project != null) {
            TokenKey.requireProject(project);
        }
        String since = text(request, "since");
        EventId from = EventId.parse(since);
        if (since != null && from == null) {
            throw Failure.BAD_REQUEST.exception();
        }
        int limit = limit(request);
        followed = true;
        if (from == null) {
            return reply(last).put("events", new JsonArray());
        }
        boolean kept = from.number() >= Math.max(cut, last - history.length) && from.number() <= last;
        return from.origin().equals(origin) && kept
                ? eventsAfter(from.number(), project, limit)
                : reply(last).put("reset", true);
    }

    private JsonObject eventsAfter(long from, String project, int limit) {
        JsonArray events = new JsonArray();
        long to = Math.min(last, from + MAX_EXAMINED);
        long number = from;
        while (number < to && events.size() < limit) {
            number++;
            TokenChange change = history[(int) (number % history.length)];
            if (project == null || project.equals(change.project())) {
                events.add(change.toJson().put("id", id(number)));
            }
        }
        JsonObject reply = reply(number).put("events", events);
        return number < last ? reply.put("more", true) : reply;
    }

    private JsonObject reply(long number) {
        return new JsonObject().put("last", id(number));
    }

    private String id(long number) {
        return new EventId(origin, number).toString();
    }

    private static String text(JsonObject request, String member) {
        Object value = request.getValue(member);
        if (value != null && !(value instanceof String)) {
            throw Failure.BAD_REQUEST.exception();
        }
        return (String) value;
    }

    private static int limit(JsonObject request) {
        Object value = request.getValue("limit", MAX_EVENTS);
        if (value instanceof Integer limit && limit >= 1 && limit <= MAX_EVENTS) {
            return limit;
        }
        throw Failure.BAD_REQUEST.exception();
    }
}
