package dev.tokencache.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import dev.tokencache.PageQuery;
import dev.tokencache.Precondition;
import dev.tokencache.TokenCacheException;
import dev.tokencache.TokenChange;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import dev.tokencache.TokenNames;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Random sequences of everything that can happen to 16 keys, against a plain map. The seed of a failing run is in the
 * message; {@code -Dmodel.seed=N} replays it, {@code -Dmodel.runs=N} does more, or the same that often: threads are in it whose
 * order no seed decides.
 */
class ModelTest {
    private static final int STEPS = 400;

    @Test
    void anySequence_agreesWithAPlainMapWithinItsBounds() {
        Long only = Long.getLong("model.seed");
        int runs = Integer.getInteger("model.runs", only == null ? 40 : 1);
        long first = only != null ? only : new Random().nextLong();
        Random seeds = new Random(first);
        for (int run = 0; run < runs; run++) {
            long seed = run == 0 || only != null ? first : seeds.nextLong();
            try (Run model = new Run(seed)) {
                model.play();
            }
        }
    }

    private static final class Run implements AutoCloseable {
        private final long seed;
        private final Random random;
        private final CacheHarness harness;
        private final List<TokenKey> keys = new ArrayList<>();

        /** What the disk holds, by key. */
        private final Map<String, String> disk = new TreeMap<>();

        /** What a read may return: every state since the cache last had to know; null stands for absent. */
        private final Map<String, Set<String>> possible = new HashMap<>();

        /** Lists a read may return, by project. */
        private final Map<String, Set<List<String>>> possibleLists = new HashMap<>();
        /** The same, once the look that is under way has been told; states since it began. */
        private Map<String, Set<String>> sinceLook = new HashMap<>();

        private Map<String, Set<List<String>>> listsSinceLook = new HashMap<>();
        private CacheHarness.Look look;
        /** Whether loads ran while it was under way: readers may still join one that is older than the look. */
        private boolean heldSinceLook;
        /** Reads that are held back, each with what it may return. */
        private final List<OpenRead> open = new ArrayList<>();
        /** Project directories that are moved away, with what was in them. */
        private final Map<String, Map<String, String>> away = new TreeMap<>();

        /** Kept by somebody who reads at any time. */
        private Copy copy;

        private boolean holding;
        private boolean ending;

        private int version;
        private String step = "start";

        Run(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            boolean tight = random.nextBoolean();
            harness = new CacheHarness(options -> (tight ? options.setMaxBytes(4_000) : options)
                    .setLoadTimeout(Duration.ofDays(1_000))); // the clock leaps while reads are held
            if (random.nextBoolean()) {
                harness.source.keepEverything();
            }
            for (int i = 0; i < 16; i++) {
                keys.add(new TokenKey(i < 8 ? "p" : "q", "k" + i + ".json"));
            }
            copy = new Copy(harness.cache, Set.of("p", "q"));
            keys.forEach(key -> possible.put(key.toString(), states(null)));
            known();
        }

        private static Set<String> states(String state) {
            Set<String> states = new HashSet<>();
            states.add(state);
            return states;
        }

        void play() {
            for (int i = 0; i < STEPS; i++) {
                step = "seed " + seed + ", step " + i + ": ";
                if (random.nextInt(40) == 0) {
                    copyAnew();
                }
                if (random.nextInt(12) == 0) {
                    heldReads();
                } else {
                    act();
                }
                get(anyKey());
            }
            step = "seed " + seed + ", at the end: ";
            ending = true;
            if (look != null) {
                tell();
            }
            scan();
            harness.clock.advance(Duration.ofSeconds(2));
            scan();
            known();
            for (TokenKey key : keys) {
                get(key);
            }
            list("p");
            list("q");
            checkCopy();
            checkCounters();
        }

        /** Somebody reads everything just now. */
        private void copyAnew() {
            copy.feed().close();
            copy = new Copy(harness.cache, Set.of("p", "q"));
        }

