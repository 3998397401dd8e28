package dev.tokencache.server;

import java.util.Locale;

/**
 * One row of the table of keys.
 *
 * @param path the key's path, such as {@code watch.maxLoad}
 * @param type what its value may be
 * @param defaultText its default as a file would write it; {@code null} when there is none or it depends on other things
 * @param description one line that says what it does
 */
record Setting<T>(String path, ValueType<T> type, String defaultText, String description) {
    /** What every environment variable of ours begins with. */
    static final String PREFIX = "TOKEN_CACHE_";

    /** The environment variable that overrides it: {@code watch.maxLoad} is {@code TOKEN_CACHE_WATCH_MAX_LOAD}. */
    String variable() {
        String words = path.replaceAll("([a-z0-9])([A-Z])", "$1_$2").replace('.', '_');
        return PREFIX + words.toUpperCase(Locale.ROOT);
    }
}
