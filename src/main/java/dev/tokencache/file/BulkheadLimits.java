package dev.tokencache.file;

/**
 * What a {@link Bulkhead} may hold.
 *
 * @param threads how many calls run at once while none sticks
 * @param spare how many more threads there may be, to stand in for stuck ones
 * @param perProject how many threads one project may hold; with 1 its calls run in the order they came
 * @param perKey how many calls of one key may hang before further ones are refused
 * @param maxLength how many calls of one project may run or wait
 * @param maxBytes what all calls together may hold; those of one project three quarters of it, or one call
 * @param stuckNanos how long a call may run before another takes its place
 * @param patienceNanos how long a call may wait, and run before it counts as hung
 */
record BulkheadLimits(
        int threads,
        int spare,
        int perProject,
        int perKey,
        int maxLength,
        long maxBytes,
        long stuckNanos,
        long patienceNanos) {
    int allThreads() {
        return threads + spare;
    }
}
