package dev.tokencache.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Fingerprint;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenCacheOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How reports that take several messages are told. */
@Timeout(60)
class ReporterTest {
    private final Vertx vertx = Vertx.vertx();
    private final FakeCache cache = new FakeCache(vertx);
    private final AtomicInteger anew = new AtomicInteger();
    private final List<String> accepted = new ArrayList<>();
    private final Reporter reporter =
            new Reporter(TokenCache.create(vertx, new TokenCacheOptions()), JsonObject::new, anew::incrementAndGet);

    @AfterEach
    void close() {
        vertx.close().await();
    }

    /** A report of so many files that it takes two messages, the second of which holds the status. */
    private Report large() {
        ProjectSnapshot.Builder files = new ProjectSnapshot.Builder(0);
        for (int i = 0; i < Reporter.MAX_KEYS + 1; i++) {
            files.add(String.format("f%05d.json", i), new FileState(new Fingerprint(i, 1, 1, 1), null));
        }
        JsonObject status = new JsonObject().put("files", Reporter.MAX_KEYS + 1).put("startedNanos", 1L);
        SnapshotDiff changes = SnapshotDiff.first(files.build(), SnapshotDiff.Kind.PRESENT);
        return new Report("p", changes, status, () -> accepted.add("p"));
    }

    private void send(Report report) throws Exception {
        reporter.send(() -> List.of(report), true)
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    @Test
    void send_firstPartLost_saysNothingOfHavingTold() throws Exception {
        cache.refuse(1);

        send(large());

        assertThat(FakeCache.changes(cache.await())).hasSize(Reporter.MAX_KEYS);
        JsonObject second = FakeCache.project(cache.await(), "p");
        assertThat(second.getInteger("files")).isEqualTo(Reporter.MAX_KEYS + 1);
        assertThat(second.containsKey("startedNanos"))
                .as("what the cache knows and was not told of would count as contradicted")
                .isFalse();
        assertThat(accepted).isEmpty();

        send(large());

        cache.await();
        assertThat(FakeCache.project(cache.await(), "p").getLong("startedNanos"))
                .isEqualTo(1);
        assertThat(accepted).containsExactly("p");
    }

    private void sendRound(Report report) throws Exception {
        reporter.sendRound(() -> List.of(report), () -> 7L)
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    @Test
    void sendRound_allAcknowledged_saysSoWithTheLastPartOnly() throws Exception {
        sendRound(large());

        assertThat(cache.await().containsKey(Reporter.LISTED)).isFalse();
        assertThat(cache.await().getLong(Reporter.LISTED)).isEqualTo(7);
    }

    @Test
    void sendRound_partLost_doesNotSayThatAllWasTold() throws Exception {
        cache.refuse(1);

        sendRound(large());

        cache.await();
        assertThat(cache.await().containsKey(Reporter.LISTED)).isFalse();
    }

    @Test
    void send_anotherCacheTakesOverBetweenTheFirstParts_tellsAnew() throws Exception {
        cache.answer("one", "two");

        send(large());

        assertThat(anew).hasValue(1);
    }

    @Test
    void send_sameCacheAnswersAll_tellsOnce() throws Exception {
        cache.answer("one");

        send(large());
        send(large());

        assertThat(anew).hasValue(0);
    }
}
