package dev.tokencache.cache;

/** A sequence of gets. */
final class Trace {
    private final String name;
    private final int[] requests;
    private final int[] sizes;

    /**
     * A trace; the arrays are handed over.
     *
     * @param name what it stands for
     * @param requests the keys in their order, each a number from 0
     * @param sizes the bytes of each key's value
     */
    Trace(String name, int[] requests, int[] sizes) {
        this.name = name;
        this.requests = requests;
        this.sizes = sizes;
    }

    String name() {
        return name;
    }

    /** How many gets there are. */
    int length() {
        return requests.length;
    }

    /** Which key a get asks for. */
    int request(int index) {
        return requests[index];
    }

    /** How many keys there are. */
    int keys() {
        return sizes.length;
    }

    /** The bytes of a key's value. */
    int size(int key) {
        return sizes[key];
    }

    /** What a cached value of a key weighs, whoever caches it, in bytes. */
    int weight(int key) {
        return sizes[key] + TokenStore.ENTRY_OVERHEAD;
    }

    /** What the values of all keys weigh together, in bytes. */
    long weight() {
        long all = 0;
        for (int key = 0; key < sizes.length; key++) {
            all += weight(key);
        }
        return all;
    }
}
