package dev.tokencache.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Gates on a clock that stands still until told otherwise, and tokens for them. */
final class GateFixture {
    /** When it is. */
    static final long NOW = 1_800_000_000L;

    static final byte[] SECRET = TestKeys.secret(11);
    static final TestKeys.Signer SIGNER = TestKeys.hmac("HS256", SECRET);
    static final String HEADER = "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"main\"}";
    static final String CLAIMS = "{\"sub\":\"alice\",\"iat\":1799999990,\"exp\":1800000600,\"jti\":\"id-1\","
            + "\"scope\":\"tokens:read stats:read\",\"projects\":[\"alpha\",\"beta\"]}";

    private GateFixture() {}

    static class MovableClock extends Clock {
        private volatile Instant instant = Instant.ofEpochSecond(NOW);

        void advance(Duration duration) {
            instant = instant.plus(duration);
        }

        @Override
        public Instant instant() {
            return instant;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    /** Options with the HS256 key {@code main}. */
    static AuthOptions options(Path dir) {
        return new AuthOptions()
                .addKey(new KeyOptions()
                        .setId("main")
                        .setSecretFile(TestKeys.writeSecret(dir.resolve("main.key"), SECRET)));
    }

    static JwtGate gate(Vertx vertx, AuthOptions options, Clock clock) {
        return await(JwtGate.create(vertx, options, clock, name -> null));
    }

    static <T> T await(Future<T> future) {
        try {
            return get(future);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        }
    }

    private static <T> T get(Future<T> future) throws ExecutionException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (TimeoutException | InterruptedException e) {
            throw new AssertionError("no answer", e);
        }
    }

    static Caller accepted(JwtGate gate, String token) {
        return await(gate.authenticate("Bearer " + token));
    }

    /** What a refused header fails with. */
    static Throwable failure(JwtGate gate, String authorization) {
        try {
            Caller caller = get(gate.authenticate(authorization));
            throw new AssertionError("accepted: " + caller);
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    static void assertRefused(JwtGate gate, String authorization) {
        Throwable failure = failure(gate, authorization);
        assertThat(Failure.of(failure)).isEqualTo(Failure.UNAUTHORIZED);
        assertThat(failure).hasMessage("unauthorized").hasNoCause();
        assertThat(gate.remembered(authorization)).isNull();
    }
}
