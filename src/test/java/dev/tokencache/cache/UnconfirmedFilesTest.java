package dev.tokencache.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UnconfirmedFilesTest {
    private static final ProjectState PROJECT = new ProjectState("p");

    @Test
    void anyUse_randomAddsAndRemoves_agreesWithASet() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        FileRecord[] files = IntStream.range(0, 300)
                .mapToObj(i -> new FileRecord(PROJECT, i + ".json"))
                .toArray(FileRecord[]::new);
        UnconfirmedFiles unconfirmed = new UnconfirmedFiles();
        Set<FileRecord> model = new LinkedHashSet<>();
        for (int step = 0; step < 5_000; step++) {
            FileRecord file = files[random.nextInt(files.length)];
            int filling = step / 500 % 2 * 8; // it grows and shrinks by turns
            if (random.nextInt(10) <= filling) {
                unconfirmed.add(file);
                model.add(file);
            } else {
                unconfirmed.remove(file);
                model.remove(file);
            }
            assertThat(Set.of(unconfirmed.toArray()))
                    .as("seed %d, step %d", seed, step)
                    .isEqualTo(model);
        }
    }

    @Test
    void toArray_noneRemoved_isInOrderOfAdding() {
        UnconfirmedFiles unconfirmed = new UnconfirmedFiles();
        FileRecord first = new FileRecord(PROJECT, "b.json");
        FileRecord second = new FileRecord(PROJECT, "a.json");
        unconfirmed.add(first);
        unconfirmed.add(second);
        unconfirmed.add(first);
        assertThat(unconfirmed.toArray()).containsExactly(first, second);
    }
}
