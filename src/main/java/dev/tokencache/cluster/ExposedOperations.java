package dev.tokencache.cluster;

import dev.tokencache.ClusterAddresses;
import dev.tokencache.Failure;
import dev.tokencache.Operation;
import dev.tokencache.TokenCacheException;
import dev.tokencache.WireCodecs;
import dev.tokencache.auth.Caller;
import dev.tokencache.auth.JwtGate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * The operations of this process's cache at two addresses of the cluster: one of any node, one of this node alone. Each message
 * is checked like an HTTP request and handed to the local address, whose answer goes back. Every request gets an answer.
 */
final class ExposedOperations {
    private static final Logger LOG = System.getLogger(ExposedOperations.class.getName());

    /** The cache answers everything itself; this only ends what a defect would leave open. */
    private static final Duration ANSWER_TIME = Duration.ofMinutes(6);

    private final Vertx vertx;
    private final ClusterAddresses addresses;
    private final String baseAddress;
    private final String node;
    private final Supplier<JwtGate> gates;
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private final LongAdder requests = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final DeliveryOptions local =
            new DeliveryOptions().setLocalOnly(true).setSendTimeout(ANSWER_TIME.toMillis());

    ExposedOperations(Vertx vertx, String baseAddress, String node, Supplier<JwtGate> gates) {
        this.vertx = vertx;
        this.baseAddress = baseAddress;
        this.addresses = new ClusterAddresses(baseAddress);
        this.node = node;
        this.gates = gates;
    }

    /** Completes when the cluster knows all addresses. */
    Future<Void> start() {
        WireCodecs.register(vertx);
        for (Operation operation : Operation.values()) {
            if (BusRights.isExposed(operation)) {
                serve(addresses.any(operation), message -> ask(operation, message));
                serve(addresses.of(node, operation), message -> ask(operation, message));
            }
        }
        serve(addresses.locate(), caller -> located());
        serve(addresses.locate(node), caller -> located());
        return Future.join(consumers.stream().map(MessageConsumer::completion).toList())
                .mapEmpty();
    }

    private Future<?> located() {
        return Future.succeededFuture(new JsonObject().put("node", node));
    }

    private void serve(String address, Action action) {
        consumers.add(vertx.eventBus().consumer(address, message -> {
            requests.increment();
            authenticate(message)
                    .compose(caller -> action.run(new Asked(message, caller)))
                    .onComplete(done -> {
                        if (done.succeeded()) {
                            message.reply(done.result());
                        } else {
                            fail(message, done.cause());
                        }
                    });
        }));
    }

    /** What is asked, and by whom. */
    private record Asked(Message<?> message, Caller caller) {}

    @FunctionalInterface
    private interface Action {
        Future<?> run(Asked asked);
    }

    private Future<Caller> authenticate(Message<?> message) {
        String header = message.headers().get(ClusterAddresses.AUTHORIZATION);
        JwtGate gate = gates.get();
        Caller known = gate.remembered(header);
        return known == null ? gate.authenticate(header) : Future.succeededFuture(known);
    }

    private Future<?> ask(Operation operation, Asked asked) {
        Object body = asked.message.body();
        BusRights.require(operation, body, asked.caller);
        return vertx.eventBus()
                .request(operation.address(baseAddress), body, local)
                .map(reply -> BusRights.visible(operation, reply.body(), asked.caller));
    }

    private void fail(Message<?> message, Throwable cause) {
        Failure failure = Failure.of(cause);
        if (failure == Failure.UNAUTHORIZED || failure == Failure.FORBIDDEN) {
            refused.increment();
        } else if (failure == Failure.INTERNAL_ERROR && !(cause instanceof TokenCacheException)) {
            // The class alone: a message of somebody's exception may hold a path or a value.
            LOG.log(Level.ERROR, "cluster request failed: {0}", cause.getClass().getName());
        }
        message.fail(failure.code(), failure.machineName());
    }

    long requests() {
        return requests.sum();
    }

    /** Those without a good token, or without the right. */
    long refused() {
        return refused.sum();
    }

    Future<Void> stop() {
        List<Future<Void>> gone =
                consumers.stream().map(MessageConsumer::unregister).toList();
        consumers.clear();
        return Future.join(gone).mapEmpty();
    }
}
