package dev.tokencache.file;

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
    private final Queue<One> waiting = new ConcurrentLinkedQueue<>();
    private final List<Promise<TokenFile>> answers = new ArrayList<>();

    /** The one that the call is at now, or null. */
    private volatile One current;

    private record One(TokenKey key, Promise<TokenFile> answer) {}

    private record Ended(One one, Future<TokenFile> read) {}

    /**
     * Reads that have not begun; on the caller's context.
     *
     * @param alone reads one by itself
     */
    BulkRead(Context context, List<TokenKey> keys, Function<TokenKey, Future<TokenFile>> alone) {
        this.context = context;
        this.alone = alone;
        for (TokenKey key : keys) {
            One one = new One(key, Promise.promise());
            waiting.add(one);
            answers.add(one.answer);
        }
    }

    /** What each key's read is answered through, in their order, on the caller's context; another may do it before. */
    List<Promise<TokenFile>> answers() {
        return answers;
    }

    List<Future<TokenFile>> futures() {
        return answers.stream().map(Promise::future).toList();
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
            readRest();
        });
        Future.join(futures()).onComplete(done -> vertx.cancelTimer(timer));
    }

    /** Reads one after the other through one open directory, as {@link TokenReader#readSlice} does. */
    interface Slice {
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
        context.runOnContext(none -> {
            ended.forEach(one -> answer(one.one.answer, one.read));
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
    private static void answer(Promise<TokenFile> answer, AsyncResult<TokenFile> read) {
        if (read.succeeded()) {
            answer.tryComplete(read.result());
        } else {
            answer.tryFail(read.cause());
        }
    }

    /** Reads one by one what the call has not taken. For any thread. */
    void giveUp() {
        context.runOnContext(none -> readRest());
    }

    private void readRest() {
        for (One one = waiting.poll(); one != null; one = waiting.poll()) {
            Promise<TokenFile> answer = one.answer;
            alone.apply(one.key).onComplete(read -> answer(answer, read));
        }
    }
}
