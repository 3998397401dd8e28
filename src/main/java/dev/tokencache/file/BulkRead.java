package dev.tokencache.file;

import dev.tokencache.Failure;
import dev.tokencache.TokenCacheException;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Several reads of one project in one call of a worker thread, which spares each of them the directory's opening and the way
 * there and back. The call takes one after the other off a queue. What it has not taken when its time is over, or when it hangs
 * at one of them, is read one by one, as if it had been asked for so: no file holds up another for long.
 */
final class BulkRead {
    /** On a disk that answers from memory that is enough for a hundred files; on a slow one it is over after the first. */
    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final long PATIENCE_MILLIS = 50;

    private final Context context;
    private final Function<TokenKey, Future<TokenFile>> alone;
    private final List<One> all = new ArrayList<>();
    private final Queue<One> waiting = new ConcurrentLinkedQueue<>();
    private final Promise<Void> answered = Promise.promise();
    private int unanswered;

    /** The one that the call is at now, or null. */
    private volatile One current;

    private volatile boolean over;

    private static final class One {
        final TokenKey key;
        final Promise<TokenFile> answer = Promise.promise();

        /** Whether it is, or was, read by itself; on the caller's context. */
        boolean alone;

        One(TokenKey key) {
            this.key = key;
        }
    }

    private record Ended(One one, Future<TokenFile> read) {}

    /**
     * Reads that have not begun; on the caller's context.
     *
     * @param alone reads one by itself
     */
    BulkRead(Context context, List<TokenKey> keys, Function<TokenKey, Future<TokenFile>> alone) {
        this.context = context;
        this.alone = alone;
        keys.forEach(key -> all.add(new One(key)));
        waiting.addAll(all);
        unanswered = all.size();
    }

    /** What each key's read gives, in their order, on the caller's context. */
    List<Future<TokenFile>> futures() {
        return all.stream().map(one -> one.answer.future()).toList();
    }

    /** Completes on the caller's context when all have been answered. */
    Future<Void> answered() {
        return answered.future();
    }

    /**
     * Sees to it that none waits for long; on the caller's context.
     *
     * @param stuck told which one holds up the call
     */
    void watch(Vertx vertx, Consumer<TokenKey> stuck) {
        long timer = vertx.setTimer(PATIENCE_MILLIS, id -> {
            One at = current;
            if (at != null) {
                stuck.accept(at.key);
            }
            readAllBut(at);
        });
        answered.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    /** The call tells of what it has read at its end only, so those which wait for that are read too, unless it is at its end. */
    private void readAllBut(One stuck) {
        if (over) {
            readRest();
            return;
        }
        waiting.clear();
        all.stream()
                .filter(one -> one != stuck && !one.answer.future().isComplete())
                .forEach(this::readAlone);
    }

    /** Reads one after the other through one open directory, as {@link SliceReader} does. */
    interface Slice {

        /**
         * Reads until there are no more or the time is over: a directory that is held open for longer may not be in place any more.
         *
         * @param next the key of the next one, or null when there is none
         * @param each given each key before the next one is taken, and what tells how its read ended, as {@link
         *     TokenReader#read} would
         */
        void read(String project, long nanos, Supplier<TokenKey> next, BiConsumer<TokenKey, Callable<TokenFile>> each);
    }

    /** What the worker thread does. Blocking. */
    void run(Slice slice, String project, Function<Callable<TokenFile>, TokenFile> typed) {
        List<Ended> ended = new ArrayList<>();
        slice.read(
                project,
                SLICE_NANOS,
                () -> {
                    One next = waiting.poll();
                    current = next;
                    return next == null ? null : next.key;
                },
                (key, read) -> ended.add(new Ended(current, result(read, typed))));
        current = null;
        over = true;
        context.runOnContext(none -> {
            ended.forEach(one -> answer(one.one, one.read));
            readRest();
        });
    }

    private static Future<TokenFile> result(Callable<TokenFile> read, Function<Callable<TokenFile>, TokenFile> typed) {
        try {
            return Future.succeededFuture(typed.apply(read));
        } catch (TokenCacheException e) {
            return Future.failedFuture(e);
        }
    }

    /** Another may have answered before. */
    private void answer(One one, AsyncResult<TokenFile> read) {
        boolean first = read.succeeded() ? one.answer.tryComplete(read.result()) : one.answer.tryFail(read.cause());
        if (first && --unanswered == 0) {
            answered.complete();
        }
    }

    /** Reads one by one what the call has not told of: it was refused, or has failed. For any thread. */
    void giveUp() {
        context.runOnContext(none -> readAllBut(null));
    }

    /** Fails what has not been answered. For any thread. */
    void refuse(Failure failure) {
        waiting.clear();
        context.runOnContext(none -> all.forEach(one -> answer(one, Future.failedFuture(failure.exception()))));
    }

    private void readRest() {
        for (One one = waiting.poll(); one != null; one = waiting.poll()) {
            readAlone(one);
        }
    }

    private void readAlone(One one) {
        if (!one.alone) {
            one.alone = true;
            alone.apply(one.key).onComplete(read -> answer(one, read));
        }
    }
}
