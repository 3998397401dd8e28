package dev.tokencache.cluster;

import dev.tokencache.ClusterAddresses;
import dev.tokencache.Operation;
import dev.tokencache.TokenChange;
import dev.tokencache.TokenKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Tells the other cache nodes which files have changed here, and has the own disk looked at when they tell it. A hint names files
 * and says nothing of their content: the own cache forgets them, and the own watcher looks. What that look finds is told to own
 * clients, never to the nodes once more. A lost hint costs as long as the watcher's next round takes to come.
 */
final class ChangeHints {
    private static final Logger LOG = System.getLogger(ChangeHints.class.getName());

    /** The most names that one hint is believed. */
    private static final int MAX_NAMES = 1_000;

    private static final long PATIENCE_MILLIS = 15_000;

    private final Vertx vertx;
    private final String baseAddress;
    private final ClusterAddresses addresses;
    private final String node;
    private final HeardVersions heardVersions = new HeardVersions(System::nanoTime);
    private final LongAdder sent = new LongAdder();
    private final LongAdder heard = new LongAdder();
    private final DeliveryOptions local =
            new DeliveryOptions().setLocalOnly(true).setSendTimeout(PATIENCE_MILLIS);
    private MessageConsumer<JsonObject> own;
    private MessageConsumer<Object> others;

    ChangeHints(Vertx vertx, String baseAddress, String node) {
        this.vertx = vertx;
        this.baseAddress = baseAddress;
        this.addresses = new ClusterAddresses(baseAddress);
        this.node = node;
    }

    Future<Void> start() {
        own = vertx.eventBus().localConsumer(Operation.CHANGED.address(baseAddress), this::tell);
        others = vertx.eventBus().consumer(addresses.changed(), this::hear);
        return others.completion();
    }

    /** Clients of this node hear that there is something to ask for; the other nodes, of what. */
    private void tell(Message<JsonObject> message) {
        vertx.eventBus().publish(addresses.news(), new JsonObject().put("node", node));
        JsonArray files = new JsonArray();
        for (TokenChange change : TokenChange.allOf(message.body())) {
            if (!heardVersions.takeIfHeard(change)) {
                files.add(change.toJson());
            }
        }
        if (!files.isEmpty()) {
            sent.increment();
            vertx.eventBus()
                    .publish(
                            addresses.changed(),
                            new JsonObject().put("node", node).put("changes", files));
        }
    }

    private void hear(Message<Object> message) {
        // Anything may come: what is no hint is passed over.
        if (!(message.body() instanceof JsonObject hint) || node.equals(hint.getValue("node"))) {
            return;
        }
        List<TokenChange> changes = TokenChange.allOf(hint).stream()
                .filter(change -> TokenKey.isProject(change.project()) && TokenKey.isFilename(change.filename()))
                .limit(MAX_NAMES)
                .toList();
        if (changes.isEmpty()) {
            return;
        }
        heard.increment();
        changes.forEach(heardVersions::heard);
        JsonArray keys = new JsonArray();
        changes.stream()
                .map(change -> change.project() + '/' + change.filename())
                .distinct()
                .forEach(keys::add);
        vertx.eventBus()
                .request(Operation.INVALIDATE.address(baseAddress), keys, local)
                .onFailure(cause -> LOG.log(
                        Level.DEBUG,
                        "cluster.hint.unheard {0}",
                        cause.getClass().getName()));
        vertx.eventBus().publish(Operation.HINT.address(baseAddress), keys, local);
    }

    /** Messages to other nodes. */
    long sent() {
        return sent.sum();
    }

    /** Messages of other nodes. */
    long heard() {
        return heard.sum();
    }

    Future<Void> stop() {
        return own == null
                ? Future.succeededFuture()
                : Future.join(own.unregister(), others.unregister()).mapEmpty();
    }
}
