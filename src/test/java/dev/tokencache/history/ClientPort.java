package dev.tokencache.history;

import dev.tokencache.Failure;
import dev.tokencache.Precondition;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenFiles;
import dev.tokencache.TokenKey;
import dev.tokencache.TokenNames;
import dev.tokencache.history.Read.Sight;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** The embedded client, on a thread that is no event loop. */
final class ClientPort implements Port {
    private final TokenCache cache;
    private final Recorder recorder;

    ClientPort(TokenCache cache, Recorder recorder) {
        this.cache = cache;
        this.recorder = recorder;
    }

    /** Waits until a future has ended, whichever way. */
    static void settle(Future<?> future) throws Exception {
        future.otherwiseEmpty().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @Override
    public void get(int key) throws Exception {
        long start = recorder.now();
        settle(cache.get(Keys.tokenKey(key)).onComplete(got -> record(recorder, key, start, got)));
    }

    /** Takes down what a get was answered. */
    static void record(Recorder recorder, int key, long start, AsyncResult<TokenFile> got) {
        long end = recorder.now();
        if (got.failed()) {
            recorder.failed(key, Failure.of(got.cause()), start, end);
        } else {
            record(recorder, key, start, end, got.result());
        }
    }

    private static void record(Recorder recorder, int key, long start, long end, TokenFile file) {
        if (file == null) {
            recorder.saw(key, Sight.ABSENT, start, end);
        } else {
            recorder.sawFile(key, file.json(), start, end);
        }
    }

    @Override
    public void getMany(int project) throws Exception {
        List<Integer> keys = IntStream.range(0, Keys.COUNT)
                .filter(key -> Keys.project(key) == project)
                .boxed()
                .toList();
        List<TokenKey> names = keys.stream().map(Keys::tokenKey).toList();
        long start = recorder.now();
        settle(cache.getAll(names)
                .onSuccess(files -> record(keys, files, start))
                .onFailure(this::failed));
    }

    private void record(List<Integer> keys, TokenFiles files, long start) {
        long end = recorder.now();
        for (int i = 0; i < files.size(); i++) {
            if (files.failure(i) != null) {
                recorder.failed(keys.get(i), files.failure(i), start, end);
            } else {
                record(recorder, keys.get(i), start, end, files.file(i));
            }
        }
    }

    private void failed(Throwable cause) {
        recorder.error(Failure.of(cause).machineName());
    }

    @Override
    public void list(int project) throws Exception {
        settle(list(cache, recorder, project));
    }

    /** Lists a project and takes down the answer. */
    static Future<TokenNames> list(TokenCache cache, Recorder recorder, int project) {
        long start = recorder.now();
        return cache.list(Keys.projectName(project))
                .onSuccess(names -> recorder.listed(project, names.names(), start, recorder.now()))
                .onFailure(cause -> recorder.error(Failure.of(cause).machineName()));
    }

    @Override
    public void put(int key) throws Exception {
        Recorder.Draft edit = recorder.begin(key, Edit.Kind.API_PUT);
        settle(cache.put(Keys.tokenKey(key), Value.file(key, edit.version()), Precondition.NONE)
                .onSuccess(written -> edit.done())
                .onFailure(this::failed));
    }

    @Override
    public void delete(int key) throws Exception {
        Recorder.Draft edit = recorder.begin(key, Edit.Kind.API_DELETE);
        settle(cache.delete(Keys.tokenKey(key), Precondition.NONE)
                .onSuccess(existed -> edit.done())
                .onFailure(this::failed));
    }
}
