package dev.tokencache.redis;

import dev.tokencache.Fingerprint;
import dev.tokencache.Precondition;
import dev.tokencache.Sighting;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import dev.tokencache.TokenNames;
import dev.tokencache.TokenSource;
import dev.tokencache.WriteResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;

/**
 * Files in memory, as old as files usually are. What a read returns is fixed when it starts; a test can hold reads back. For
 * any thread.
 */
final class FakeDisk implements TokenSource {
    private final TreeMap<TokenKey, TokenFile> files = new TreeMap<>();
    private final Deque<Runnable> held = new ArrayDeque<>();
    private boolean holding;
    private long stamp;
    private int reads;

    synchronized Fingerprint edit(TokenKey key, String text) {
        stamp++;
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Fingerprint version = new Fingerprint(stamp, bytes.length, stamp, stamp);
        files.put(key, TokenFile.read(key, bytes, etag(bytes), version, 0, TokenFile.NO_EXPIRY, null, false));
        return version;
    }

    static String etag(byte[] bytes) {
        return Integer.toHexString(Arrays.hashCode(bytes));
    }

    /** What a watcher that has just looked would say. */
    synchronized Sighting sighting(TokenKey key) {
        TokenFile file = files.get(key);
        return new Sighting(file.fingerprint(), null, System.nanoTime(), System.nanoTime());
    }

    synchronized int reads() {
        return reads;
    }

    synchronized void hold() {
        holding = true;
    }

    /** Lets the read that has waited longest end. */
    void release() {
        Runnable oldest;
        synchronized (this) {
            oldest = held.remove();
        }
        oldest.run();
    }

    /** Lets the read that has begun last end. */
    void releaseLast() {
        Runnable last;
        synchronized (this) {
            last = held.removeLast();
        }
        last.run();
    }

    synchronized int held() {
        return held.size();
    }

    @Override
    public synchronized Future<TokenFile> read(TokenKey key) {
        reads++;
        TokenFile file = files.get(key);
        TokenFile now = file == null ? null : file.revalidatedAt(System.nanoTime());
        if (!holding) {
            return Future.succeededFuture(now);
        }
        Promise<TokenFile> promise = Promise.promise();
        held.add(() -> promise.complete(now));
        return promise.future();
    }

    @Override
    public synchronized Future<Fingerprint> fingerprint(TokenKey key) {
        TokenFile file = files.get(key);
        return Future.succeededFuture(file == null ? null : file.fingerprint());
    }

    @Override
    public synchronized Future<TokenNames> list(String project) {
        return Future.succeededFuture(TokenNames.read(
                project,
                files.keySet().stream()
                        .filter(key -> key.project().equals(project))
                        .map(TokenKey::filename)
                        .toList(),
                System.nanoTime()));
    }

    @Override
    public synchronized Future<List<String>> projects() {
        return Future.succeededFuture(
                files.keySet().stream().map(TokenKey::project).distinct().toList());
    }

    @Override
    public synchronized Future<WriteResult> write(TokenKey key, Buffer bytes, Precondition precondition) {
        boolean created = !files.containsKey(key);
        Fingerprint version = edit(key, bytes.toString());
        return Future.succeededFuture(new WriteResult(etag(bytes.getBytes()), created, version));
    }

    @Override
    public synchronized Future<Boolean> delete(TokenKey key, Precondition precondition) {
        return Future.succeededFuture(files.remove(key) != null);
    }
}
