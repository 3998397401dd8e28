package dev.tokencache.examples;

import dev.tokencache.Failure;
import dev.tokencache.Fingerprint;
import dev.tokencache.InvalidTokenException;
import dev.tokencache.Precondition;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import dev.tokencache.TokenNames;
import dev.tokencache.TokenSource;
import dev.tokencache.WriteResult;
import dev.tokencache.content.EtagKey;
import dev.tokencache.content.MalformedContentException;
import dev.tokencache.content.TokenContent;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * A source that is no directory: a vault in the application's own memory. It answers at once; one that asks a database
 * returns the futures of its client instead. Tokens are gone with the process, so of what a cache promises it lacks durable
 * writes; and since nobody watches it, whoever changes it past the cache has to say so (see {@link #store}). For any thread.
 */
public final class VaultSource implements TokenSource {
    private static final int MAX_BYTES = 1 << 20;

    /** Guarded by this, like the counter. */
    private final Map<TokenKey, Version> tokens = new HashMap<>();

    private final EtagKey etagKey;
    private long versions;

    private record Version(Buffer bytes, String etag, Fingerprint fingerprint) {}

    /** An empty vault. */
    public VaultSource(EtagKey etagKey) {
        this.etagKey = etagKey;
    }

    /**
     * Puts a token in past the cache, as whoever fills the vault does. The bytes may be no valid token: readers are told so.
     * Afterwards tell the cache: {@code TokenCache.invalidate}; else it serves the old one until its time to live is over.
     */
    public synchronized void store(TokenKey key, byte[] bytes) {
        tokens.put(key, version(bytes));
    }

    /** Never two versions with one fingerprint, so that equal ones mean the same bytes. */
    private Version version(byte[] bytes) {
        long nanos = System.currentTimeMillis() * 1_000_000;
        return new Version(
                Buffer.buffer(bytes), etagKey.etag(bytes), new Fingerprint(++versions, bytes.length, nanos, nanos));
    }

    @Override
    public synchronized Future<TokenFile> read(TokenKey key) {
        long start = System.nanoTime(); // before the look: an age that is too young would stretch the time to live
        Version version = tokens.get(key);
        return version == null ? Future.succeededFuture() : answer(() -> file(key, version, start));
    }

    private static TokenFile file(TokenKey key, Version version, long start) {
        byte[] bytes = version.bytes().getBytes();
        TokenContent content = check(bytes, version.fingerprint());
        return TokenFile.read(
                key,
                bytes,
                version.etag(),
                version.fingerprint(),
                start,
                content.expiresAtMillis(),
                content.expirySource(),
                content.refreshable());
    }

    /** The rule for token files; what breaks it is an error that says where, not an absent token. */
    private static TokenContent check(byte[] bytes, Fingerprint fingerprint) {
        if (bytes.length > MAX_BYTES) {
            throw new InvalidTokenException("too_large", 0, 0, fingerprint);
        }
        try {
            return TokenContent.check(bytes);
        } catch (MalformedContentException e) {
            throw new InvalidTokenException(e.reason(), e.line(), e.column(), fingerprint);
        }
    }

    @Override
    public synchronized Future<Fingerprint> fingerprint(TokenKey key) {
        Version version = tokens.get(key);
        return Future.succeededFuture(version == null ? null : version.fingerprint());
    }

    @Override
    public synchronized Future<TokenNames> list(String project) {
        long start = System.nanoTime();
        List<String> names = tokens.keySet().stream()
                .filter(key -> key.project().equals(project))
                .map(TokenKey::filename)
                .toList();
        return Future.succeededFuture(TokenNames.read(project, names, start));
    }

    @Override
    public synchronized Future<List<String>> projects() {
        return Future.succeededFuture(tokens.keySet().stream()
                .map(TokenKey::project)
                .distinct()
                .sorted()
                .toList());
    }

    /** The condition is judged and the token replaced under one lock: of two writers with one tag the second loses. */
    @Override
    public synchronized Future<WriteResult> write(TokenKey key, Buffer bytes, Precondition precondition) {
        return answer(() -> {
            byte[] copy = bytes.getBytes();
            check(copy, null);
            boolean created = require(precondition, tokens.get(key)) == null;
            Version written = version(copy);
            tokens.put(key, written);
            return new WriteResult(written.etag(), created, written.fingerprint());
        });
    }

    @Override
    public synchronized Future<Boolean> delete(TokenKey key, Precondition precondition) {
        return answer(() -> {
            require(precondition, tokens.get(key));
            return tokens.remove(key) != null;
        });
    }

    private static Version require(Precondition precondition, Version present) {
        if (!precondition.holds(present == null ? null : present.etag())) {
            throw Failure.PRECONDITION_FAILED.exception();
        }
        return present;
    }

    /** What is thrown becomes the future's failure: no caller is left without an answer. */
    private static <T> Future<T> answer(Callable<T> work) {
        try {
            return Future.succeededFuture(work.call());
        } catch (Exception e) {
            return Future.failedFuture(e);
        }
    }
}
