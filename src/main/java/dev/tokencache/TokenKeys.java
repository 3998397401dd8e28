package dev.tokencache;

import java.util.List;

/**
 * The keys that are read with one bus message, in order, immutable. They are plain strings, not {@link TokenKey}s: a name
 * that breaks the rules can never be in the cache, so the owner checks it on a miss only.
 */
public final class TokenKeys {
    static final TokenKeys MALFORMED = new TokenKeys(new String[0], false);

    private final String[] keys;
    private final boolean cachedOnly;

    private TokenKeys(String[] keys, boolean cachedOnly) {
        this.keys = keys;
        this.cachedOnly = cachedOnly;
    }

    /** These keys, {@code project/file} each; copied. The answer waits for every load it needs. */
    public static TokenKeys of(List<String> keys) {
        return new TokenKeys(keys.toArray(new String[0]), false);
    }

    /**
     * These keys, answered at once: a key that isn't in memory gets {@link TokenFiles#isUncached} instead of being
     * loaded, so that one slow load never holds up the hits that share its message.
     */
    public static TokenKeys cachedOnly(List<String> keys) {
        return new TokenKeys(keys.toArray(new String[0]), true);
    }

    /** Whether only what is in memory is asked for. */
    public boolean isCachedOnly() {
        return cachedOnly;
    }

    public int size() {
        return keys.length;
    }

    public String get(int index) {
        return keys[index];
    }

    /** Whether this was decoded from bytes that are no keys. */
    public boolean isMalformed() {
        return this == MALFORMED;
    }
}
