package dev.tokencache.http;

import dev.tokencache.EventId;
import dev.tokencache.Failure;
import dev.tokencache.TokenEvents;
import dev.tokencache.auth.Caller;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One stream of events. It is live, and takes what the hub offers; or it catches up from the cache's history, at its start and
 * when it has missed something; or it lags, since its client doesn't read: then nothing is queued for it, and it catches up once
 * the queue has drained. What is queued for it is bounded by {@link #MAX_QUEUED} and one write.
 */
final class EventStream {
    private static final int MAX_QUEUED = 64 << 10;
    private static final int MAX_WRITE = 16 << 10;
    private static final long RETRY_MILLIS = 1_000;

    private enum State {
        LIVE,
        CATCHING_UP,
        LAGGING
    }

    /**
     * What a client wants.
     *
     * @param project whose events, or null for those of all projects the caller has
     * @param again asks whether the caller's token is still accepted
     * @param since where to go on, or null for now
     */
    record Wish(String project, Caller caller, Supplier<Future<Caller>> again, EventId since) {
        boolean covers(String other) {
            return project == null ? caller.mayProject(other) : project.equals(other);
        }
    }

    private final Vertx vertx;
    private final EventHub hub;
    private final Wish wish;
    private final HttpConnection connection;
    private final HttpServerResponse response;
    private final Promise<Void> done = Promise.promise();
    private State state = State.CATCHING_UP;

    /** All up to here was written, or concerns others; null before the first place is known. */
    private EventId position;

    /** The place the client knows. */
    private EventId told;

    /** Counts the questions: only the answer to the last one counts. */
    private int asked;

    private long heartbeatTimer = -1;
    private long endTimer = -1;
    private long drainTimer = -1;
    private long retryTimer = -1;

    EventStream(Vertx vertx, EventHub hub, Wish wish, HttpConnection connection, HttpServerResponse response) {
        this.vertx = vertx;
        this.hub = hub;
        this.wish = wish;
        this.connection = connection;
        this.response = response;
        this.position = wish.since();
    }

    /** Writes until the stream ends. Fails when it is to be cut off. */
    Future<Void> run() {
        response.setWriteQueueMaxSize(MAX_QUEUED);
        response.exceptionHandler(broken -> end());
        response.closeHandler(closed -> end());
        response.drainHandler(drained -> drained());
        if (response.closed()) {
            end(); // while the caller was being authenticated: nobody calls the handlers any more
            return done.future();
        }
        response.write(EventText.COMMENT.copy());
        heartbeatTimer = vertx.setPeriodic(hub.heartbeatMillis(), id -> heartbeat());
        long left = TimeUnit.SECONDS.toMillis(wish.caller().expiresAt()) - System.currentTimeMillis();
        endTimer = vertx.setTimer(Math.max(1, left), id -> end());
        catchUp();
        return done.future();
    }

    /** Ends it in good order. */
    void end() {
        if (release()) {
            done.complete();
        }
    }

    /** What the client doesn't read it will never get: a close that waits for it would not end. */
    private void cutOff() {
        if (release()) {
            Channel channel =
                    ((HttpServerConnection) connection).channelHandlerContext().channel();
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.unsafe().close(channel.newPromise());
            done.fail(Failure.REQUEST_TIMEOUT.exception());
        }
    }

    /** Whether it had not ended yet. */
    private boolean release() {
        vertx.cancelTimer(heartbeatTimer);
        vertx.cancelTimer(endTimer);
        vertx.cancelTimer(drainTimer);
        vertx.cancelTimer(retryTimer);
        return !done.future().isComplete();
    }

    /** Takes events that begin where the hub's last ones ended, and end at a place. */
    void offer(List<EventText.Rendered> events, EventId last) {
        if (state != State.LIVE || done.future().isComplete()) {
            return;
        }
        if (!last.origin().equals(position.origin())) {
            catchUp();
        } else if (last.number() > position.number()) {
            write(events, last);
        }
    }

    /** The hub has lost the thread: who is live may have missed something. */
    void lookAgain() {
        if (state == State.LIVE && !done.future().isComplete()) {
            catchUp();
        }
    }

    private void catchUp() {
        state = State.CATCHING_UP;
        int question = ++asked;
        hub.cache().events(position, wish.project()).onComplete(reply -> {
            if (!isWaitingFor(question)) {
                return;
            }
            if (reply.succeeded()) {
                caughtUp(reply.result());
                return;
            }
            retryTimer = vertx.setTimer(RETRY_MILLIS, id -> {
                if (isWaitingFor(question)) {
                    catchUp();
                }
            });
        });
    }

    private boolean isWaitingFor(int question) {
        return question == asked && state == State.CATCHING_UP && !done.future().isComplete();
    }

    private void caughtUp(TokenEvents piece) {
        state = State.LIVE;
        if (piece.reset()) {
            position = piece.last();
            write(EventText.reset(position));
            told = position;
        } else if (position == null) {
            position = piece.last();
            tellPlace();
        } else {
            write(EventText.render(piece.events()), piece.last());
        }
        if (state == State.LIVE && (piece.more() || isBehindHub())) {
            catchUp();
        }
    }

    /** Whether the hub has offered, while this wasn't live, what it lacks. */
    private boolean isBehindHub() {
        EventId last = hub.last();
        return last != null && last.origin().equals(position.origin()) && last.number() > position.number();
    }

    /** Writes what concerns the caller, as long as the client reads. */
    private void write(List<EventText.Rendered> events, EventId last) {
        Buffer text = Buffer.buffer();
        for (EventText.Rendered event : events) {
            if (event.id().number() > position.number() && wish.covers(event.project())) {
                text.appendBuffer(event.text());
                told = event.id();
                if (text.length() >= MAX_WRITE) {
                    position = event.id();
                    write(text);
                    text = Buffer.buffer();
                    if (state == State.LAGGING) {
                        return;
                    }
                }
            }
        }
        position = last;
        if (text.length() > 0) {
            write(text);
        }
    }

    private void write(Buffer text) {
        response.write(text);
        if (response.writeQueueFull()) {
            state = State.LAGGING;
            drainTimer = vertx.setTimer(hub.drainMillis(), id -> cutOff());
        }
    }

    private void drained() {
        if (state == State.LAGGING && !done.future().isComplete()) {
            vertx.cancelTimer(drainTimer);
            catchUp();
        }
    }

    private void heartbeat() {
        if (wish.caller().expiresAt() <= TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis())) {
            end();
            return;
        }
        wish.again().get().onFailure(cause -> {
            if (Failure.of(cause) == Failure.UNAUTHORIZED) {
                end();
            }
        });
        if (state == State.LAGGING || done.future().isComplete()) {
            return;
        }
        if (position == null || position.equals(told)) {
            write(EventText.COMMENT.copy());
        } else {
            tellPlace();
        }
        EventId last = hub.last();
        if (state == State.LIVE && last != null && !last.origin().equals(position.origin())) {
            catchUp();
        }
    }

    private void tellPlace() {
        told = position;
        write(EventText.place(position));
    }
}
