package dev.tokencache.auth;

import dev.tokencache.Failure;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** The workers that check the signatures which take long, and how many checks there may be at once. For every thread. */
final class SignatureChecks {
    /** More at once are refused as {@link Failure#OVERLOADED}. */
    static final int MAX_CHECKS = 256;

    private static final int WORKERS = 2;

    private final Vertx vertx;
    private final WorkerExecutor workers;
    private final AtomicInteger checks = new AtomicInteger();

    SignatureChecks(Vertx vertx) {
        this.vertx = vertx;
        workers = vertx.createSharedWorkerExecutor("token-cache-auth", WORKERS, 10, TimeUnit.SECONDS);
    }

    /** Does something else there that takes its time; fails when it throws, or there are no workers any more. */
    <T> Future<T> execute(Callable<T> work) {
        return workers.executeBlocking(work, false);
    }

    /**
     * Checks the signature of a header, unless that is under way already: then waits for it.
     *
     * @param check whether it is good
     * @param settle makes the answer of it
     */
    Future<Caller> run(
            Verdicts verdicts,
            String authorization,
            Callable<Boolean> check,
            Function<Boolean, Future<Caller>> settle) {
        Promise<Caller> own = Promise.promise();
        Promise<Caller> other = verdicts.pending().putIfAbsent(authorization, own);
        if (other != null) {
            return onOwnContext(other.future());
        }
        Future<Caller> result;
        if (checks.incrementAndGet() > MAX_CHECKS) {
            checks.decrementAndGet();
            result = Future.failedFuture(Failure.OVERLOADED.exception());
        } else {
            result =
                    onWorker(check).onComplete(done -> checks.decrementAndGet()).compose(settle);
        }
        // Settled first, taken out then: in between, others find a verdict and need no second check.
        return result.onComplete(done -> {
            verdicts.pending().remove(authorization, own);
            own.handle(done);
        });
    }

    private Future<Boolean> onWorker(Callable<Boolean> check) {
        try {
            return workers.executeBlocking(check, false)
                    .recover(rejected -> Future.failedFuture(Failure.OVERLOADED.exception()));
        } catch (RuntimeException e) {
            // Closed meanwhile. That says nothing about the token.
            return Future.failedFuture(Failure.OVERLOADED.exception());
        }
    }

    /** What ends on someone else's context, ended on the caller's. */
    <T> Future<T> onOwnContext(Future<T> shared) {
        Context context = vertx.getOrCreateContext();
        return Future.future(promise -> shared.onComplete(done -> context.runOnContext(none -> promise.handle(done))));
    }

    /** Gives the workers back; checks under way still end. */
    Future<Void> close() {
        return workers.close();
    }
}
