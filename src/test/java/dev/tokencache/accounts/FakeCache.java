package dev.tokencache.accounts;

import dev.tokencache.Failure;
import dev.tokencache.Fingerprint;
import dev.tokencache.Operation;
import dev.tokencache.TokenChange;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import dev.tokencache.TokenNames;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Answers for a cache on the bus, from a map, on an event loop of its own; all it holds belongs to that loop. */
final class FakeCache extends VerticleBase {
    static final String PROJECT = "fake-project";

    final Map<String, String> files = new TreeMap<>();
    final List<Runnable> heldLists = new ArrayList<>();

    /** Whether lists are made at once and sent later. */
    boolean holdingLists;

    /** Whether changes are passed over: neither published nor counted. */
    boolean silent;

    /** Another one stands for another cache. */
    String origin = "first";

    private int counted;

    Failure listFailure;
    Failure preloadFailure;
    int lists;
    int preloads;

    @Override
    public Future<?> start() {
        answer(Operation.LIST, this::list);
        answer(Operation.GET, this::get);
        answer(Operation.PUT, this::put);
        answer(Operation.PRELOAD, this::preload);
        answer(Operation.EVENTS, this::events);
        answer(Operation.STATS, message -> message.reply(new JsonObject()));
        return Future.succeededFuture();
    }

    Context loop() {
        return context;
    }

    private <T> void answer(Operation operation, Handler<Message<T>> handler) {
        vertx.eventBus().<T>localConsumer(operation.address(Operation.DEFAULT_BASE_ADDRESS), handler);
    }

    void add(String filename) {
        boolean created = files.put(filename, "{}") == null;
        publish(filename, created ? TokenChange.Kind.ADDED : TokenChange.Kind.CHANGED);
    }

    void remove(String filename) {
        if (files.remove(filename) != null) {
            publish(filename, TokenChange.Kind.REMOVED);
        }
    }

    void publish(String filename, TokenChange.Kind kind) {
        if (!silent) {
            publish(new TokenChange(PROJECT, filename, kind, null));
        }
    }

    void publish(TokenChange change) {
        JsonObject message = new JsonObject()
                .put("origin", origin)
                .put("seq", ++counted)
                .put("changes", new JsonArray().add(change.toJson()));
        vertx.eventBus().publish(Operation.CHANGED.address(Operation.DEFAULT_BASE_ADDRESS), message);
    }

    private void events(Message<JsonObject> message) {
        String since = message.body().getString("since", origin);
        JsonObject reply = new JsonObject().put("last", origin + '-' + counted);
        message.reply(since.startsWith(origin) ? reply.put("events", new JsonArray()) : reply.put("reset", true));
    }

    private void list(Message<String> message) {
        lists++;
        if (listFailure != null) {
            fail(message, listFailure);
            return;
        }
        TokenNames names = TokenNames.read(message.body(), List.copyOf(files.keySet()), System.nanoTime());
        if (holdingLists) {
            heldLists.add(() -> message.reply(names));
        } else {
            message.reply(names);
        }
    }

    private void get(Message<String> message) {
        TokenKey key = TokenKey.parse(message.body());
        String json = files.get(key.filename());
        message.reply(
                json == null
                        ? null
                        : TokenFile.read(
                                key,
                                json.getBytes(StandardCharsets.UTF_8),
                                "fake-etag",
                                new Fingerprint(1, 2, 3, 4),
                                System.nanoTime(),
                                TokenFile.NO_EXPIRY,
                                null,
                                false));
    }

    private void put(Message<JsonObject> message) {
        String filename = message.body().getString("filename");
        boolean created = files.put(filename, message.body().getString("json")) == null;
        publish(filename, created ? TokenChange.Kind.ADDED : TokenChange.Kind.CHANGED);
        message.reply(new JsonObject().put("etag", "fake-etag").put("created", created));
    }

    private void preload(Message<String> message) {
        preloads++;
        if (preloadFailure != null) {
            fail(message, preloadFailure);
        } else {
            message.reply(new JsonObject().put("loaded", files.size()).put("failed", new JsonArray()));
        }
    }

    private static void fail(Message<?> message, Failure failure) {
        message.fail(failure.code(), failure.machineName());
    }
}
