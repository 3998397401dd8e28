package dev.tokencache.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AccountPoolSequenceIT extends AccountPoolBase {
    /** Random sequences over the bus, messages lost among them, against the model. */
    @Test
    void anySequence_overTheBus_agreesWithTheModel() {
        for (int round = 0; round < 40; round++) {
            long seed = System.nanoTime() + round;
            try {
                sequence(new Random(seed));
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private void sequence(Random random) {
        List<String> names = List.of("a.json", "b.json", "c.json", "d.json");
        run(fakeLoop, fake.files::clear);
        disk("a.json", "b.json", "c.json");
        AccountPool pool = pool();
        AccountModel model = new AccountModel();
        List<String> start = new ArrayList<>(List.of("a.json", "b.json", "c.json"));
        Collections.shuffle(start, new Random(7));
        model.relist(start, Set.of());
        boolean asked = false;
        for (int step = 0; step < 50; step++) {
            String name = names.get(random.nextInt(names.size()));
            boolean lost = random.nextInt(5) == 0;
            run(fakeLoop, () -> fake.silent = lost);
            switch (random.nextInt(6)) {
                case 0 -> {
                    disk(name);
                    if (!lost) {
                        model.add(name);
                    }
                }
                case 1 -> {
                    boolean there = on(fakeLoop, () -> fake.files.containsKey(name));
                    run(fakeLoop, () -> fake.remove(name));
                    barrier();
                    if (there && !lost) {
                        model.remove(name);
                    }
                }
                case 2, 3 -> {
                    Set<String> exclude = random.nextBoolean() ? Set.of() : Set.of(name);
                    Optional<String> chosen = on(loop, () -> pool.choose(exclude));
                    assertThat(chosen).isEqualTo(model.choose(exclude));
                    // A choice that finds nothing lists anew: once while the clock stands still.
                    if (chosen.isEmpty() && !asked) {
                        asked = true;
                        barrier();
                        model.relist(on(fakeLoop, () -> List.copyOf(fake.files.keySet())), Set.of());
                    }
                }
                case 4 -> {
                    run(loop, () -> pool.release(name));
                    model.release(name);
                }
                default -> {
                    await(loop, pool::refresh);
                    model.relist(on(fakeLoop, () -> List.copyOf(fake.files.keySet())), Set.of());
                }
            }
        }
        run(fakeLoop, () -> fake.silent = false);
        await(loop, pool::refresh);
        model.relist(on(fakeLoop, () -> List.copyOf(fake.files.keySet())), Set.of());
        assertThat(drain(pool)).isEqualTo(model.free);
        assertThat(on(loop, pool::used)).isEqualTo(model.used.size() + model.free.size());
        await(loop, pool::close);
    }
}