        /** Who keeps a copy by the feed, and reads while all this happens, has what is on the disk. */
        private void checkCopy() {
            Map<String, String> files = new TreeMap<>();
            disk.forEach((key, content) -> files.put(
                    key,
                    content.startsWith("{")
                            ? content
                            : content.equals(FakeSource.LOCKED) ? "storage_unreadable" : "invalid_token_file"));
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (!copy.isAt(
                    CacheHarness.await(harness.cache.events(null, null)).last())) {
                assertThat(System.nanoTime()).as(step + "the copy's place").isLessThan(deadline);
            }
            assertThat(copy.files()).as(step + "the copy").isEqualTo(files);
        }

        private TokenKey anyKey() {
            return keys.get(random.nextInt(keys.size()));
        }

        /** Anything at all but a read. */
        private void act() {
            TokenKey key = anyKey();
            int what = random.nextInt(20);
            step += what + " of " + key + ", ";
            switch (what) {
                case 0 -> put(key);
                case 1 -> create(key);
                case 2 -> compareAndSet(key);
                case 3 -> delete(key);
                case 4, 5 -> outside(key, "{\"v\":" + ++version + "}");
                case 6 -> outside(key, random.nextBoolean() ? null : "torn");
                case 7 -> outside(key, FakeSource.LOCKED);
                case 8 -> rename(key, anyKey());
                case 9, 10 -> {
                    if (look == null) {
                        scan();
                    } else {
                        tell();
                    }
                }
                case 11, 12 -> {
                    if (look == null) {
                        look();
                    } else {
                        tell();
                    }
                }
                case 13 -> invalidate(key);
                case 14 -> pass();
                case 15 -> add(key.project());
                case 16 -> move(key.project());
                case 17 -> {
                    harness.restartWatcher();
                    look = null;
                }
                default -> {
                    if (!holding && random.nextBoolean()) {
                        list(key.project());
                    } else if (!holding) {
                        page(key.project());
                    }
                }
            }
        }

        /** Reads that start in the middle of everything and end in any order, each as late as can be. */
        private void heldReads() {
            harness.source.hold();
            holding = true;
            heldSinceLook = true;
            for (int i = 0; i < 4; i++) {
                if (random.nextInt(8) == 0) {
                    copyAnew();
                } else if (random.nextBoolean()) {
                    TokenKey key = anyKey();
                    open.add(new OpenRead(key, null));
                } else if (random.nextInt(3) == 0) {
                    open.add(new OpenRead(null, anyKey().project()));
                }
                harness.settle();
                act();
            }
            harness.source.stopHolding();
            holding = false;
            while (harness.source.releaseAny(random)) {
                harness.settle();
            }
            open.forEach(OpenRead::check);
            open.clear();
        }

        /** A read under way: it may return what could be read when it started, and whatever came later. */
        private final class OpenRead {
            private final TokenKey key;
            private final String project;
            private final Set<String> states;
            private final Set<List<String>> lists;
            private final Future<TokenFile> file;
            private final Future<TokenNames> names;

            OpenRead(TokenKey key, String project) {
                this.key = key;
                this.project = project;
                states = key == null ? null : new HashSet<>(possible.get(key.toString()));
                lists = project == null ? null : new HashSet<>(possibleLists.get(project));
                file = key == null ? null : harness.cache.get(key);
                names = project == null ? null : harness.cache.list(project);
            }

            void later(TokenKey changed) {
                if (changed.equals(key)) {
                    states.add(expected(state(key)));
                }
                if (changed.project().equals(project)) {
                    lists.add(names(project));
                }
            }

            void later(String changed, List<String> list) {
                if (changed.equals(project)) {
                    lists.add(list);
                }
            }

            void check() {
                if (key != null) {
                    assertThat(states).as(step + "held get " + key).contains(Run.got(file));
                } else {
                    assertThat(lists)
                            .as(step + "held list " + project)
                            .contains(List.copyOf(CacheHarness.await(names).names()));
                }
            }
        }

