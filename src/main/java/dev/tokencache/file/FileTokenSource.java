package dev.tokencache.file;

import dev.tokencache.Failure;
import dev.tokencache.Fingerprint;
import dev.tokencache.Precondition;
import dev.tokencache.Sighting;
import dev.tokencache.TokenCacheException;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import dev.tokencache.TokenNames;
import dev.tokencache.TokenSource;
import dev.tokencache.WriteResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Tokens in files, {@code <root>/<project>/<file>.json}: the source that is the truth. Reads and writes run on threads of
 * their own, so that a hung read stops no write, and a project that hangs stops no other. Writes of one project keep their
 * order. For any thread; futures complete on the caller's context.
 */
public final class FileTokenSource implements TokenSource {
    private static final Logger LOG = System.getLogger(FileTokenSource.class.getName());
    private static final long TEND_MILLIS = 250;
    private static final int MAX_SLOW = 1_000;

    /** Stands for the root in the place of a project; no project has such a name. */
    private static final String ROOT = "";

    private final Vertx vertx;
    private final FileThreads reads;
    private final FileThreads writes;
    private final StorageErrors errors;
    private final TokenReader reader;
    private final SliceReader slices;
    private final TokenLister lister;
    private final TokenWriter writer;
    private final Map<Promise<?>, Context> unanswered = new ConcurrentHashMap<>();
    private final Set<BulkRead> bulks = ConcurrentHashMap.newKeySet();
    private final long tending;
    private final Duration closeTimeout;

    /** Files that held up others; each is read by itself until it has been read. */
    private final Set<TokenKey> slow = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    /**
     * A source with threads of its own; they end with {@link #close()}.
     *
     * @param options copied; root and etag key are set
     */
    public FileTokenSource(Vertx vertx, FileSourceOptions options) {
        FileSourceOptions own = new FileSourceOptions(options);
        Objects.requireNonNull(own.getRoot(), "root");
        Objects.requireNonNull(own.getEtagKey(), "etag key");
        this.vertx = vertx;
        errors = new StorageErrors(own.getNanoTime());
        reader = new TokenReader(own, errors);
        slices = new SliceReader(own, reader);
        lister = new TokenLister(own, errors);
        writer = new TokenWriter(own, errors);
        closeTimeout = own.getCloseTimeout();
        reads = FileThreads.forReads(own);
        writes = FileThreads.forWrites(own);
        tending = vertx.setPeriodic(TEND_MILLIS, id -> {
            reads.tend();
            writes.tend();
        });
    }

    @Override
    public Future<TokenFile> read(TokenKey key) {
        return reading(key.project(), key.toString(), () -> reader.read(key));
    }

    @Override
    public List<Future<TokenFile>> readAll(List<TokenKey> keys, Function<TokenKey, Sighting> known) {
        List<TokenKey> together =
                keys.stream().filter(key -> !slow.contains(key)).toList();
        Map<TokenKey, Future<TokenFile>> futures = together.size() < 2 ? new HashMap<>() : readTogether(together);
        return keys.stream()
                .map(key -> futures.computeIfAbsent(key, this::readSlow))
                .toList();
    }

    private Map<TokenKey, Future<TokenFile>> readTogether(List<TokenKey> keys) {
        String project = keys.get(0).project();
        Context context = vertx.getOrCreateContext();
        BulkRead bulk = new BulkRead(context, keys, this::read);
        bulks.add(bulk);
        bulk.answered().onComplete(done -> bulks.remove(bulk));
        bulk.watch(vertx, this::noteSlow);
        if (closed) {
            bulk.refuse(Failure.OVERLOADED);
        }
        try {
            reads.submit(project, null, 0, () -> bulk.run(slices, project, this::typed), failure -> bulk.giveUp());
        } catch (TokenCacheException refused) {
            bulk.giveUp();
        }
        Map<TokenKey, Future<TokenFile>> futures = new HashMap<>();
        List<Future<TokenFile>> reading = bulk.futures();
        for (int i = 0; i < keys.size(); i++) {
            futures.put(keys.get(i), reading.get(i));
        }
        return futures;
    }

    private void noteSlow(TokenKey key) {
        if (slow.size() >= MAX_SLOW) {
            slow.clear();
        }
        slow.add(key);
    }

    private Future<TokenFile> readSlow(TokenKey key) {
        return read(key).onSuccess(file -> slow.remove(key));
    }

    @Override
    public Future<Fingerprint> fingerprint(TokenKey key) {
        return reading(key.project(), key.toString(), () -> reader.fingerprint(key));
    }

    @Override
    public Future<TokenNames> list(String project) {
        return reading(project, null, () -> lister.list(project));
    }

    @Override
    public Future<List<String>> candidates(String project) {
        return reading(project, null, () -> lister.candidates(project));
    }

    @Override
    public Future<List<String>> projects() {
        return reading(ROOT, null, lister::projects);
    }

    @Override
    public Future<WriteResult> write(TokenKey key, Buffer bytes, Precondition precondition) {
        byte[] copy = bytes.getBytes();
        return writing(key, copy.length, () -> writer.write(key, copy, precondition));
    }

