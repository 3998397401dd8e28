package dev.tokencache.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FileTableTest {
    private static final ProjectState PROJECT = new ProjectState("p");

    @Test
    void anyUse_randomAddsAndRemoves_agreesWithAMap() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        FileTable table = new FileTable();
        Map<String, FileRecord> model = new HashMap<>();
        for (int step = 0; step < 20_000; step++) {
            String name = "user-" + random.nextInt(3_000) + ".json";
            FileRecord known = table.get(name);
            if (known != model.get(name)) {
                fail("seed %d, step %d", seed, step);
            }
            if (known == null) {
                FileRecord made = new FileRecord(PROJECT, name);
                table.add(made);
                model.put(name, made);
            } else if (random.nextInt(3) > 0) {
                assertThat(table.remove(name)).isSameAs(known);
                model.remove(name);
                assertThat(table.remove(name)).isNull();
            }
            assertThat(table.size()).isEqualTo(model.size());
            if (step % 1_000 == 0) {
                assertThat(all(table)).as("seed %d", seed).hasSize(model.size());
                assertThat(new HashSet<>(all(table))).isEqualTo(new HashSet<>(model.values()));
                assertThat(table.names())
                        .containsExactlyInAnyOrder(model.keySet().toArray(new String[0]));
            }
        }
    }

    @Test
    void growing_atEachSize_findsAndListsAll() {
        FileTable table = new FileTable();
        for (int i = 0; i < 300; i++) {
            table.add(new FileRecord(PROJECT, i + ".json"));
            assertThat(all(table)).hasSize(i + 1);
            assertThat(new HashSet<>(all(table))).hasSize(i + 1);
            int found = 0;
            for (int j = 0; j <= i; j++) {
                found += table.get("p/" + j + ".json", 2) == null ? 0 : 1;
            }
            assertThat(found).isEqualTo(i + 1);
            assertThat(table.get((i + 1) + ".json")).isNull();
        }
    }

    @Test
    void namesOfOneHashCode_areNoSlower() {
        FileTable table = new FileTable();
        List<String> names = new ArrayList<>(List.of(""));
        for (int letters = 0; letters < 14; letters++) { // "Aa" and "BB" have the same hash code
            names = names.stream()
                    .flatMap(name -> List.of(name + "Aa", name + "BB").stream())
                    .toList();
        }
        names.forEach(name -> table.add(new FileRecord(PROJECT, name + ".json")));
        assertThat(table.longestChain()).isLessThan(20);
    }

    private static List<FileRecord> all(FileTable table) {
        List<FileRecord> all = new ArrayList<>();
        table.forEach(all::add);
        return all;
    }
}
