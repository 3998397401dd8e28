package dev.tokencache.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Precondition;
import dev.tokencache.TokenKey;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Every order of {first read starts, its load ends, second read starts, its load ends, outside edit, invalidation, write},
 * for values, lists and revalidations. Held against C4 and C1: what a read returns is never older than the disk was at the
 * last invalidation or write that ended before the read started.
 */
class LoadOrderTest {
    private static final String STEPS = "aAbBeiw";
    private static final String WATCHED = "aAbBeow";

    private interface Subject {
        Future<Integer> read();

        void edit();

        void invalidate();

        void write();

        int onDisk();
    }

    @Test
    void get_anyOrderOfLoadsAndInvalidations_isNeverOlderThanTheLastInvalidation() {
        try (CacheHarness harness = new CacheHarness()) {
            int project = 0;
            for (String order : orders(STEPS)) {
                check(order, harness, new Value(harness, "p" + project++), false);
            }
        }
    }

    @Test
    void get_anyOrderAroundARevalidation_isNeverOlderThanTheLastInvalidation() {
        try (CacheHarness harness = new CacheHarness()) {
            int project = 0;
            for (String order : orders(STEPS)) {
                check(order, harness, new Value(harness, "p" + project++), true);
            }
        }
    }

    @Test
    void list_anyOrderOfLoadsAndInvalidations_isNeverOlderThanTheLastInvalidation() {
        try (CacheHarness harness = new CacheHarness()) {
            int project = 0;
            for (String order : orders(STEPS)) {
                check(order, harness, new Names(harness, "p" + project++), false);
            }
        }
    }

    @Test
    void get_anyOrderOfLoadsAndLooks_isNeverOlderThanWhatTheWatcherTold() {
        try (CacheHarness harness = new CacheHarness()) {
            for (String order : orders(WATCHED)) {
                check(order, harness, new Value(harness, "p"), false);
                CacheHarness.await(harness.cache.clear());
            }
        }
    }

    @Test
    void list_anyOrderOfLoadsAndLooks_isNeverOlderThanWhatTheWatcherTold() {
        try (CacheHarness harness = new CacheHarness()) {
            for (String order : orders(WATCHED)) {
                Names names = new Names(harness, "p");
                check(order, harness, names, false);
                names.removeAll();
                CacheHarness.await(harness.cache.clear());
            }
        }
    }

    private static void check(String order, CacheHarness harness, Subject subject, boolean warmed) {
        subject.edit();
        if (warmed) {
            CacheHarness.await(subject.read());
            harness.clock.advance(CacheOptions.DEFAULT_TOKEN_TTL.minusSeconds(5));
        }
        harness.source.hold();
        List<Future<Integer>> reads = new ArrayList<>();
        List<Integer> floors = new ArrayList<>();
        int floor = 0;
        for (int i = 0; i < order.length(); i++) {
            switch (order.charAt(i)) {
                case 'a', 'b' -> {
                    reads.add(subject.read());
                    floors.add(floor);
                    harness.settle();
                }
                case 'A', 'B' -> {
                    harness.source.release();
                    harness.settle();
                }
                case 'e' -> subject.edit();
                case 'o' -> {
                    floor = subject.onDisk();
                    harness.scan();
                }
                case 'i' -> {
                    subject.invalidate();
                    floor = subject.onDisk();
                }
                default -> {
                    subject.write();
                    floor = subject.onDisk();
                }
            }
        }
        harness.source.stopHolding();
        while (harness.source.release()) {
            harness.settle();
        }
        for (int i = 0; i < reads.size(); i++) {
            assertThat(CacheHarness.await(reads.get(i)))
                    .as("order %s, read %d", order, i + 1)
                    .isGreaterThanOrEqualTo(floors.get(i));
        }
        assertThat(CacheHarness.await(subject.read()))
                .as("order %s, at the end", order)
                .isGreaterThanOrEqualTo(floor);
        subject.invalidate();
        assertThat(CacheHarness.await(subject.read())).isEqualTo(subject.onDisk());
    }

    /** All permutations of the steps in which a load ends after its read started. */
    private static List<String> orders(String steps) {
        List<String> orders = new ArrayList<>();
        permute("", steps, orders);
        assertThat(orders).hasSize(5_040 / 4);
        return orders;
    }

    private static void permute(String done, String left, List<String> orders) {
        if (left.isEmpty()) {
            if (done.indexOf('a') < done.indexOf('A') && done.indexOf('b') < done.indexOf('B')) {
                orders.add(done);
            }
            return;
        }
        for (int i = 0; i < left.length(); i++) {
            permute(done + left.charAt(i), left.substring(0, i) + left.substring(i + 1), orders);
        }
    }

