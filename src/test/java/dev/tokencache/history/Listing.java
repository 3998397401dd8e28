package dev.tokencache.history;

/**
 * What one list showed.
 *
 * @param asked the keys it could have shown, one bit each
 * @param present those that it showed
 * @param start when the read began, in nanoseconds since the history's beginning
 * @param end when its answer was there
 */
record Listing(long asked, long present, long start, long end) {
    boolean asks(int key) {
        return (asked >> key & 1) == 1;
    }

    boolean shows(int key) {
        return (present >> key & 1) == 1;
    }
}
