package dev.tokencache;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Reads that go to the source directly because the cache does not answer. They are bounded: a read counts until the source
 * itself has ended it, also when its caller has given up, so that a hung disk can't pile them up.
 */
final class Bypass {
    private final TokenSource source;
    private final int max;
    private final Duration timeout;
    private final AtomicInteger inFlight = new AtomicInteger();

    Bypass(TokenSource source, int max, Duration timeout) {
        this.source = source;
        this.max = max;
        this.timeout = timeout;
    }

    Future<TokenFile> get(String key) {
        return bounded(() -> source.read(TokenKey.parse(key)))
                .map(file -> file == null ? null : file.withStatus(CacheStatus.BYPASS));
    }

    Future<TokenNames> list(String project) {
        return bounded(() -> source.list(TokenKey.requireProject(project)))
                .map(names -> names.withStatus(CacheStatus.BYPASS));
    }

    private <T> Future<T> bounded(Supplier<Future<T>> read) {
        if (inFlight.incrementAndGet() > max) {
            inFlight.decrementAndGet();
            return Future.failedFuture(Failure.OVERLOADED.exception());
        }
        Future<T> running;
        try {
            running = read.get();
        } catch (RuntimeException e) {
            inFlight.decrementAndGet();
            return Future.failedFuture(Failure.of(e).exception());
        }
        return running.onComplete(done -> inFlight.decrementAndGet())
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .recover(cause -> Future.failedFuture(
                        cause instanceof TimeoutException
                                ? Failure.LOAD_TIMEOUT.exception()
                                : Failure.of(cause).exception()));
    }
}
