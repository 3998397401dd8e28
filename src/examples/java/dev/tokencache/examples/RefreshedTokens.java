package dev.tokencache.examples;

import dev.tokencache.Failure;
import dev.tokencache.Precondition;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.function.Function;

/**
 * Access tokens that are refreshed when they have expired, by this program or any other: whoever is slower takes what the
 * faster one has written. For the event loop that the cache's client was made on.
 */
public final class RefreshedTokens {
    private final TokenCache cache;
    private final Clock clock;
    private final Function<JsonObject, Future<JsonObject>> issuer;

    /**
     * Tokens of one cache.
     *
     * @param issuer from a token file's content to the members that a refresh changes, such as {@code access_token}
     */
    public RefreshedTokens(TokenCache cache, Clock clock, Function<JsonObject, Future<JsonObject>> issuer) {
        this.cache = cache;
        this.clock = clock;
        this.issuer = issuer;
    }

    /** An access token that hasn't expired as far as its file says, or null when there is no such file. */
    public Future<String> accessToken(String project, String filename) {
        return cache.get(project, filename)
                .compose(file -> file != null && isExpired(file) ? refresh(file) : Future.succeededFuture(file))
                .map(file -> file == null ? null : file.json().getString("access_token"));
    }

    private boolean isExpired(TokenFile file) {
        return file.expiresAtMillis() != TokenFile.NO_EXPIRY && file.expiresAtMillis() <= clock.millis();
    }

    private Future<TokenFile> refresh(TokenFile file) {
        TokenKey key = TokenKey.parse(file.key());
        return issuer.apply(file.json())
                .compose(fresh -> cache.patch(key, fresh.encode(), Precondition.match(file.etag())))
                .recover(cause -> Failure.of(cause) == Failure.PRECONDITION_FAILED
                        ? cache.get(key) // somebody else has refreshed it meanwhile
                        : Future.failedFuture(cause));
    }
}
