package dev.tokencache.history;

/** A way to the cache, for one thread at a time. Each call blocks until the answer is there, and records it. */
interface Port {
    void get(int key) throws Exception;

    /** The keys of a project, in one request as far as this way has one. */
    void getMany(int project) throws Exception;

    void list(int project) throws Exception;

    void put(int key) throws Exception;

    void delete(int key) throws Exception;
}
