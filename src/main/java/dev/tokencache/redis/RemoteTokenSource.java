package dev.tokencache.redis;

import dev.tokencache.CacheStatus;
import dev.tokencache.Fingerprint;
import dev.tokencache.Precondition;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import dev.tokencache.TokenNames;
import dev.tokencache.TokenSource;
import dev.tokencache.WriteResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * Tokens of another cache, for a node that has no files. What comes from that one's memory is as old as it says there. For any
 * thread; futures complete on the caller's context and fail as those of {@link TokenCache} do.
 */
public final class RemoteTokenSource implements TokenSource {
    private final TokenCache cache;

    /** @param cache a client of the other cache */
    public RemoteTokenSource(TokenCache cache) {
        this.cache = cache;
    }

    @Override
    public Future<TokenFile> read(TokenKey key) {
        return cache.get(key).map(file -> file == null ? null : file.withStatus(CacheStatus.MISS));
    }

    /** Nobody can tell: the other cache says what it has in memory, and how old that is goes with the token alone. */
    @Override
    public Future<Fingerprint> fingerprint(TokenKey key) {
        return Future.succeededFuture();
    }

    @Override
    public Future<TokenNames> list(String project) {
        return cache.list(project).map(names -> names.withStatus(CacheStatus.MISS));
    }

    @Override
    public Future<List<String>> projects() {
        return cache.projects()
                .map(all -> all.stream()
                        .map(project -> ((JsonObject) project).getString("name"))
                        .sorted()
                        .toList());
    }

    @Override
    public Future<WriteResult> write(TokenKey key, Buffer bytes, Precondition precondition) {
        return cache.put(key, bytes.getBytes(), precondition);
    }

    @Override
    public Future<Boolean> delete(TokenKey key, Precondition precondition) {
        return cache.delete(key, precondition);
    }

    /** Has the other cache forget {@code project/file}, {@code project/} or {@code *} too. */
    @Override
    public void invalidated(String what) {
        if (what.equals("*")) {
            cache.clear();
        } else if (what.endsWith("/")) {
            cache.invalidateProject(what.substring(0, what.length() - 1));
        } else {
            cache.invalidate(TokenKey.parse(what));
        }
    }
}
