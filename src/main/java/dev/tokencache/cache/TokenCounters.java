package dev.tokencache.cache;

/** What the values have counted since the start; times in milliseconds. */
record TokenCounters(
        long hits,
        long misses,
        long absentHits,
        int absentNames,
        long loads,
        long loadFailures,
        int loadsInFlight,
        long revalidations,
        long invalidations,
        double loadMillisP50,
        double loadMillisP99,
        int tokens,
        long bytes,
        long evictions,
        long expirations) {
    double hitRate() {
        long lookups = hits + misses;
        return lookups == 0 ? 0 : (double) hits / lookups;
    }
}
