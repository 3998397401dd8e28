package dev.tokencache.cache;

import dev.tokencache.Failure;
import dev.tokencache.Precondition;
import dev.tokencache.TokenKey;
import dev.tokencache.TokenSource;
import dev.tokencache.UncertainWriteException;
import dev.tokencache.WriteResult;
import dev.tokencache.content.MalformedContentException;
import dev.tokencache.content.TokenContent;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.function.LongSupplier;

/**
 * Writes through the cache: the source first, then the invalidation, then the reply. A failed write invalidates too when it may
 * have happened, or when what it found is not what is in memory; one that surely left the old version leaves that in memory.
 */
final class Writes {
    /** Up to this length, in bytes, a text is looked at here: it takes some 0.1 ms. */
    private static final int MAX_CHECKED = 16_384;

    private final OwnerLoop owner;
    private final TokenSource source;
    private final Tokens tokens;
    private final Lists lists;
    private final FileNews news;
    private final LongSupplier nanoTime;

    /** Called on the owner's event-loop thread; the context is the owner's. */
    Writes(Context context, TokenSource source, Tokens tokens, Lists lists, FileNews news, LongSupplier nanoTime) {
        this.owner = new OwnerLoop(context);
        this.source = source;
        this.tokens = tokens;
        this.lists = lists;
        this.news = news;
        this.nanoTime = nanoTime;
    }

    Future<WriteResult> put(TokenKey key, Buffer json, Precondition precondition) {
        long start = nanoTime.getAsLong();
        return onLoop(source.write(key, json, precondition))
                .onFailure(cause -> failed(key, cause))
                .onSuccess(result -> written(key, json, result, start));
    }

    private void written(TokenKey key, Buffer json, WriteResult result, long startNanos) {
        forget(key);
        if (result.fingerprint() == null) {
            // Somebody replaced it meanwhile: what is there now is theirs to report, but this write happened too.
            news.written(key, result.created(), result.etag());
        } else {
            news.written(key, result, content(json), startNanos);
        }
    }

    /** What was written, or null: of a long text the next load tells, this is an event loop. */
    private static TokenContent content(Buffer json) {
        try {
            return json.length() > MAX_CHECKED ? null : TokenContent.check(json.getBytes());
        } catch (MalformedContentException e) {
            return null;
        }
    }

    /** Whether there was one to delete. */
    Future<Boolean> delete(TokenKey key, Precondition precondition) {
        return onLoop(source.delete(key, precondition))
                .onFailure(cause -> failed(key, cause))
                .onSuccess(existed -> {
                    forget(key);
                    if (existed) {
                        news.absent(key.project(), key.filename());
                    }
                });
    }

    private void failed(TokenKey key, Throwable cause) {
        boolean untouched = !(cause instanceof UncertainWriteException)
                && switch (Failure.of(cause)) {
                    case NO_SPACE, STORAGE_UNREADABLE, OVERLOADED, LOAD_TIMEOUT, INVALID_TOKEN_FILE -> true;
                    default -> false;
                };
        if (!untouched) {
            forget(key);
        }
    }

    /** Brings a source that completes elsewhere back to the owner. */
    private <T> Future<T> onLoop(Future<T> written) {
        Promise<T> promise = Promise.promise();
        owner.take(written, promise::handle);
        return promise.future();
    }

    private void forget(TokenKey key) {
        tokens.invalidate(key.toString());
        lists.invalidate(key.project());
    }
}
