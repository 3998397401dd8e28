package dev.tokencache.history;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/** Who takes turns with whom at a key. */
final class KeyLocks {
    private final Lock[] locks =
            Stream.generate(ReentrantLock::new).limit(Keys.COUNT).toArray(Lock[]::new);

    /** Writers from outside always take turns. */
    Lock ofOutsiders(int key) {
        return locks[key];
    }

    /** Writers through the cache take turns with all others, or, for roles with writers at once, with none: null. */
    Lock ofApi(int key) {
        return Keys.role(key) == Keys.Role.IN_TURN ? locks[key] : null;
    }
}
