package dev.tokencache.history;

import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.Lock;

/** A client that writes, and often reads at once what it has written. */
final class ApiWriter implements Actor {
    private static final int REMOVALS_IN = 5;

    private final Port writes;
    private final Port reads;
    private final List<Integer> keys;
    private final KeyLocks locks;
    private final Random random;

    /**
     * A writer.
     *
     * @param reads how it reads what it has written
     * @param keys what it writes to
     */
    ApiWriter(Port writes, Port reads, List<Integer> keys, KeyLocks locks, Random random) {
        this.writes = writes;
        this.reads = reads;
        this.keys = keys;
        this.locks = locks;
        this.random = random;
    }

    @Override
    public void act() throws Exception {
        int key = Keys.pick(random, keys);
        Lock lock = locks.ofApi(key);
        if (lock != null) {
            lock.lock();
        }
        try {
            if (random.nextInt(REMOVALS_IN) == 0) {
                writes.delete(key);
            } else {
                writes.put(key);
            }
        } finally {
            if (lock != null) {
                lock.unlock();
            }
        }
        if (random.nextBoolean()) {
            reads.get(key);
            reads.list(Keys.project(key));
        }
    }
}
