package dev.tokencache;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/**
 * Follows the changes of tokens without a gap: each once and in order, whatever becomes of messages and caches. It listens to
 * {@link Operation#CHANGED}, sees by the numbers what it has missed, and asks for that; when it can't be told (the cache was
 * restarted, or has forgotten it) a piece with {@link TokenEvents#reset} says so. Made by {@link TokenCache#follow}.
 *
 * <p>Who reads everything at a reset, and applies each piece after that by reading what it names, has a copy that ends up
 * equal to the directory. The first piece is a reset unless a place to go on from was given.
 *
 * <p>A message of which nothing shows, because none follows, is found missing within {@link #POLL_MILLIS}; so is a cache that
 * took over from another. While no cache answers nothing is told, and it is asked every {@link #RETRY_MILLIS}.
 */
public final class ChangeFeed {
    /** How often the cache is asked although nothing is missed, in milliseconds. */
    public static final long POLL_MILLIS = 10_000;

    /** How long it waits after a failure, in milliseconds. */
    public static final long RETRY_MILLIS = 1_000;

    /** More changes than this are not kept while the consumer is at work: the cache has them. */
    private static final int MAX_HELD = 1_000;

    private static final Logger LOG = System.getLogger(ChangeFeed.class.getName());

    private final Vertx vertx;
    private final Context context;
    private final TokenCache cache;
    private final String project;
    private final Function<TokenEvents, Future<?>> consumer;
    private final long pollMillis;
    private final long retryMillis;
    private final Promise<Void> started = Promise.promise();
    private final Deque<JsonObject> held = new ArrayDeque<>();
    private int heldChanges;
    private MessageConsumer<JsonObject> messages;
    private long pollTimer = -1;
    private long retryTimer = -1;

    /** Behind it all was told; null when the consumer is to read everything anew. */
    private EventId position;

    /** Whether the cache has more than what was heard. */
    private boolean behind = true;

    /** Whether an answer, the consumer or the end of a pause is waited for. Nothing is told meanwhile. */
    private boolean working;

    private boolean closed;

    ChangeFeed(
            Vertx vertx,
            TokenCache cache,
            String project,
            EventId since,
            Function<TokenEvents, Future<?>> consumer,
            long pollMillis,
            long retryMillis) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.cache = cache;
        this.project = project;
        this.position = since;
        this.consumer = consumer;
        this.pollMillis = pollMillis;
        this.retryMillis = retryMillis;
        context.runOnContext(ignored -> start());
    }

    private void start() {
        messages = cache.messages(this::heard);
        messages.completion().onComplete(started);
        pollTimer = vertx.setPeriodic(pollMillis, id -> {
            behind = true;
            next();
        });
        next();
    }

    /** Completes when changes are listened to; a read that starts later is not older than what is told. */
    public Future<Void> started() {
        return started.future();
    }

    /** Tells nothing any more, once it is done. Closing twice is harmless. */
    public Future<Void> close() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(ignored -> {
            closed = true;
            held.clear();
            vertx.cancelTimer(pollTimer);
            vertx.cancelTimer(retryTimer);
            messages.unregister().onComplete(done);
        });
        return done.future();
    }

    private void heard(Message<JsonObject> message) {
        held.add(message.body());
        heldChanges += sizeOf(message.body());
        if (heldChanges > MAX_HELD && held.size() > 1) {
            held.clear();
            heldChanges = 0;
            behind = true;
        }
        next();
    }

    private static int sizeOf(JsonObject message) {
        // At least 1: a message without changes is kept too.
        return message.getValue("changes") instanceof JsonArray changes ? Math.max(1, changes.size()) : 1;
    }

    /** Goes on with what there is, until something is to be waited for. */
    private void next() {
        while (!working && !closed) {
            if (behind || position == null) {
                ask();
                continue;
            }
            JsonObject message = held.poll();
            if (message == null) {
                return;
            }
            heldChanges -= sizeOf(message);
            take(message);
        }
    }

    private void ask() {
        working = true;
        behind = false;
        cache.events(position, project).onComplete(reply -> {
            working = false;
            if (closed) {
                return;
            }
            if (reply.failed()) {
                LOG.log(
                        Level.DEBUG,
                        "changes not told: {0}",
                        Failure.of(reply.cause()).machineName());
                behind = true;
                pause();
                return;
            }
            TokenEvents events = reply.result();
            behind |= events.more();
            tell(position == null ? TokenEvents.reset(events.last()) : events);
            next();
        });
    }

    private void take(JsonObject message) {
        List<TokenChange> changes = TokenChange.allOf(message);
        if (!(message.getValue("seq") instanceof Number seq)
                || !position.origin().equals(message.getValue("origin"))
                || !(message.getValue("changes") instanceof JsonArray all)
                || all.size() != changes.size()
                || seq.longValue() - changes.size() > position.number()) {
            behind = true;
            return;
        }
        EventId last = position.at(seq.longValue());
        long missing = last.number() - position.number();
        if (missing <= 0) {
            return;
        }
        List<TokenEvents.Event> events = new ArrayList<>();
        for (int i = changes.size() - (int) missing; i < changes.size(); i++) {
            events.add(new TokenEvents.Event(position.at(last.number() - changes.size() + 1 + i), changes.get(i)));
        }
        tell(new TokenEvents(false, events, last, false));
    }

    private void tell(TokenEvents all) {
        position = all.last();
        TokenEvents piece = all.of(project);
        if (piece.events().isEmpty() && !piece.reset()) {
            return;
        }
        Future<?> applied;
        try {
            applied = consumer.apply(piece);
        } catch (RuntimeException e) {
            applied = Future.failedFuture(e);
        }
        if (applied.succeeded()) {
            return;
        }
        working = true;
        applied.onComplete(done -> context.runOnContext(ignored -> {
            working = false;
            if (done.failed()) {
                // Its copy is not what was told: it has to begin anew.
                LOG.log(
                        Level.DEBUG,
                        "changes not applied: {0}",
                        done.cause().getClass().getName());
                position = null;
                pause();
            } else {
                next();
            }
        }));
    }

    private void pause() {
        if (closed) {
            return;
        }
        working = true;
        retryTimer = vertx.setTimer(retryMillis, id -> {
            working = false;
            next();
        });
    }
}
