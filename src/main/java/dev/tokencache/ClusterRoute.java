package dev.tokencache;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * The way of a client's requests to one cache node of a cluster, the same for as long as that answers: what a client reads
 * agrees with what it wrote. While a request waits the node is asked whether it lives; if not, what waits on it fails, reads
 * are repeated once at another node, and all that comes later goes there. For any thread.
 */
final class ClusterRoute {
    /** How long a request waits before the node is asked whether it lives. */
    static final long DOUBT_MILLIS = 500;

    /** How long that may take, and finding a node. */
    static final long ANSWER_MILLIS = 1_000;

    /** The nodes that are tried until one answers; the dead are chosen too, until the cluster has noticed. */
    static final int TRIES = 4;

    /** Between two tries: that a node has gone is known to the others a moment later. */
    static final long PAUSE_MILLIS = 100;

    private static final Logger LOG = System.getLogger(ClusterRoute.class.getName());

    private final Vertx vertx;
    private final ClusterAddresses addresses;
    private final Supplier<String> token;
    private Future<Node> current;

    /** A node, for as long as it is held for alive. */
    private static final class Node {
        final String name;
        final Set<Promise<?>> waiting = ConcurrentHashMap.newKeySet();
        final AtomicBoolean asked = new AtomicBoolean();
        volatile boolean lost;

        Node(String name) {
            this.name = name;
        }
    }

    /** @param token the bearer token that is good now, without blocking; null for none */
    ClusterRoute(Vertx vertx, String baseAddress, Supplier<String> token) {
        this.vertx = vertx;
        this.addresses = new ClusterAddresses(baseAddress);
        this.token = token;
    }

    /** The reply's body. Fails as the bus does, and with {@link Failure#CACHE_UNREACHABLE} when the node was lost. */
    <T> Future<T> request(Operation operation, Object body, DeliveryOptions delivery) {
        return node().compose(node -> this.<T>send(node, operation, body, delivery)
                .recover(cause -> operation.isRead() && node.lost
                        ? node().compose(other -> send(other, operation, body, delivery))
                        : Future.failedFuture(cause)));
    }

    private <T> Future<T> send(Node node, Operation operation, Object body, DeliveryOptions delivery) {
        Promise<T> answer = Promise.promise();
        node.waiting.add(answer);
        if (node.lost) {
            node.waiting.remove(answer); // it may have come too late to be failed with the others
            return Future.failedFuture(Failure.CACHE_UNREACHABLE.exception());
        }
        vertx.eventBus()
                .<T>request(addresses.of(node.name, operation), body, authorized(delivery))
                .onComplete(reply -> {
                    node.waiting.remove(answer);
                    if (reply.succeeded()) {
                        answer.tryComplete(reply.result().body());
                    } else {
                        if (isGone(reply.cause())) {
                            lose(node);
                        }
                        answer.tryFail(reply.cause());
                    }
                });
        doubt(node, answer);
        return answer.future();
    }

    /** No handlers are there any more. A time-out says less: the storage may be slow. */
    private static boolean isGone(Throwable cause) {
        return cause instanceof ReplyException reply && reply.failureType() == ReplyFailure.NO_HANDLERS;
    }

    /** Asks, while an answer is awaited, whether the node lives: each node once at a time. */
    private void doubt(Node node, Promise<?> answer) {
        long timer = vertx.setTimer(DOUBT_MILLIS, id -> {
            if (node.asked.compareAndSet(false, true)) {
                ask(addresses.locate(node.name)).onComplete(alive -> {
                    node.asked.set(false);
                    if (alive.failed() && Failure.of(alive.cause()) == Failure.CACHE_UNREACHABLE) {
                        lose(node);
                    }
                });
            }
            if (!answer.future().isComplete()) {
                doubt(node, answer);
            }
        });
        answer.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    private void lose(Node node) {
        synchronized (this) {
            if (current != null && current.succeeded() && current.result() == node) {
                current = null;
            }
        }
        if (!node.lost) {
            node.lost = true;
            LOG.log(Level.INFO, "cluster.node.lost node={0}", node.name);
        }
        node.waiting.forEach(waiting -> waiting.tryFail(Failure.CACHE_UNREACHABLE.exception()));
    }

    /** The node that is used, or the one that is being looked for. */
    private synchronized Future<Node> node() {
        if (current == null || current.failed()) {
            current = locate(TRIES);
        }
        return current;
    }

    private Future<Node> locate(int tries) {
        return ask(addresses.locate())
                .compose(reply ->
                        reply.body() instanceof JsonObject found && found.getValue("node") instanceof String name
                                ? Future.succeededFuture(new Node(name))
                                : Future.<Node>failedFuture(Failure.INTERNAL_ERROR.exception()))
                .onSuccess(node -> LOG.log(Level.INFO, "cluster.node.chosen node={0}", node.name))
                .recover(cause -> tries > 1 && Failure.of(cause) == Failure.CACHE_UNREACHABLE
                        ? vertx.timer(PAUSE_MILLIS).compose(over -> locate(tries - 1))
                        : Future.failedFuture(cause));
    }

    private Future<Message<Object>> ask(String address) {
        return vertx.eventBus().request(address, null, authorized(new DeliveryOptions().setSendTimeout(ANSWER_MILLIS)));
    }

    private DeliveryOptions authorized(DeliveryOptions delivery) {
        String bearer = token.get();
        return bearer == null
                ? delivery
                : new DeliveryOptions(delivery).addHeader(ClusterAddresses.AUTHORIZATION, "Bearer " + bearer);
    }

    /** The node that is used, or null while there is none. */
    synchronized String nodeName() {
        return current != null && current.succeeded() ? current.result().name : null;
    }
}
