package dev.tokencache.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import dev.tokencache.Operation;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Stands where the cache would: takes observations, acknowledges them or not, and lets a test wait for what it wants. */
final class FakeCache {
    private static final long PATIENCE_SECONDS = 20;

    private final BlockingQueue<JsonObject> messages = new LinkedBlockingQueue<>();
    private final AtomicInteger toRefuse = new AtomicInteger();
    private final MessageConsumer<JsonObject> consumer;
    private final Deque<String> identities = new ConcurrentLinkedDeque<>();
    private volatile boolean silent;

    FakeCache(Vertx vertx) {
        consumer = vertx.eventBus().localConsumer(Operation.OBSERVE.address(Operation.DEFAULT_BASE_ADDRESS));
        consumer.handler(this::take);
        consumer.completion().await();
    }

    private void take(Message<JsonObject> message) {
        messages.add(message.body());
        if (toRefuse.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            message.fail(Failure.INTERNAL_ERROR.code(), Failure.INTERNAL_ERROR.machineName());
        } else if (!silent) {
            message.reply(identities.size() > 1 ? identities.poll() : identities.peek());
        }
    }

    /** Fails the next messages. */
    void refuse(int count) {
        toRefuse.set(count);
    }

    /** Which caches acknowledge the next messages; the last one goes on. */
    void answer(String... caches) {
        identities.addAll(List.of(caches));
    }

    /** Whether messages are left without an answer. */
    void setSilent(boolean silent) {
        this.silent = silent;
    }

    /** The next message that fits; those before it are dropped. */
    JsonObject await(Predicate<JsonObject> fits) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            JsonObject message = messages.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            assertThat(message).as("a message that fits, in time").isNotNull();
            if (fits.test(message)) {
                return message;
            }
        }
    }

    /** The next message, whatever it says. */
    JsonObject await() throws InterruptedException {
        return await(any -> true);
    }

    /** The next change of a key of that kind. */
    JsonObject await(String key, String kind) throws InterruptedException {
        JsonObject message = await(any -> find(any, key, kind) != null);
        return find(message, key, kind);
    }

    /** Waits for a message without changes: the disk is as the cache knows it. */
    JsonObject awaitQuiet() throws InterruptedException {
        return await(any -> any.getJsonArray("changes").isEmpty());
    }

    /** Whether a message comes within a time. */
    boolean hears(long millis) throws InterruptedException {
        return messages.poll(millis, TimeUnit.MILLISECONDS) != null;
    }

    void forget() {
        messages.clear();
    }

    static List<String> changes(JsonObject message) {
        List<String> changes = new ArrayList<>();
        for (Object change : message.getJsonArray("changes")) {
            JsonObject json = (JsonObject) change;
            changes.add(json.getString("key") + "=" + json.getString("kind"));
        }
        return changes;
    }

    static JsonObject project(JsonObject message, String name) {
        return message.getJsonObject("projects").getJsonObject(name);
    }

    private static JsonObject find(JsonObject message, String key, String kind) {
        JsonArray changes = message.getJsonArray("changes");
        for (int i = 0; i < changes.size(); i++) {
            JsonObject change = changes.getJsonObject(i);
            if (change.getString("key").equals(key) && change.getString("kind").equals(kind)) {
                return change;
            }
        }
        return null;
    }
}