        /** Who applies every change to a copy has, after a scan, the names that are on the disk, and their versions. */
        private void checkConsumer(Set<String> projects) {
            harness.settle();
            Map<String, String> copy = new TreeMap<>();
            for (TokenChange change : harness.changes) {
                String key = change.project() + "/" + change.filename();
                if (change.kind() == TokenChange.Kind.REMOVED) {
                    copy.remove(key);
                } else {
                    copy.put(key, change.etag() == null ? "?" : change.etag());
                }
            }
            for (TokenKey key : keys) {
                if (projects.contains(key.project())) {
                    assertThat(copy.containsKey(key.toString()))
                            .as(step + key + " by changes")
                            .isEqualTo(state(key) != null);
                }
            }
            copy.keySet().retainAll(disk.keySet());
            copy.keySet().removeIf(key -> !projects.contains(TokenKey.parse(key).project()));
            copy.forEach((key, etag) -> assertThat(etag)
                    .as(step + "version by changes of " + key)
                    .isIn("?", FakeSource.etag(disk.get(key).getBytes(StandardCharsets.UTF_8))));
        }

        private void checkCounters() {
            JsonObject stats = CacheHarness.await(harness.cache.stats());
            JsonObject cache = stats.getJsonObject("cache");
            int cached = 0;
            int invalid = 0;
            for (Map.Entry<String, Object> project : stats.getJsonObject("stats")) {
                cached += ((JsonObject) project.getValue()).getInteger("cachedTokens");
                invalid += ((JsonObject) project.getValue()).getInteger("invalidFiles");
            }
            assertThat(cache.getInteger("cachedTokens"))
                    .as(step + "cachedTokens")
                    .isEqualTo(cached);
            assertThat(cache.getInteger("invalidFiles"))
                    .as(step + "invalidFiles")
                    .isEqualTo(invalid)
                    .isEqualTo(
                            (int) disk.values().stream().filter("torn"::equals).count());
            assertThat(cache.getInteger("knownFiles")).as(step + "knownFiles").isEqualTo(disk.size());
            assertThat(cache.getInteger("loadsInFlight")).as(step + "loads").isZero();
            CacheHarness.await(harness.cache.clear());
            JsonObject empty = harness.cacheStats();
            assertThat(empty.getInteger("cachedTokens"))
                    .as(step + "after a clear")
                    .isZero();
            assertThat(empty.getLong("bytes")).as(step + "after a clear").isZero();
        }

        private String state(TokenKey key) {
            return disk.get(key.toString());
        }

        private static String expected(String content) {
            if (content == null || content.startsWith("{")) {
                return content;
            }
            return content.equals(FakeSource.LOCKED) ? "unreadable" : "invalid";
        }

        private static String got(Future<TokenFile> read) {
            try {
                return CacheHarness.text(read);
            } catch (TokenCacheException e) {
                assertThat(e.failure()).isIn(Failure.INVALID_TOKEN_FILE, Failure.STORAGE_UNREADABLE);
                return e.failure() == Failure.INVALID_TOKEN_FILE ? "invalid" : "unreadable";
            }
        }

        private void get(TokenKey key) {
            assertThat(possible.get(key.toString())).as(step + "get " + key).contains(got(harness.cache.get(key)));
        }

        private List<String> names(String project) {
            TreeSet<String> names = new TreeSet<>();
            disk.keySet().stream()
                    .filter(key -> key.startsWith(project + "/"))
                    .forEach(key -> names.add(key.substring(2)));
            return List.copyOf(names);
        }

        private void list(String project) {
            TokenNames names = CacheHarness.await(harness.cache.list(project));
            assertThat(possibleLists.get(project)).as(step + "list " + project).contains(List.copyOf(names.names()));
        }

        /** What a page tells of each file, from values, records or loads, is what a get might have told. */
        private void page(String project) {
            boolean listable = possibleLists.get(project).size() == 1;
            Map<String, JsonObject> items = new TreeMap<>();
            CacheHarness.await(harness.cache.page(new PageQuery(project)))
                    .getJsonArray("tokens")
                    .forEach(item -> items.put(((JsonObject) item).getString("filename"), (JsonObject) item));
            for (TokenKey key : keys) {
                if (!key.project().equals(project)) {
                    continue;
                }
                Set<String> states = new HashSet<>();
                possible.get(key.toString()).forEach(state -> states.add(told(state)));
                JsonObject item = items.remove(key.filename());
                if (item != null) {
                    assertThat(states).as(step + "page of " + key).contains(told(item));
                } else if (listable) {
                    assertThat(states).as(step + "page without " + key).contains("absent");
                }
            }
            // What came and went between two looks may be told of as long as it may be listed.
            possibleLists.get(project).forEach(items.keySet()::removeAll);
            assertThat(items).as(step + "page of " + project).isEmpty();
        }