    @Override
    public Future<Boolean> delete(TokenKey key, Precondition precondition) {
        return writing(key, 0, () -> writer.delete(key, precondition));
    }

    /** How many reads met a link that leaves its project's directory, since the start. */
    public long refusedLinks() {
        return reader.refusedLinks();
    }

    /** How many calls the file system failed, since the start. */
    public long storageErrors() {
        return errors.count();
    }

    /** How many calls hang now: they have run for longer than a load may take. */
    public int hungCalls() {
        return reads.hung() + writes.hung();
    }

    /** How many reads wait for a thread now. */
    public int waitingReads() {
        return reads.waiting();
    }

    /** How many reads run now, hung ones too. */
    public int runningReads() {
        return reads.running();
    }

    /** How many writes wait for their turn now. */
    public int waitingWrites() {
        return writes.waiting();
    }

    /** How many writes run now, hung ones too. */
    public int runningWrites() {
        return writes.running();
    }

    /**
     * Refuses new calls, lets accepted writes end, then ends the threads; reads that are queued or under way fail. Writes are
     * waited for no longer than {@link FileSourceOptions#getCloseTimeout()}. Then those that have not begun fail with {@link
     * Failure#OVERLOADED} and never happen, and those under way with {@link Failure#CACHE_UNREACHABLE}: their threads are
     * interrupted, which ends a wait for a lock or disk with the old file intact, but a call that the system does not let go
     * may still end in a rename.
     */
    @Override
    public Future<Void> close() {
        closed = true;
        Promise<Void> drained = Promise.promise();
        writes.drain(drained::tryComplete);
        Future<Void> bounded =
                onCallersContext(drained.future()).timeout(closeTimeout.toMillis(), TimeUnit.MILLISECONDS);
        return bounded.recover(late -> {
                    LOG.log(Level.WARNING, "writes did not end within {0} ms, left", closeTimeout.toMillis());
                    writes.abandon();
                    return Future.succeededFuture();
                })
                .onSuccess(done -> {
                    vertx.cancelTimer(tending);
                    unanswered.keySet().forEach(this::refuse);
                    bulks.forEach(bulk -> bulk.refuse(Failure.OVERLOADED));
                    reads.end();
                    writes.end();
                });
    }

    private <T> Future<T> reading(String project, String key, Callable<T> work) {
        Promise<T> answer = Promise.promise();
        Context context = vertx.getOrCreateContext();
        unanswered.put(answer, context); // threads that are ended forget what they have queued
        if (closed) {
            unanswered.remove(answer);
            return Future.failedFuture(Failure.OVERLOADED.exception());
        }
        try {
            reads.submit(project, key, 0, () -> answer(answer, context, work), failure -> refuse(answer, failure));
        } catch (TokenCacheException refused) {
            unanswered.remove(answer);
            answer.tryFail(refused);
        }
        return answer.future();
    }

    /** The end comes from a worker thread; it is handed to the context that asked. */
    private <T> void answer(Promise<T> answer, Context context, Callable<T> work) {
        try {
            T value = typed(work);
            context.runOnContext(ignored -> answer.tryComplete(value));
        } catch (TokenCacheException e) {
            context.runOnContext(ignored -> answer.tryFail(e));
        }
        unanswered.remove(answer);
    }

    private void refuse(Promise<?> answer) {
        refuse(answer, Failure.OVERLOADED);
    }

    private void refuse(Promise<?> answer, Failure failure) {
        Context context = unanswered.remove(answer);
        if (context != null) {
            context.runOnContext(ignored -> answer.tryFail(failure.exception()));
        }
    }

    private <T> Future<T> writing(TokenKey key, long size, Callable<T> work) {
        Promise<T> result = Promise.promise();
        try {
            writes.submit(
                    key.project(),
                    null,
                    size,
                    () -> {
                        try {
                            result.tryComplete(typed(work));
                        } catch (TokenCacheException e) {
                            result.tryFail(e);
                        }
                    },
                    failure -> result.tryFail(failure.exception()));
        } catch (TokenCacheException e) {
            result.fail(e);
        }
        return onCallersContext(result.future());
    }

    /** A write's end comes from a worker thread; it is handed to the context that asked. */
    private <T> Future<T> onCallersContext(Future<T> future) {
        Context context = vertx.getOrCreateContext();
        Promise<T> promise = Promise.promise();
        future.onComplete(result -> context.runOnContext(ignored -> promise.handle(result)));
        return promise.future();
    }

    private <T> T typed(Callable<T> work) {
        try {
            return work.call();
        } catch (TokenCacheException e) {
            throw e;
        } catch (Throwable e) { // an error too: no call is left without an answer
            throw unexpected(e);
        }
    }

    /** The message may hold a path, so the type and the place must do. */
    private TokenCacheException unexpected(Throwable cause) {
        StackTraceElement[] trace = cause.getStackTrace();
        LOG.log(
                Level.ERROR,
                "unexpected {0} at {1}",
                cause.getClass().getName(),
                trace.length == 0 ? "unknown" : trace[0].toString());
        return Failure.INTERNAL_ERROR.exception();
    }
}
