package dev.tokencache;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.function.Function;

/**
 * Where tokens come from and go to: the service-provider interface behind the cache. Every method returns at once and
 * completes its future on the caller's context; none may block an event loop. Methods are called from event loops, from
 * several when clients bypass the cache. Failures are {@link TokenCacheException}s; an absent thing is null, not a failure,
 * and a thing that can't be read is a failure, not absent.
 *
 * <p>What the cache promises rests on this:
 *
 * <ul>
 *   <li><b>A read, list or fingerprint looks after it was called.</b> Then reads agree with writes that have ended, and nothing
 *       comes back that was invalidated. A source that remembers answers drops them in {@link #invalidated}.
 *   <li><b>A fingerprint stands for one version</b>,: a value whose fingerprint is unchanged at the end of its time to live stays. Two
 *       versions may share one only in the 3 s after it was first seen: so long the cache reads again instead.
 *   <li><b>Bytes, entity tag and fingerprint are those of one version</b>, and its time was taken before the look.
 *   <li><b>Equal bytes have equal entity tags</b> and others have others; tags are not to be guessed from the bytes.
 *   <li><b>It bounds itself</b>: the cache bounds how many reads there are and how long it waits for them, not how many writes.
 * </ul>
 *
 * <p>Nobody tells the cache of a change made past it but a watcher, or whoever calls {@link TokenCache#invalidate}: without
 * either, values and lists are as old as their times to live allow.
 */
public interface TokenSource {

    /**
     * Reads one complete version of a token.
     *
     * @return the token with status {@link CacheStatus#MISS}, or null when there is none. Fails with
     *     {@link InvalidTokenException} when the file is there and is not a valid token file, and with
     *     {@link Failure#STORAGE_UNREADABLE}, {@link Failure#STORAGE_BUSY} or {@link Failure#OVERLOADED}
     */
    Future<TokenFile> read(TokenKey key);

    /**
     * Reads a token of which the caller knows which version it is. A source that has that very version at hand may answer with
     * it, as seen at {@link Sighting#seenNanos()}, and look at nothing; any other reads as {@link #read(TokenKey)} does.
     *
     * @param sighting what the caller knows, or null for nothing
     */
    default Future<TokenFile> read(TokenKey key, Sighting sighting) {
        return read(key);
    }

    /**
     * Reads several tokens of one project, each as {@link #read(TokenKey, Sighting)} does. For who wants them all and is in no
     * hurry for one: a source that saves work by going through them in one call may do so, and one that hangs should still
     * hold up no other for long.
     *
     * @param keys of one project, each once
     * @param known what the caller knows of a key, or null for nothing
     * @return a future for each key, in their order
     */
    default List<Future<TokenFile>> readAll(List<TokenKey> keys, Function<TokenKey, Sighting> known) {
        return keys.stream().map(key -> read(key, known.apply(key))).toList();
    }

    /**
     * Hears that tokens may no longer be what they were; what was read of them before must not be handed out from now on. Called
     * on the cache's event loop for everything that the cache drops, its own writes too. Returns at once.
     *
     * @param what {@code project/file}, {@code project/} for a whole project, or {@code *} for everything
     */
    default void invalidated(String what) {}

    /**
     * Hears that a watcher has told of all it found: every change made before that look was invalidated by now. Called like
     * {@link #invalidated}.
     *
     * @param startedNanos when the look began, on the process's monotonic clock
     * @param intervalMillis the pause before the next one
     */
    default void looked(long startedNanos, long intervalMillis) {}

    /** The fingerprint of a token's present version without reading it, or null when there is none. */
    Future<Fingerprint> fingerprint(TokenKey key);

    /** The names of a project's tokens, with status {@link CacheStatus#MISS}; an absent project has none. */
    Future<TokenNames> list(String project);

    /**
     * File names of a project, each once and in any order, which those of all its tokens are among: for who reads them all and need
     * not be told first which of them are tokens. Fails as {@link #list} does.
     */
    default Future<List<String>> candidates(String project) {
        return list(project).map(TokenNames::names);
    }

    /** The names of all projects, sorted; never null. */
    Future<List<String>> projects();

    /**
     * Writes a token durably: after success a crash can't take it back. The bytes must be a valid token file.
     *
     * @param precondition checked against the present version in the same critical section as the write
     * @return what is there now. Fails with {@link Failure#PRECONDITION_FAILED}, {@link Failure#NOT_REPLACEABLE},
     *     {@link InvalidTokenException}, {@link Failure#NO_SPACE} and the failures of {@link #read}; the old version is intact
     *     then, unless it is an {@link UncertainWriteException}
     */
    Future<WriteResult> write(TokenKey key, Buffer bytes, Precondition precondition);

    /**
     * Removes a token durably.
     *
     * @return whether there was one. Fails like {@link #write}
     */
    Future<Boolean> delete(TokenKey key, Precondition precondition);

    /** Gives back what the source holds; it is not used afterwards. */
    default Future<Void> close() {
        return Future.succeededFuture();
    }
}