        private static String told(String state) {
            if (state == null) {
                return "absent";
            }
            return state.startsWith("{") ? FakeSource.etag(state.getBytes(StandardCharsets.UTF_8)) : state;
        }

        private static String told(JsonObject item) {
            Boolean valid = item.getBoolean("valid");
            return valid == null ? "unreadable" : valid ? item.getString("etag") : "invalid";
        }

        /** From here on reads of the key see what is on the disk, or what comes later. */
        private void known(TokenKey key) {
            possible.put(key.toString(), states(expected(state(key))));
            sinceLook.put(key.toString(), states(expected(state(key))));
            knownList(key.project());
        }

        private void knownList(String project) {
            possibleLists.put(project, lists(names(project)));
            listsSinceLook.put(project, lists(names(project)));
        }

        private static Set<List<String>> lists(List<String> list) {
            Set<List<String>> lists = new HashSet<>();
            lists.add(list);
            return lists;
        }

        private void known() {
            keys.forEach(this::known);
        }

        private void onDisk(TokenKey key, String content) {
            if (content == null) {
                disk.remove(key.toString());
            } else {
                disk.put(key.toString(), content);
            }
            possible.get(key.toString()).add(expected(content));
            sinceLook.get(key.toString()).add(expected(content));
            possibleLists.get(key.project()).add(names(key.project()));
            listsSinceLook.get(key.project()).add(names(key.project()));
            open.forEach(read -> read.later(key));
        }

        private void outside(TokenKey key, String content) {
            if (content == null) {
                harness.source.remove(key.toString());
            } else {
                harness.source.edit(key.toString(), content);
            }
            onDisk(key, content);
        }

        /** A project's directory is moved out of the root, or back with all that is in it as it was. */
        private void move(String project) {
            Map<String, String> inside = away.remove(project);
            if (inside != null && harness.source.moveBack(project)) {
                inside.forEach((name, content) -> onDisk(TokenKey.parse(name), content));
            } else if (inside != null) {
                away.put(project, inside);
            } else if (harness.source.moveAway(project)) {
                Map<String, String> gone = new TreeMap<>();
                for (TokenKey key : keys) {
                    if (key.project().equals(project) && state(key) != null) {
                        gone.put(key.toString(), state(key));
                        onDisk(key, null);
                    }
                }
                away.put(project, gone);
            }
        }

        private void rename(TokenKey from, TokenKey to) {
            String content = state(from);
            if (content != null && !from.equals(to)) {
                outside(from, null);
                outside(to, content);
            }
        }

        private void put(TokenKey key) {
            String content = "{\"v\":" + ++version + "}";
            CacheHarness.await(harness.cache.put(key, content, Precondition.NONE));
            onDisk(key, content);
            known(key);
        }

        private void create(TokenKey key) {
            String content = "{\"v\":" + ++version + "}";
            boolean free = state(key) == null;
            assertThat(succeeds(() -> CacheHarness.await(harness.cache.put(key, content, Precondition.ABSENT))))
                    .as(step + "create")
                    .isEqualTo(free);
            if (free) {
                onDisk(key, content);
            }
            known(key);
        }

        private void compareAndSet(TokenKey key) {
            String content = "{\"v\":" + ++version + "}";
            String before = state(key);
            boolean right = before != null && random.nextBoolean();
            String etag = right ? FakeSource.etag(before.getBytes(StandardCharsets.UTF_8)) : "other";
            assertThat(succeeds(() -> CacheHarness.await(harness.cache.put(key, content, Precondition.match(etag)))))
                    .as(step + "compare and set")
                    .isEqualTo(right);
            if (right) {
                onDisk(key, content);
            }
            known(key);
        }

