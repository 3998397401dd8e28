package dev.tokencache;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A cache as far as a follower sees it, whose messages go out, and whose questions are answered, when the test says so. All of
 * it, and the followers, belong to one event loop.
 */
final class FakeFeed implements AutoCloseable {
    final Vertx vertx = Vertx.vertx();
    final Context loop = vertx.getOrCreateContext();
    final Map<String, Integer> files = new TreeMap<>();
    final Deque<Question> questions = new ArrayDeque<>();
    private final List<TokenChange> changes = new ArrayList<>();
    final List<JsonObject> sent = new ArrayList<>();
    private int starts = 1;
    private int published;
    private int cut;

    /** A request that was not answered yet, and what the answer was when it came in. */
    record Question(Message<JsonObject> message, JsonObject then) {}

    FakeFeed() {
        on(() -> vertx.eventBus()
                .<JsonObject>localConsumer(
                        Operation.EVENTS.address(Operation.DEFAULT_BASE_ADDRESS),
                        message -> questions.add(new Question(message, reply(message.body())))));
    }

    /** Runs on the loop and waits for it. */
    void on(Runnable action) {
        Future.future(done -> loop.runOnContext(ignored -> {
                    try {
                        action.run();
                        done.complete();
                    } catch (Throwable e) {
                        done.fail(e);
                    }
                }))
                .await();
    }

    /** Waits until something holds, seen from the loop. */
    void until(java.util.function.BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        boolean[] holds = new boolean[1];
        while (!holds[0]) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("never happened");
            }
            on(() -> holds[0] = condition.getAsBoolean());
        }
    }

    private String origin() {
        return "start" + starts;
    }

    EventId last() {
        return new EventId(origin(), changes.size());
    }

    /** A change that is numbered and not published yet. */
    void change(String key) {
        boolean added = files.merge(key, 1, Integer::sum) == 1;
        note(key, added ? TokenChange.Kind.ADDED : TokenChange.Kind.CHANGED);
    }

    void remove(String key) {
        if (files.remove(key) != null) {
            note(key, TokenChange.Kind.REMOVED);
        }
    }

    private void note(String key, TokenChange.Kind kind) {
        TokenKey parsed = TokenKey.parse(key);
        changes.add(new TokenChange(parsed.project(), parsed.filename(), kind, null));
    }

    /** Puts what is not published into a message. */
    JsonObject message() {
        JsonArray array = new JsonArray();
        changes.subList(published, changes.size()).forEach(change -> array.add(change.toJson()));
        published = changes.size();
        JsonObject message =
                new JsonObject().put("origin", origin()).put("seq", published).put("changes", array);
        sent.add(message);
        return message;
    }

    void publish(JsonObject message) {
        vertx.eventBus().publish(Operation.CHANGED.address(Operation.DEFAULT_BASE_ADDRESS), message.copy());
    }

    /** Another cache takes over, and says nothing of what it finds. */
    void restart() {
        starts++;
        changes.clear();
        published = 0;
        cut = 0;
    }

    /** The history forgets all there was. */
    void forget() {
        cut = changes.size();
    }

    JsonObject reply(JsonObject request) {
        EventId since = EventId.parse(request.getString("since"));
        JsonObject reply = new JsonObject().put("last", last().toString());
        if (since == null) {
            return reply.put("events", new JsonArray());
        }
        if (!since.origin().equals(origin()) || since.number() < cut) {
            return reply.put("reset", true);
        }
        JsonArray events = new JsonArray();
        int end = Math.min(changes.size(), (int) since.number() + 3);
        for (int number = (int) since.number() + 1; number <= end; number++) {
            events.add(changes.get(number - 1).toJson().put("id", new EventId(origin(), number).toString()));
        }
        reply.put("events", events).put("last", new EventId(origin(), end).toString());
        return end < changes.size() ? reply.put("more", true) : reply;
    }

    /** Answers the oldest question: as things are, or as they were when it came in. */
    void answer(boolean late) {
        Question oldest = questions.poll();
        if (oldest != null) {
            oldest.message().reply(late ? oldest.then() : reply(oldest.message().body()));
        }
    }

    /** Waits for a question and answers it. */
    void answerNext() {
        until(() -> !questions.isEmpty());
        on(() -> answer(false));
    }

    void refuse() {
        Question oldest = questions.poll();
        if (oldest != null) {
            oldest.message().fail(503, Failure.OVERLOADED.machineName());
        }
    }

    @Override
    public void close() {
        vertx.close().await();
    }
}
