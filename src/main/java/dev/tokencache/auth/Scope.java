package dev.tokencache.auth;

import java.util.HashMap;
import java.util.Map;

/** What a bearer token may be good for. The wire names are the words of its {@code scope} claim. */
public enum Scope {
    /** Names and metadata of tokens, and the stream of changes. */
    TOKENS_LIST("tokens:list"),
    /** Values of tokens. */
    TOKENS_READ("tokens:read"),
    /** Adding, replacing, patching and deleting tokens. */
    TOKENS_WRITE("tokens:write"),
    /** Invalidating, preloading and clearing the cache. */
    CACHE_ADMIN("cache:admin"),
    /** The cache's statistics. */
    STATS_READ("stats:read"),
    /** The metrics for a scraper. */
    METRICS_READ("metrics:read");

    private static final Map<String, Scope> BY_NAME = new HashMap<>();

    static {
        for (Scope scope : values()) {
            BY_NAME.put(scope.wireName, scope);
        }
    }

    private final String wireName;

    Scope(String wireName) {
        this.wireName = wireName;
    }

    /** The word in a {@code scope} claim; never null. */
    public String wireName() {
        return wireName;
    }

    /** The scope with exactly that wire name, or null: no prefix, no wildcard, no other case. */
    public static Scope named(String wireName) {
        return BY_NAME.get(wireName);
    }
}
