package dev.tokencache.history;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** A client that reads: mostly one key, at times a project's, at times its list. */
final class Reader implements Actor {
    private static final List<Integer> KEYS =
            IntStream.range(0, Keys.COUNT).boxed().toList();

    private final Port port;
    private final Random random;

    Reader(Port port, Random random) {
        this.port = port;
        this.random = random;
    }

    @Override
    public void act() throws Exception {
        int key = Keys.pick(random, KEYS);
        switch (random.nextInt(8)) {
            case 0 -> port.getMany(Keys.project(key));
            case 1 -> port.list(Keys.project(key));
            default -> port.get(key);
        }
    }
}
