package dev.tokencache;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The follower against messages and answers in an order of the test's choice. */
class ChangeFeedTest {
    private static final long NEVER = 3_600_000;

    private final FakeFeed fake = new FakeFeed();
    private final TokenCache cache = TokenCache.create(fake.vertx);

    /** What was told: "reset", or the number and name of an event. */
    private final List<String> told = new ArrayList<>();

    @AfterEach
    void close() {
        fake.close();
    }

    private Future<Void> note(TokenEvents piece) {
        if (piece.reset()) {
            told.add("reset " + piece.last().number());
        }
        piece.events()
                .forEach(event -> told.add(
                        event.id().number() + " " + event.change().filename().replace(".json", "")));
        return Future.succeededFuture();
    }

    private ChangeFeed[] follow(EventId since, long poll, Function<TokenEvents, Future<?>> consumer) {
        ChangeFeed[] feed = new ChangeFeed[1];
        fake.on(() -> feed[0] = cache.follow(null, since, consumer, poll, 1));
        feed[0].started().await();
        return feed;
    }

    /** A follower that was told where it is. */
    private void followed() {
        follow(null, NEVER, this::note);
        fake.answerNext();
        awaitTold("reset 0");
    }

    private void awaitTold(String... all) {
        fake.until(() -> told.size() >= all.length);
        assertThat(told).containsExactly(all);
    }

    private void change(String... names) {
        for (String name : names) {
            fake.change("p/" + name + ".json");
        }
    }

    private JsonObject published(String... names) {
        change(names);
        JsonObject message = fake.message();
        fake.publish(message);
        return message;
    }

    @Test
    void messages_inOrder_areToldWithoutAQuestion() {
        followed();
        fake.on(() -> published("a"));
        fake.on(() -> published("b", "c"));
        awaitTold("reset 0", "1 a", "2 b", "3 c");
        fake.on(() -> assertThat(fake.questions).isEmpty());
    }

    @Test
    void message_lost_isAskedForAndNothingIsToldTwice() {
        followed();
        fake.on(() -> {
            change("a", "b");
            fake.message();
            published("c");
        });
        fake.answerNext();
        fake.on(() -> published("d"));
        awaitTold("reset 0", "1 a", "2 b", "3 c", "4 d");
    }

    @Test
    void message_sentTwiceOrLate_isPassedOver() {
        followed();
        fake.on(() -> {
            JsonObject first = published("a");
            JsonObject second = published("b");
            fake.publish(first);
            fake.publish(second);
            published("c");
        });
        awaitTold("reset 0", "1 a", "2 b", "3 c");
    }

    @Test
    void answer_aheadOfTheMessages_isToldOnce() {
        followed();
        JsonObject[] late = new JsonObject[1];
        fake.on(() -> {
            change("a");
            fake.message();
            change("b");
            late[0] = fake.message();
            published("c");
        });
        fake.answerNext();
        fake.on(() -> {
            fake.publish(late[0]);
            published("d");
        });
        awaitTold("reset 0", "1 a", "2 b", "3 c", "4 d");
    }

    @Test
    void answer_behindTheMessages_isFollowedByThem() {
        followed();
        fake.on(() -> {
            change("a");
            fake.message();
            published("b");
        });
        fake.until(() -> !fake.questions.isEmpty());
        fake.on(() -> published("c"));
        fake.on(() -> fake.answer(true));
        awaitTold("reset 0", "1 a", "2 b", "3 c");
    }

    @Test
    void firstAnswer_behindAMessage_losesNothing() {
        follow(null, NEVER, this::note);
        fake.until(() -> !fake.questions.isEmpty());
        fake.on(() -> published("a"));
        fake.on(() -> fake.answer(true));
        awaitTold("reset 0", "1 a");
    }

    @Test
    void lastMessage_lost_isFoundByAsking() {
        follow(null, 20, this::note);
        fake.answerNext();
        fake.on(() -> {
            change("a");
            fake.message();
        });
        while (told.size() < 2) {
            fake.answerNext();
        }
        awaitTold("reset 0", "1 a");
    }

    @Test
    void cache_replacedInSilence_isAReset() {
        follow(null, 20, this::note);
        fake.answerNext();
        fake.on(fake::restart);
        while (told.size() < 2) {
            fake.answerNext();
        }
        awaitTold("reset 0", "reset 0");
    }

    @Test
    void cache_replaced_showsWithItsFirstMessage() {
        followed();
        fake.on(() -> published("a"));
        fake.on(() -> {
            fake.restart();
            published("b");
        });
        fake.answerNext();
        fake.on(() -> published("c"));
        awaitTold("reset 0", "1 a", "reset 1", "2 c");
    }

