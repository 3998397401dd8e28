package dev.tokencache;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Any order of changes, messages lost, late and twice, answers early, late and failed, histories forgotten and caches
 * replaced: a consumer that does as it is told has what there is. {@code -Dfeed.seed=N} takes the same choices again.
 */
class ChangeFeedStormTest {
    private static final int RUNS = 20;
    private static final int STEPS = 300;

    @Test
    void anyOrder_consumerThatReadsWhatIsNamed_endsUpEqual() {
        Long only = Long.getLong("feed.seed");
        long first = only != null ? only : System.nanoTime();
        for (int run = 0; run < (only != null ? 1 : RUNS); run++) {
            long seed = first + run;
            try (FakeFeed fake = new FakeFeed()) {
                new Run(fake, new Random(seed)).play();
            } catch (AssertionError e) {
                throw new AssertionError("-Dfeed.seed=" + seed, e);
            }
        }
    }

    private static final class Run {
        private final FakeFeed fake;
        private final Random random;
        private final TokenCache cache;
        private final Map<String, Integer> copy = new TreeMap<>();
        private final Deque<JsonObject> unsent = new ArrayDeque<>();
        private EventId position;
        private Promise<Void> work;
        private Throwable wrong;
        private boolean quiet;

        Run(FakeFeed fake, Random random) {
            this.fake = fake;
            this.random = random;
            this.cache = TokenCache.create(fake.vertx);
        }

        void play() {
            fake.on(() -> cache.follow(null, null, this::apply, 10, 1));
            for (int i = 0; i < STEPS; i++) {
                fake.on(this::step);
            }
            quiet = true;
            fake.until(() -> {
                finish();
                return wrong != null || (fake.last().equals(position) && work == null);
            });
            assertThat(wrong).isNull();
            fake.on(() -> assertThat(copy).isEqualTo(fake.files));
        }

        private void step() {
            String key = (random.nextBoolean() ? "p/" : "q/") + (char) ('a' + random.nextInt(4)) + ".json";
            switch (random.nextInt(16)) {
                case 0, 1, 2, 3 -> fake.change(key);
                case 4 -> fake.remove(key);
                case 5, 6, 7 -> fake.publish(fake.message());
                case 8 -> fake.message();
                case 9 -> unsent.add(fake.message());
                case 10 -> {
                    if (!unsent.isEmpty()) {
                        fake.publish(unsent.poll());
                    }
                }
                case 11 -> {
                    if (!fake.sent.isEmpty()) {
                        fake.publish(fake.sent.get(random.nextInt(fake.sent.size())));
                    }
                }
                case 12 -> fake.answer(random.nextBoolean());
                case 13 -> fake.refuse();
                case 14 -> {
                    if (random.nextInt(4) == 0) {
                        fake.restart();
                        fake.files.remove(key);
                    } else if (random.nextInt(4) == 0) {
                        fake.forget();
                    }
                }
                default -> finish();
            }
        }

        private void finish() {
            if (work != null) {
                Promise<Void> done = work;
                work = null;
                if (!quiet && random.nextInt(8) == 0) {
                    done.fail("made up");
                } else {
                    done.complete();
                }
            }
            if (quiet) {
                fake.answer(false);
            }
        }

        private Future<Void> apply(TokenEvents piece) {
            try {
                assertThat(work).as("one piece at a time").isNull();
                if (piece.reset()) {
                    copy.clear();
                    copy.putAll(fake.files);
                } else {
                    piece.events().forEach(this::apply);
                }
                position = piece.last();
            } catch (AssertionError e) {
                wrong = e;
            }
            if (random.nextBoolean() && !quiet) {
                work = Promise.promise();
                return work.future();
            }
            return Future.succeededFuture();
        }

        private void apply(TokenEvents.Event event) {
            assertThat(event.id()).as("the next one").isEqualTo(position.at(position.number() + 1));
            position = event.id();
            String key = event.change().project() + '/' + event.change().filename();
            Integer now = fake.files.get(key);
            if (now == null) {
                copy.remove(key);
            } else {
                copy.put(key, now);
            }
        }
    }
}
