package dev.tokencache.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Promise;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * What is known about tokens under one set of keys and rules: accepted ones, ones with a wrong signature, and ones whose
 * signature is being checked. It is thrown away with those keys, so a check that ends later changes nothing that counts.
 * For every thread. Keys are whole Authorization headers; what they may weigh is bounded, since a header can have 6 KiB.
 */
final class Verdicts {
    /** Bytes of accepted headers; about 10,000 tokens of usual length. */
    private static final long MAX_ACCEPTED_WEIGHT = 8L << 20;

    private static final long MAX_REFUSED_WEIGHT = 4L << 20;
    private static final int ENTRY_WEIGHT = 300;

    private final RecentCallers recent = new RecentCallers();
    private final Cache<String, Caller> accepted = cache(MAX_ACCEPTED_WEIGHT);
    private final Cache<String, Boolean> refused = cache(MAX_REFUSED_WEIGHT);
    private final ConcurrentMap<String, Promise<Caller>> pending = new ConcurrentHashMap<>();

    private static <V> Cache<String, V> cache(long maxWeight) {
        return Caffeine.newBuilder()
                .maximumWeight(maxWeight)
                .weigher((String header, V verdict) -> header.length() + ENTRY_WEIGHT)
                .executor(Runnable::run)
                .build();
    }

    /** Who sent it, if it was accepted before and has not ended since; otherwise null. */
    Caller accepted(String header, long now) {
        Caller caller = recent.get(header);
        if (caller == null) {
            caller = accepted.getIfPresent(header);
            if (caller == null) {
                return null;
            }
            recent.put(header, caller);
        }
        if (caller.expiresAt() <= now) {
            accepted.invalidate(header);
            return null;
        }
        return caller;
    }

    /** Whether its signature was found wrong. */
    boolean refused(String header) {
        return refused.getIfPresent(header) != null;
    }

    void accept(String header, Caller caller) {
        accepted.put(header, caller);
    }

    void refuse(String header) {
        refused.put(header, Boolean.TRUE);
    }

    /** The checks of signatures that are under way, by header. */
    ConcurrentMap<String, Promise<Caller>> pending() {
        return pending;
    }
}
