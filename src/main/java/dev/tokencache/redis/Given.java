package dev.tokencache.redis;

import dev.tokencache.TokenFile;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Which version of each token this node has given out last. A cache node gives out a version as soon as it has read it, while the
 * tier may hold the one before until that node's watcher has looked: so a value from the tier is good only as the version that was
 * given last; any other is the cache node's to tell. Bounded: of tokens that had to be forgotten a value must have been read after
 * that.
 */
final class Given {
    static final int MAX_TOKENS = 100_000;

    private static final String NOTHING = "";

    private final LongSupplier nanoTime;

    /** Entity tags, by the time they were given, oldest first. */
    private final Map<String, String> tags = new LinkedHashMap<>();

    private boolean forgotten;
    private long forgottenNanos;

    Given(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Notes what was given of a token; null for the answer that there is none. */
    void note(String name, String etag) {
        tags.remove(name);
        tags.put(name, etag == null ? NOTHING : etag);
        if (tags.size() > MAX_TOKENS) {
            tags.remove(tags.keySet().iterator().next());
            forgotten = true;
            forgottenNanos = nanoTime.getAsLong();
        }
    }

    /** Whether a value from the tier, with the time of its reading, is no step back. */
    boolean allows(String name, TokenFile file) {
        String last = tags.get(name);
        if (last != null) {
            return last.equals(file.etag());
        }
        return !forgotten || file.readNanos() - forgottenNanos > 0;
    }
}
