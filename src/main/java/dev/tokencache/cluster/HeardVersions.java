package dev.tokencache.cluster;

import dev.tokencache.TokenChange;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Which versions other nodes have told of lately, so that finding them here is not told back: that would go on among many
 * nodes for longer than it is news. Bounded in number and time. For one event loop.
 */
final class HeardVersions {
    static final int MAX = 10_000;

    /** The most versions of one file; a storm of writes may tell of several before the own look finds one. */
    static final int MAX_VERSIONS = 32;

    static final long MEMORY_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final LongSupplier nanoTime;
    private final Map<String, Deque<Heard>> byKey = new LinkedHashMap<>();

    private record Heard(TokenChange change, long atNanos) {}

    HeardVersions(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void heard(TokenChange change) {
        String key = key(change);
        Deque<Heard> versions = byKey.remove(key);
        if (versions == null) {
            versions = new ArrayDeque<>();
        }
        versions.addLast(new Heard(change, nanoTime.getAsLong()));
        if (versions.size() > MAX_VERSIONS) {
            versions.removeFirst();
        }
        byKey.put(key, versions);
        if (byKey.size() > MAX) {
            Iterator<String> oldest = byKey.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** Whether just this version was heard of, a moment ago; only the first time. Each node may call it by another kind. */
    boolean takeIfHeard(TokenChange change) {
        String key = key(change);
        Deque<Heard> versions = byKey.get(key);
        if (versions == null) {
            return false;
        }
        long now = nanoTime.getAsLong();
        versions.removeIf(heard -> now - heard.atNanos >= MEMORY_NANOS);
        Iterator<Heard> each = versions.iterator();
        boolean found = false;
        while (!found && each.hasNext()) {
            found = isSame(each.next().change, change);
            if (found) {
                each.remove();
            }
        }
        if (versions.isEmpty()) {
            byKey.remove(key);
        }
        return found;
    }

    /** A tag that one of them doesn't know says nothing against it. */
    private static boolean isSame(TokenChange heard, TokenChange own) {
        return isRemoved(heard) == isRemoved(own)
                && (heard.etag() == null || own.etag() == null || heard.etag().equals(own.etag()));
    }

    private static boolean isRemoved(TokenChange change) {
        return change.kind() == TokenChange.Kind.REMOVED;
    }

    private static String key(TokenChange change) {
        return change.project() + '/' + change.filename();
    }
}