        private static boolean succeeds(Runnable write) {
            try {
                write.run();
                return true;
            } catch (TokenCacheException e) {
                assertThat(e.failure()).isEqualTo(Failure.PRECONDITION_FAILED);
                return false;
            }
        }

        private void delete(TokenKey key) {
            boolean existed = CacheHarness.await(harness.cache.delete(key, Precondition.NONE));
            assertThat(existed).as(step + "delete").isEqualTo(state(key) != null);
            onDisk(key, null);
            known(key);
        }

        private void add(String project) {
            int tokens = names(project).size();
            String filename = CacheHarness.await(
                            harness.cache.add(project, "session", new JsonObject().put("token", "fake-" + ++version)))
                    .filename();
            assertThat(harness.source.remove(project + "/" + filename))
                    .as(step + "added")
                    .isTrue();
            assertThat(names(project)).hasSize(tokens);
            List<String> meanwhile = new ArrayList<>(names(project));
            meanwhile.add(filename);
            meanwhile.sort(null);
            open.forEach(read -> read.later(project, meanwhile));
            listed(project, meanwhile);
            scan();
            // The keeper of the copy may have begun to read the list in between: only a look that begins later ends
            // that.
            listed(project, meanwhile);
        }

        private void listed(String project, List<String> list) {
            possibleLists.get(project).add(list);
            listsSinceLook.get(project).add(list);
        }

        private void scan() {
            if (look != null) {
                tell();
            }
            look();
            JsonObject told = look.message().getJsonObject("projects");
            tell();
            Set<String> wholly = new HashSet<>(told.fieldNames());
            wholly.removeIf(project -> told.getJsonObject(project).containsKey("unseen"));
            checkConsumer(wholly);
        }

        /** Now and then some of the names that are there can't be looked at. */
        private void look() {
            Set<String> unseen = new HashSet<>();
            if (!ending && random.nextInt(4) == 0) {
                disk.keySet().stream().filter(key -> random.nextInt(3) == 0).forEach(unseen::add);
            }
            harness.clock.advance(
                    Duration.ofNanos(1)); // what was read before the look was read before it by the clock too
            look = harness.look(unseen);
            heldSinceLook = holding;
            sinceLook = new HashMap<>();
            listsSinceLook = new HashMap<>();
            keys.forEach(key -> sinceLook.put(key.toString(), states(expected(state(key)))));
            Stream.of("p", "q").forEach(project -> listsSinceLook.put(project, lists(names(project))));
        }

        /** What was seen then is told now: reads see the disk as it was when the look began, or later. */
        private void tell() {
            harness.tell(look);
            JsonObject told = look.message().getJsonObject("projects");
            look = null;
            if (heldSinceLook) {
                return;
            }
            // A project that no look has shown yet is dropped only when a look was due.
            sinceLook.forEach((key, states) -> {
                if (told.containsKey(TokenKey.parse(key).project())) {
                    possible.put(key, new HashSet<>(states));
                }
            });
            listsSinceLook.forEach((project, lists) -> {
                if (told.containsKey(project)) {
                    possibleLists.put(project, new HashSet<>(lists));
                }
            });
        }

        private void invalidate(TokenKey key) {
            if (random.nextInt(4) == 0) {
                CacheHarness.await(harness.cache.clear());
                known();
            } else {
                CacheHarness.await(harness.cache.invalidate(key));
                known(key);
            }
        }

        /** Time passes; what was read before the TTL began must not be seen any more. */
        private void pass() {
            int what = random.nextInt(3);
            step += what + ", ";
            switch (what) {
                case 0 ->
                    harness.clock.advance(
                            CacheOptions.DEFAULT_TOKEN_TTL.multipliedBy(9).dividedBy(10));
                case 1 -> harness.clock.advance(Duration.ofSeconds(4));
                default -> {
                    harness.clock.advance(CacheOptions.DEFAULT_TOKEN_TTL);
                    if (!holding) { // readers may join a held load, which is older here than any real one can be
                        known();
                    }
                }
            }
        }

        @Override
        public void close() {
            harness.close();
        }
    }
}
