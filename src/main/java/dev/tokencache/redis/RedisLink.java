package dev.tokencache.redis;

import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.circuitbreaker.CircuitBreakerState;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import io.vertx.redis.client.impl.types.ErrorType;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * One connection that all commands share, pipelined. Each command ends in time, and none waits for a connection: three in ten
 * seconds that don't get an answer open the breaker, which gives the connection up and everything that waits on it. A new one
 * is made in the background, again and again; the breaker closes when a server has answered on it, after a second at the
 * earliest.
 *
 * <p>Each command has a mark that its reply brings back: replies carry nothing else to tell whose they are, and a connection
 * that has lost one gives all that follow to the wrong commands. Such a connection is given up with the first reply that comes
 * to the wrong command, one that is no longer waited for too.
 *
 * <p>Pushes never come here: a client of this kind that receives one while commands wait gives their replies to one another.
 *
 * <p>Lives on one event loop; what is for any thread says so.
 */
final class RedisLink {
    private static final Logger LOG = System.getLogger(RedisLink.class.getName());
    private static final String RUN = Nonces.next();
    private static final AtomicLong CALLS = new AtomicLong();
    private static final int MAX_FAILURES = 3;
    private static final long RESET_MILLIS = 1_000;
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    private final Vertx vertx;
    private final RedisClients clients;
    private final TierCounters counters;
    private final LongSupplier nanoTime;
    private final int maxWaiting;
    private final CircuitBreaker breaker;
    private Redis client;
    private volatile RedisConnection connection;
    private long pauseMillis = FIRST_PAUSE_MILLIS;
    private int waiting;
    private boolean down;
    private boolean closed;

    RedisLink(Vertx vertx, RedisSourceOptions options, TierCounters counters) {
        this.vertx = vertx;
        this.clients = new RedisClients(vertx, options);
        this.counters = counters;
        this.nanoTime = System::nanoTime; // of commands on a real network, whatever clock the values go by
        this.maxWaiting = options.getMaxWaiting();
        this.breaker = CircuitBreaker.create(
                        "redis",
                        vertx,
                        new CircuitBreakerOptions()
                                .setMaxFailures(MAX_FAILURES)
                                .setTimeout(options.getTimeout().toMillis())
                                .setResetTimeout(RESET_MILLIS)
                                .setNotificationPeriod(0))
                .openHandler(open -> lost(client, "no answer"))
                .halfOpenHandler(halfOpen -> probe());
    }

    /** Begins to connect. On the event loop, like everything that doesn't say otherwise. */
    void connect() {
        if (closed) {
            return;
        }
        Redis made = clients.create();
        client = made;
        made.connect()
                .timeout(RedisClients.CONNECT_MILLIS, TimeUnit.MILLISECONDS)
                .onComplete(done -> {
                    if (client != made || done.failed()) {
                        counters.failedConnects.increment();
                        lost(made, "not connected");
                        return;
                    }
                    counters.connects.increment(); // first: who sees the connection finds it counted
                    connection = done.result()
                            .exceptionHandler(cause -> lost(made, "connection broken"))
                            .endHandler(end -> lost(made, "connection closed"));
                    pauseMillis = FIRST_PAUSE_MILLIS;
                    breaker.reset(); // does nothing while it is open: then its own probe closes it
                    if (down) {
                        down = false;
                        LOG.log(Level.INFO, "redis.back");
                    }
                });
    }

    private void lost(Redis lost, String why) {
        if (lost == null || lost != client) {
            return;
        }
        client = null;
        connection = null;
        waiting = 0;
        vertx.runOnContext(later -> lost.close()); // not amid the library's own handling of the end
        if (closed) {
            return;
        }
        if (!down) {
            down = true;
            LOG.log(Level.WARNING, "redis.lost reason={0}", why);
        }
        vertx.setTimer(pauseMillis, id -> connect());
        pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, 2 * pauseMillis);
    }

    /** Asks whether the server answers again, so that the breaker closes without a reader who would wait for it. */
    private void probe() {
        if (connection != null) {
            String mark = nextMark();
            send(Request.cmd(Command.PING).arg(mark), mark);
        }
    }

    /** A mark for a command, never made twice. */
    static String nextMark() {
        return RUN + Long.toHexString(CALLS.getAndIncrement());
    }

    /** Whether commands are sent now. For any thread. */
    boolean isUsable() {
        return connection != null && breaker.state() != CircuitBreakerState.OPEN;
    }

    /** Whether the breaker keeps commands back now. For any thread. */
    boolean isBroken() {
        return breaker.state() != CircuitBreakerState.CLOSED;
    }

    /**
     * Sends a command; ends within the time-out.
     *
     * @param mark what the reply is, or begins with
     * @return its reply. Fails with what the server calls wrong, with the time-out, and at once when nothing can be sent
     */
    Future<Response> send(Request command, String mark) {
        RedisConnection now = connection;
        if (now == null || waiting >= maxWaiting || breaker.state() == CircuitBreakerState.OPEN) {
            counters.refused.increment();
            return Future.failedFuture(new RefusedException());
        }
        long start = nanoTime.getAsLong();
        return breaker.execute(() -> answer(now, command, mark))
                .compose(Answer::get)
                .onSuccess(reply -> {
                    counters.commands.increment();
                    counters.commandNanos.add(nanoTime.getAsLong() - start);
                })
                .onFailure(cause -> {
                    if (!Script.isUnknown(cause)) {
                        counters.errors.increment();
                    }
                });
    }

    /** A server that calls a command wrong has answered: that is no failure of the connection. */
    private Future<Answer> answer(RedisConnection on, Request command, String mark) {
        waiting++;
        return on.send(command).transform(done -> {
            if (on == connection) {
                waiting--;
            }
            if (done.failed()) {
                return done.cause() instanceof ErrorType
                        ? Future.succeededFuture(new Answer(null, done.cause()))
                        : Future.failedFuture(done.cause());
            }
            if (!isMarked(done.result(), mark)) {
                if (on == connection) {
                    lost(client, "replies out of order");
                }
                return Future.failedFuture(new IllegalStateException("another command's reply"));
            }
            return Future.succeededFuture(new Answer(done.result(), null));
        });
    }

    private static boolean isMarked(Response reply, String mark) {
        Response first =
                reply == null || reply.type() != ResponseType.MULTI ? reply : reply.size() == 0 ? null : reply.get(0);
        return first != null && mark.equals(first.toString());
    }

    /** Ends the connection and what waits on it. */
    Future<Void> close() {
        closed = true;
        breaker.close();
        Redis last = client;
        client = null;
        connection = null;
        return last == null ? Future.succeededFuture() : last.close();
    }

    private record Answer(Response reply, Throwable wrong) {
        Future<Response> get() {
            return wrong == null ? Future.succeededFuture(reply) : Future.failedFuture(wrong);
        }
    }

    /** Nothing was sent. */
    static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        RefusedException() {
            super("not sent", null, false, false);
        }
    }
}