    /** A token whose content is its version number. */
    private static final class Value implements Subject {
        private final CacheHarness harness;
        private final TokenKey key;
        private int version;

        Value(CacheHarness harness, String project) {
            this.harness = harness;
            this.key = new TokenKey(project, "a.json");
        }

        private String content() {
            return "{\"v\":" + version + "}";
        }

        @Override
        public Future<Integer> read() {
            return harness.cache.get(key).map(file -> file.json().getInteger("v"));
        }

        @Override
        public void edit() {
            version++;
            harness.source.edit(key.toString(), content());
        }

        @Override
        public void invalidate() {
            CacheHarness.await(harness.cache.invalidate(key));
        }

        @Override
        public void write() {
            version++;
            CacheHarness.await(harness.cache.put(key, content(), Precondition.NONE));
        }

        @Override
        public int onDisk() {
            return version;
        }
    }

    /** A list whose length is its version number. */
    private static final class Names implements Subject {
        private final CacheHarness harness;
        private final String project;
        private int count;

        Names(CacheHarness harness, String project) {
            this.harness = harness;
            this.project = project;
        }

        private TokenKey next() {
            return new TokenKey(project, "f" + count++ + ".json");
        }

        void removeAll() {
            while (count > 0) {
                harness.source.remove(project + "/f" + --count + ".json");
            }
        }

        @Override
        public Future<Integer> read() {
            return harness.cache.list(project).map(names -> names.count());
        }

        @Override
        public void edit() {
            harness.source.edit(next().toString(), "{}");
        }

        @Override
        public void invalidate() {
            CacheHarness.await(harness.cache.invalidateProject(project));
        }

        @Override
        public void write() {
            CacheHarness.await(harness.cache.put(next(), "{}", Precondition.NONE));
        }

        @Override
        public int onDisk() {
            return count;
        }
    }

    @Test
    void get_whileALoadIsInFlight_joinsIt() {
        try (CacheHarness harness = new CacheHarness()) {
            harness.source.edit("p/a.json", "{}");
            harness.source.hold();
            List<Future<?>> reads = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                reads.add(harness.cache.get("p", "a.json"));
            }
            harness.settle();
            assertThat(harness.source.reads()).isEqualTo(1);
            harness.source.release();
            reads.forEach(CacheHarness::await);
            assertThat(harness.source.reads()).isEqualTo(1);
        }
    }

    @Test
    void get_beyondTheBoundOfLoads_isRefusedAndHitsAreNot() {
        try (CacheHarness harness = new CacheHarness(options -> options.setMaxLoads(2))) {
            for (String name : List.of("a", "b", "c", "hot")) {
                harness.source.edit("p/" + name + ".json", "{}");
            }
            harness.get("p", "hot.json");
            harness.source.hold();
            Future<?> a = harness.cache.get("p", "a.json");
            Future<?> b = harness.cache.get("p", "b.json");
            harness.settle();
            assertThat(harness.cache.get("p", "c.json"))
                    .satisfies(refused -> org.assertj.core.api.Assertions.assertThatThrownBy(
                                    () -> CacheHarness.await(refused))
                            .hasMessage("overloaded"));
            assertThat(harness.get("p", "hot.json")).isEqualTo("{}");
            harness.source.stopHolding();
            harness.source.release();
            harness.source.release();
            CacheHarness.await(a);
            CacheHarness.await(b);
            assertThat(harness.get("p", "c.json")).isEqualTo("{}");
        }
    }

    @Test
    void get_slowerThanTheLoadTimeout_failsAndALaterReadStartsAfresh() {
        try (CacheHarness harness = new CacheHarness(options -> options.setLoadTimeout(Duration.ofSeconds(1)))) {
            harness.source.edit("p/a.json", "{\"v\":1}");
            harness.source.hold();
            Future<?> slow = harness.cache.get("p", "a.json");
            harness.settle();
            harness.clock.advance(Duration.ofSeconds(1));
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> CacheHarness.await(slow))
                    .hasMessage("load_timeout");
            harness.source.edit("p/a.json", "{\"v\":2}");
            harness.source.stopHolding();
            assertThat(harness.get("p", "a.json")).isEqualTo("{\"v\":2}");
            harness.source.release();
            harness.settle();
            assertThat(harness.get("p", "a.json")).isEqualTo("{\"v\":2}");
        }
    }
}
