package dev.tokencache.examples;

import dev.tokencache.TokenCache;
import dev.tokencache.TokenFile;
import dev.tokencache.accounts.AccountPool;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Spreads calls over the accounts of one project: each call uses one account alone, the one that has rested longest. */
public final class RotatingAccounts extends VerticleBase {
    private final String project;
    private final Clock clock;
    private AccountPool pool;

    /**
     * A verticle that isn't deployed.
     *
     * @param clock says which tokens are past the expiry they state
     */
    public RotatingAccounts(String project, Clock clock) {
        this.project = project;
        this.clock = clock;
    }

    @Override
    public Future<?> start() {
        return AccountPool.init(TokenCache.create(vertx), project).onSuccess(made -> pool = made);
    }

    /**
     * Calls with the next account whose token is there, valid and not expired. For any thread.
     *
     * @param call from the account's token to the result; it runs on this verticle's event loop
     * @return fails with {@link IllegalStateException} when there is no such account, else as the call does
     */
    public <T> Future<T> withAccount(Function<TokenFile, Future<T>> call) {
        Promise<T> promise = Promise.promise();
        context.runOnContext(now -> call(call, new HashSet<>()).onComplete(promise));
        return promise.future();
    }

    private <T> Future<T> call(Function<TokenFile, Future<T>> call, Set<String> useless) {
        Optional<String> chosen = pool.choose(useless);
        if (chosen.isEmpty()) {
            return Future.failedFuture(new IllegalStateException("no account is free"));
        }
        String account = chosen.get();
        return pool.get(account).transform(read -> {
            if (read.failed() || !isUsable(read.result())) {
                pool.release(account);
                useless.add(account);
                return call(call, useless);
            }
            return Future.succeededFuture(read.result())
                    .compose(call)
                    .onComplete(done -> context.runOnContext(now -> pool.release(account)));
        });
    }

    private boolean isUsable(TokenFile file) {
        return file != null
                && (file.expiresAtMillis() == TokenFile.NO_EXPIRY || file.expiresAtMillis() > clock.millis());
    }

    @Override
    public Future<?> stop() {
        return pool.close();
    }
}
