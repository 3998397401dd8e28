package dev.tokencache.cache;

import static dev.tokencache.cache.CacheHarness.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.CacheStatus;
import dev.tokencache.Failure;
import dev.tokencache.Precondition;
import dev.tokencache.TokenKey;
import dev.tokencache.UncertainWriteException;
import io.vertx.core.Future;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is in memory after a write that failed: the old value, if that is surely what the disk holds. */
class FailedWriteTest {
    private static final TokenKey KEY = new TokenKey("p", "a.json");

    private final CacheHarness harness = new CacheHarness();

    @BeforeEach
    void fill() {
        harness.source.edit("p/a.json", "{\"v\":1}");
        harness.get("p", "a.json");
    }

    @AfterEach
    void close() {
        harness.close();
    }

    private void failWith(RuntimeException failure) {
        harness.source.breakWritesWith(failure);
        assertThatThrownBy(() -> await(harness.cache.put(KEY, "{\"v\":2}", Precondition.NONE)))
                .isInstanceOf(RuntimeException.class);
        harness.source.breakWritesWith(null);
    }

    private CacheStatus status() {
        return await(harness.cache.get(KEY)).status();
    }

    @ParameterizedTest
    @EnumSource(names = {"NO_SPACE", "STORAGE_UNREADABLE", "OVERLOADED", "LOAD_TIMEOUT", "INVALID_TOKEN_FILE"})
    void put_failsAndSurelyDidNothing_theValueIsStillServedFromMemory(Failure failure) {
        failWith(failure.exception());
        assertThat(status()).isEqualTo(CacheStatus.HIT);
        assertThat(harness.get("p", "a.json")).isEqualTo("{\"v\":1}");
    }

    @ParameterizedTest
    @EnumSource(
            names = {"STORAGE_BUSY", "PRECONDITION_FAILED", "NOT_REPLACEABLE", "CACHE_UNREACHABLE", "INTERNAL_ERROR"})
    void put_failsAndMayHaveHappenedOrFoundAnotherVersion_theValueIsReadAgain(Failure failure) {
        failWith(failure.exception());
        assertThat(status()).isEqualTo(CacheStatus.MISS);
    }

    @Test
    void put_failsAfterTheRename_theValueIsReadAgain() {
        failWith(new UncertainWriteException(Failure.NO_SPACE));
        assertThat(status()).isEqualTo(CacheStatus.MISS);
        failWith(new IllegalStateException("a source's defect"));
        assertThat(status()).isEqualTo(CacheStatus.MISS);
    }

    /** As after a stop of the whole process, when no timer has run yet. */
    @Test
    void get_whileALoadIsOlderThanItsTimeOut_doesNotJoinIt() {
        await(harness.cache.clear());
        harness.source.hold();
        Future<?> slow = harness.cache.get(KEY);
        harness.settle();
        harness.source.edit("p/a.json", "{\"v\":2}");
        harness.source.stopHolding();
        harness.clock.advance(Duration.ofHours(1));
        assertThat(harness.get("p", "a.json")).isEqualTo("{\"v\":2}");
        harness.source.release();
        assertThatThrownBy(() -> await(slow)).hasMessage("load_timeout");
        assertThat(harness.get("p", "a.json")).isEqualTo("{\"v\":2}");
    }
}
