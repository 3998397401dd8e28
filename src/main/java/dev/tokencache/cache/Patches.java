package dev.tokencache.cache;

import dev.tokencache.Failure;
import dev.tokencache.Precondition;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import dev.tokencache.WriteResult;
import dev.tokencache.content.MalformedContentException;
import dev.tokencache.content.MergePatch;
import dev.tokencache.content.TokenContent;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.function.LongSupplier;

/**
 * Merge patches (RFC 7396): read, merged on a worker, written on the condition that the file is still what was read, and all of
 * it again when somebody was faster. So of two patches neither undoes the other.
 */
final class Patches {
    private static final int MAX_TRIES = 20;

    private final Context context;
    private final Tokens tokens;
    private final Writes writes;
    private final LongSupplier nanoTime;

    Patches(Context context, Tokens tokens, Writes writes, LongSupplier nanoTime) {
        this.context = context;
        this.tokens = tokens;
        this.writes = writes;
        this.nanoTime = nanoTime;
    }

    /** A file and what a patch made of it. */
    private record Merged(Buffer bytes, TokenContent content) {}

    /**
     * Merges a patch into a token.
     *
     * @param patch the text of a JSON object; {@link Failure#BAD_REQUEST} when it is none
     * @return the token as it was written, or null when there is none and nothing was demanded of it. Fails with {@link
     *     Failure#PRECONDITION_FAILED}, {@link Failure#STORAGE_BUSY} when others were faster each time, {@link
     *     Failure#INVALID_TOKEN_FILE} when the file or the result is none, and the failures of writes
     */
    Future<TokenFile> patch(TokenKey key, Buffer patch, Precondition precondition) {
        byte[] bytes = patch.getBytes();
        return attempt(key, bytes, precondition, MAX_TRIES);
    }

    /** What is read first may have been in memory, and old: before anything is refused for it, the disk decides. */
    private Future<TokenFile> attempt(TokenKey key, byte[] patch, Precondition precondition, int tries) {
        return tokens.get(key.toString()).compose(file -> {
            boolean holds = precondition.holds(file == null ? null : file.etag());
            boolean fresh = tries < MAX_TRIES;
            if (file != null && holds) {
                return replace(key, file, patch)
                        .recover(cause -> Failure.of(cause) == Failure.PRECONDITION_FAILED
                                ? again(key, patch, precondition, tries - 1)
                                : Future.failedFuture(cause));
            }
            if (!fresh) {
                return again(key, patch, precondition, tries - 1);
            }
            return holds ? Future.succeededFuture() : Future.failedFuture(Failure.PRECONDITION_FAILED.exception());
        });
    }

    private Future<TokenFile> again(TokenKey key, byte[] patch, Precondition precondition, int tries) {
        tokens.invalidate(key.toString());
        return tries == 0
                ? Future.failedFuture(Failure.STORAGE_BUSY.exception())
                : attempt(key, patch, precondition, tries);
    }

    private Future<TokenFile> replace(TokenKey key, TokenFile file, byte[] patch) {
        return context.executeBlocking(() -> merge(file.bytes(), patch), false)
                .compose(merged -> writes.put(key, merged.bytes(), Precondition.match(file.etag()))
                        .map(written -> token(key, file, merged, written)));
    }

    private static Merged merge(byte[] file, byte[] patch) {
        try {
            TokenContent.check(patch);
        } catch (MalformedContentException e) {
            throw Failure.BAD_REQUEST.exception();
        }
        try {
            byte[] bytes = MergePatch.apply(file, patch);
            return new Merged(Buffer.buffer(bytes), TokenContent.check(bytes));
        } catch (MalformedContentException e) {
            throw Failure.INVALID_TOKEN_FILE.exception();
        }
    }

    private TokenFile token(TokenKey key, TokenFile before, Merged merged, WriteResult written) {
        return TokenFile.read(
                key,
                merged.bytes().getBytes(),
                written.etag(),
                written.fingerprint() == null ? before.fingerprint() : written.fingerprint(),
                nanoTime.getAsLong(),
                merged.content().expiresAtMillis(),
                merged.content().expirySource(),
                merged.content().refreshable());
    }
}
