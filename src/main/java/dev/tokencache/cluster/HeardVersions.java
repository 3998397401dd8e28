package dev.tokencache.cluster;

import dev.tokencache.TokenChange;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Which versions other nodes have told of lately, so that finding them here is not told back: that would go on among many
 * nodes for longer than it is news. Bounded in number and time. For one event loop.
 */
final class HeardVersions {
    static final int MAX = 10_000;
    static final long MEMORY_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final LongSupplier nanoTime;
    private final Map<String, Heard> byKey = new LinkedHashMap<>();

    private record Heard(TokenChange change, long atNanos) {}

    HeardVersions(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void heard(TokenChange change) {
        String key = key(change);
        byKey.remove(key);
        byKey.put(key, new Heard(change, nanoTime.getAsLong()));
        if (byKey.size() > MAX) {
            Iterator<String> oldest = byKey.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** Whether just this version was heard of, a moment ago; only the first time. Each node may call it by another kind. */
    boolean takeIfHeard(TokenChange change) {
        String key = key(change);
        Heard heard = byKey.get(key);
        boolean same = heard != null
                && nanoTime.getAsLong() - heard.atNanos < MEMORY_NANOS
                && isRemoved(heard.change) == isRemoved(change)
                && (heard.change.etag() == null
                        || change.etag() == null
                        || Objects.equals(heard.change.etag(), change.etag()));
        if (same) {
            byKey.remove(key);
        }
        return same;
    }

    private static boolean isRemoved(TokenChange change) {
        return change.kind() == TokenChange.Kind.REMOVED;
    }

    private static String key(TokenChange change) {
        return change.project() + '/' + change.filename();
    }
}
