package dev.tokencache.cache;

import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** How often it was said of values that they are no longer what they were, by who said so. */
final class Invalidations {
    private final Map<Source, Long> counts = new EnumMap<>(Source.class);
    private Source speaking = Source.WRITE;

    /** Who says so. */
    enum Source {
        /** A request to invalidate. */
        REQUEST,
        /** The watcher. */
        WATCHER,
        /** A write of the cache's own. */
        WRITE,
        /** A load that was no longer current and may have seen more than what is in memory. */
        OVERTAKEN
    }

    Invalidations() {
        for (Source source : Source.values()) {
            counts.put(source, 0L);
        }
    }

    /** Runs something that was said, all of which happens before it returns; without it writes speak. */
    void saidBy(Source source, Runnable said) {
        speaking = source;
        try {
            said.run();
        } finally {
            speaking = Source.WRITE;
        }
    }

    void count(int values) {
        add(speaking, values);
    }

    void countOvertaken() {
        add(Source.OVERTAKEN, 1);
    }

    private void add(Source source, int values) {
        counts.merge(source, (long) values, Long::sum);
    }

    long total() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    JsonObject toJson() {
        JsonObject json = new JsonObject();
        counts.forEach((source, count) -> json.put(source.name().toLowerCase(Locale.ROOT), count));
        return json;
    }
}