    @Test
    void oldCache_heardLate_isNoReset() {
        followed();
        JsonObject old = new JsonObject()
                .put("origin", "gone")
                .put("seq", 7)
                .put("changes", fake.message().getJsonArray("changes"));
        fake.on(() -> fake.publish(old));
        fake.answerNext();
        fake.on(() -> published("a"));
        awaitTold("reset 0", "1 a");
    }

    @Test
    void history_gone_isAReset() {
        followed();
        fake.on(() -> {
            change("a", "b");
            fake.message();
            fake.forget();
            published("c");
        });
        fake.answerNext();
        awaitTold("reset 0", "reset 3");
    }

    @Test
    void number_passedOver_isAskedFor() {
        followed();
        fake.on(() -> {
            change("a");
            fake.message();
            fake.forget();
            fake.publish(fake.message());
        });
        fake.answerNext();
        awaitTold("reset 0", "reset 1");
    }

    @Test
    void resumed_getsWhatItMissedInPieces() {
        fake.on(() -> {
            published("a", "b", "c", "d");
            published("e", "f");
        });
        follow(new EventId("start1", 1), NEVER, this::note);
        fake.answerNext();
        fake.answerNext();
        awaitTold("2 b", "3 c", "4 d", "5 e", "6 f");
    }

    @Test
    void questions_failed_areAskedAgain() {
        follow(null, NEVER, this::note);
        for (int i = 0; i < 3; i++) {
            fake.until(() -> !fake.questions.isEmpty());
            fake.on(fake::refuse);
        }
        fake.answerNext();
        awaitTold("reset 0");
    }

    @Test
    void consumer_atWork_isGivenNothingMeanwhile() {
        Promise<Void> work = Promise.promise();
        follow(null, NEVER, piece -> {
            note(piece);
            return piece.reset() ? work.future() : Future.succeededFuture();
        });
        fake.answerNext();
        fake.on(() -> published("a"));
        fake.on(() -> published("b"));
        fake.on(() -> assertThat(told).containsExactly("reset 0"));
        work.complete();
        awaitTold("reset 0", "1 a", "2 b");
    }

    @Test
    void consumer_atWorkForLong_isGivenTheRestFromTheHistory() {
        Promise<Void> work = Promise.promise();
        follow(null, NEVER, piece -> piece.reset() ? work.future() : note(piece));
        fake.answerNext();
        fake.on(() -> {
            for (int i = 0; i < 3_000; i++) {
                published("a");
            }
        });
        work.complete();
        while (told.size() < 3_000) {
            fake.on(() -> fake.answer(false));
        }
        for (int i = 0; i < 3_000; i++) {
            assertThat(told.get(i)).isEqualTo((i + 1) + " a");
        }
    }

    @Test
    void consumer_failing_isReset() {
        boolean[] failed = new boolean[1];
        follow(null, NEVER, piece -> {
            note(piece);
            if (!piece.reset() && !failed[0]) {
                failed[0] = true;
                throw new IllegalStateException("made up");
            }
            return Future.succeededFuture();
        });
        fake.answerNext();
        fake.on(() -> published("a"));
        fake.answerNext();
        fake.on(() -> published("b"));
        awaitTold("reset 0", "1 a", "reset 1", "2 b");
    }

    @Test
    void project_filtered_isToldAloneAndWithoutGaps() {
        fake.on(() -> cache.follow("q", null, this::note, NEVER, 1));
        fake.answerNext();
        fake.on(() -> {
            fake.change("p/a.json");
            fake.change("q/b.json");
            fake.publish(fake.message());
            fake.change("p/c.json");
            fake.publish(fake.message());
            fake.change("q/d.json");
            fake.publish(fake.message());
        });
        awaitTold("reset 0", "2 b", "4 d");
        fake.on(() -> assertThat(fake.questions).isEmpty());
    }

    @Test
    void close_tellsNothingMore() {
        ChangeFeed[] feed = follow(null, 20, this::note);
        fake.answerNext();
        awaitTold("reset 0");
        feed[0].close().await();
        feed[0].close().await();
        fake.on(() -> {
            fake.questions.clear();
            published("a");
        });
        followAnother();
        fake.on(() -> assertThat(told).containsExactly("reset 0"));
    }

    /** Somebody else who has heard everything that the closed one could have. */
    private void followAnother() {
        List<EventId> heard = new ArrayList<>();
        fake.on(() -> cache.follow(
                null,
                null,
                piece -> {
                    heard.add(piece.last());
                    return Future.succeededFuture();
                },
                NEVER,
                1));
        fake.answerNext();
        fake.until(() -> !heard.isEmpty());
    }
}
