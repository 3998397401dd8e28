package dev.tokencache.accounts;

import dev.tokencache.TokenCache;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A pool and a fake cache on event loops of their own, and ways to call things there and wait. */
@Timeout(60)
abstract class AccountPoolBase {
    static final long NEVER = 3_600_000;

    private static Vertx vertx;

    final AtomicLong nanos = new AtomicLong();
    FakeCache fake;
    Context fakeLoop;
    Context loop;
    TokenCache cache;
    List<String> deployments;

    @BeforeAll
    static void startVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stopVertx() {
        done(vertx.close());
    }

    @BeforeEach
    void start() {
        deployments = new ArrayList<>();
        fake = deploy(new FakeCache());
        fakeLoop = fake.loop();
        loop = deploy(new Loop()).loop();
        cache = on(loop, () -> TokenCache.create(vertx));
    }

    @AfterEach
    void stop() {
        for (String deployment : deployments) {
            done(vertx.undeploy(deployment));
        }
    }

    void disk(String... added) {
        run(fakeLoop, () -> List.of(added).forEach(fake::add));
        barrier();
    }

    /** What the fake cache has sent until now has arrived afterwards. */
    void barrier() {
        await(loop, () -> cache.stats());
    }

    AccountPool pool() {
        return await(loop, this::init);
    }

    Future<AccountPool> init() {
        return AccountPool.init(cache, FakeCache.PROJECT, new Random(7), nanos::get, NEVER);
    }

    Optional<String> choose(AccountPool pool) {
        return on(loop, () -> pool.choose(Set.of()));
    }

    List<String> drain(AccountPool pool) {
        return on(loop, () -> {
            List<String> all = new ArrayList<>();
            for (int left = pool.free(); left > 0; left--) {
                all.add(pool.choose(Set.of()).orElseThrow());
            }
            return all;
        });
    }

    <T extends VerticleBase> T deploy(T verticle) {
        deployments.add(done(vertx.deployVerticle(verticle)));
        return verticle;
    }

    static void run(Context context, Runnable action) {
        on(context, () -> {
            action.run();
            return null;
        });
    }

    static <T> T on(Context context, Callable<T> action) {
        return await(context, () -> Future.succeededFuture(action.call()));
    }

    static <T> T await(Context context, Callable<Future<T>> action) {
        Promise<T> promise = Promise.promise();
        context.runOnContext(ignored -> {
            try {
                action.call().onComplete(promise);
            } catch (Throwable e) {
                promise.fail(e);
            }
        });
        return done(promise.future());
    }

    static <T> T done(Future<T> future) {
        try {
            return future.await(10, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("no answer within 10 s", e);
        }
    }

    /** Lends the pool an event loop. */
    private static final class Loop extends VerticleBase {
        Context loop() {
            return context;
        }
    }
}
