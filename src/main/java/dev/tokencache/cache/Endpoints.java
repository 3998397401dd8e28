package dev.tokencache.cache;

import dev.tokencache.Failure;
import dev.tokencache.Operation;
import dev.tokencache.TokenCacheException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The bus addresses of the contract, each behind one guard: whatever a handler does, the requester gets an answer. A typed
 * failure travels as its code and machine name; anything thrown, a wrong body type included, as a logged 500.
 */
final class Endpoints {
    private static final Logger LOG = System.getLogger(Endpoints.class.getName());

    private final Vertx vertx;
    private final String baseAddress;
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();

    Endpoints(Vertx vertx, String baseAddress) {
        this.vertx = vertx;
        this.baseAddress = baseAddress;
    }

    /**
     * Serves an operation.
     *
     * @param <B> type of the request body; another one is answered as a bad request
     * @param handler from the body to the reply body
     */
    <B> void serve(Operation operation, Class<B> type, Function<B, Future<?>> handler) {
        consumers.add(vertx.eventBus().localConsumer(operation.address(baseAddress), message -> {
            Future<?> reply;
            try {
                Object body = message.body();
                if (type != Void.class && !type.isInstance(body)) {
                    throw Failure.BAD_REQUEST.exception();
                }
                reply = handler.apply(type.cast(type == Void.class ? null : body));
            } catch (Throwable e) { // an error too: no request is left without an answer
                fail(operation, message, e);
                return;
            }
            reply.onComplete(done -> {
                if (done.succeeded()) {
                    message.reply(done.result());
                } else {
                    fail(operation, message, done.cause());
                }
            });
        }));
    }

    private static void fail(Operation operation, Message<?> message, Throwable cause) {
        Failure failure = Failure.of(cause);
        if (!(cause instanceof TokenCacheException)) {
            // The class alone: a message of somebody's exception may hold a path or a value.
            LOG.log(
                    Level.ERROR,
                    "operation failed: {0}, {1}",
                    operation,
                    cause.getClass().getName());
        }
        message.fail(failure.code(), failure.machineName());
    }

    Future<Void> close() {
        List<Future<Void>> closed = new ArrayList<>();
        consumers.forEach(consumer -> closed.add(consumer.unregister()));
        consumers.clear();
        return Future.join(closed).mapEmpty();
    }
}
