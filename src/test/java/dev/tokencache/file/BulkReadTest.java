package dev.tokencache.file;

import static dev.tokencache.file.TokenFixtures.bytes;
import static dev.tokencache.file.TokenFixtures.put;
import static dev.tokencache.file.TokenFixtures.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.Failure;
import dev.tokencache.TokenCacheException;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BulkReadTest {
    @TempDir
    Path root;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void closeVertx() throws Exception {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static TokenKey key(String name) {
        return new TokenKey("demo", name + ".json");
    }

    private static List<TokenKey> keys(String... names) {
        return Stream.of(names).map(BulkReadTest::key).toList();
    }

    /** What a read gives: the text, "absent", or the failure. */
    private static String outcome(Future<TokenFile> read) throws Exception {
        CompletableFuture<String> outcome = new CompletableFuture<>();
        read.onComplete(
                file -> outcome.complete(file == null ? "absent" : new String(bytes(file), StandardCharsets.UTF_8)),
                cause -> outcome.complete(Failure.of(cause).machineName()));
        return outcome.get(30, TimeUnit.SECONDS);
    }

    private static <T> T typed(Callable<T> work) {
        try {
            return work.call();
        } catch (TokenCacheException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void readAll_filesOfEveryKind_agreesWithReadsOfEach() throws Exception {
        put(root, "a.json", token("a"));
        put(root, "b.json", "{not json".getBytes(StandardCharsets.US_ASCII));
        put(root, "d.json", token("d"));
        Files.createSymbolicLink(root.resolve("demo/l.json"), Path.of("d.json"));
        Files.createSymbolicLink(root.resolve("demo/o.json"), Path.of("../outside"));
        Files.createDirectory(root.resolve("demo/x.json"));
        FileTokenSource source = new FileTokenSource(vertx, TokenFixtures.options(root));
        List<TokenKey> keys = keys("d", "absent", "b", "a", "l", "o", "x");

        List<Future<TokenFile>> together = source.readAll(keys, key -> null);

        assertThat(together).hasSameSizeAs(keys);
        for (int i = 0; i < keys.size(); i++) {
            assertThat(outcome(together.get(i)))
                    .as(keys.get(i).filename())
                    .isEqualTo(outcome(source.read(keys.get(i))));
        }
        assertThat(outcome(together.get(0))).contains("not-a-real-d");
        assertThat(outcome(together.get(1))).isEqualTo("absent");
        await(source.close());
    }

    @Test
    void readAll_absentProject_isAbsent() throws Exception {
        FileTokenSource source = new FileTokenSource(vertx, TokenFixtures.options(root));

        for (Future<TokenFile> read : source.readAll(keys("a", "b", "c"), key -> null)) {
            assertThat(outcome(read)).isEqualTo("absent");
        }
        await(source.close());
    }

    @Test
    void readAll_closedSource_fails() throws Exception {
        put(root, "a.json", token("a"));
        FileTokenSource source = new FileTokenSource(vertx, TokenFixtures.options(root));
        await(source.close());

        for (Future<TokenFile> read : source.readAll(keys("a", "b"), key -> null)) {
            assertThat(outcome(read)).isEqualTo(Failure.OVERLOADED.machineName());
        }
    }

    /** Runs a read of a, b, c and d with a slice; each read alone gives a token whose text says so. */
    private List<Future<TokenFile>> start(BulkRead.Slice slice, List<TokenKey> stuck, List<TokenKey> alone)
            throws Exception {
        CompletableFuture<List<Future<TokenFile>>> futures = new CompletableFuture<>();
        vertx.runOnContext(none -> {
            Function<TokenKey, Future<TokenFile>> readAlone = key -> {
                alone.add(key);
                return vertx.timer(1).mapEmpty(); // never at once
            };
            BulkRead bulk = new BulkRead(vertx.getOrCreateContext(), keys("a", "b", "c", "d"), readAlone);
            bulk.watch(vertx, stuck::add);
            new Thread(() -> bulk.run(slice, "demo", BulkReadTest::typed)).start();
            futures.complete(bulk.futures());
        });
        return futures.get(30, TimeUnit.SECONDS);
    }

    @Test
    void run_hungFile_holdsUpNoOther() throws Exception {
        CountDownLatch hung = new CountDownLatch(1);
        List<TokenKey> stuck = new ArrayList<>();
        List<TokenKey> alone = new ArrayList<>();
        BulkRead.Slice slice = (project, nanos, next, each) -> {
            for (TokenKey key = next.get(); key != null; key = next.get()) {
                TokenKey one = key;
                each.accept(one, () -> {
                    if (one.equals(key("b"))) {
                        hung.await();
                        throw Failure.STORAGE_UNREADABLE.exception();
                    }
                    return null;
                });
            }
        };

        List<Future<TokenFile>> reads = start(slice, stuck, alone);

        assertThat(outcome(reads.get(2))).isEqualTo("absent");
        assertThat(outcome(reads.get(3))).isEqualTo("absent");
        assertThat(outcome(reads.get(0))).isEqualTo("absent");
        assertThat(alone).isEqualTo(keys("a", "c", "d"));
        assertThat(stuck).containsExactly(key("b"));
        assertThat(reads.get(1).isComplete()).isFalse();
        hung.countDown();
        assertThat(outcome(reads.get(1))).isEqualTo(Failure.STORAGE_UNREADABLE.machineName());
    }

    @Test
    void run_timeOver_readsTheRestAlone() throws Exception {
        List<TokenKey> alone = new ArrayList<>();

        List<Future<TokenFile>> reads =
                start((project, nanos, next, each) -> each.accept(next.get(), () -> null), new ArrayList<>(), alone);
        for (Future<TokenFile> read : reads) {
            assertThat(outcome(read)).isEqualTo("absent");
        }

        assertThat(alone).isEqualTo(keys("b", "c", "d"));
    }

    @Test
    void run_neverBegun_readsEachAloneOnce() throws Exception {
        List<TokenKey> alone = new ArrayList<>();
        CountDownLatch later = new CountDownLatch(1);

        List<Future<TokenFile>> reads = start(
                (project, nanos, next, each) -> {
                    typed(() -> {
                        later.await();
                        return null;
                    });
                    assertThat(next.get()).isNull();
                },
                new ArrayList<>(),
                alone);

        for (Future<TokenFile> read : reads) {
            assertThat(outcome(read)).isEqualTo("absent");
        }
        assertThat(alone).isEqualTo(keys("a", "b", "c", "d"));
        later.countDown();
    }

    @Test
    void run_sliceFails_readsEachAloneOnce() throws Exception {
        List<TokenKey> alone = new ArrayList<>();
        CompletableFuture<List<Future<TokenFile>>> futures = new CompletableFuture<>();
        vertx.runOnContext(none -> {
            BulkRead bulk = new BulkRead(vertx.getOrCreateContext(), keys("a", "b", "c"), key -> {
                alone.add(key);
                return Future.succeededFuture();
            });
            futures.complete(bulk.futures());
            assertThatThrownBy(() -> bulk.run(
                            (project, nanos, next, each) -> {
                                each.accept(next.get(), () -> null);
                                assertThat(next.get()).isNotNull();
                                throw new OutOfMemoryError("made up");
                            },
                            "demo",
                            BulkReadTest::typed))
                    .isInstanceOf(OutOfMemoryError.class);
            bulk.giveUp();
        });

        for (Future<TokenFile> read : futures.get(30, TimeUnit.SECONDS)) {
            assertThat(outcome(read)).isEqualTo("absent");
        }
        assertThat(alone).isEqualTo(keys("a", "b", "c"));
    }

    @Test
    void refuse_hungCall_failsAllOfIt() throws Exception {
        CompletableFuture<List<Future<TokenFile>>> futures = new CompletableFuture<>();
        vertx.runOnContext(none -> {
            BulkRead bulk = new BulkRead(vertx.getOrCreateContext(), keys("a", "b"), key -> Future.succeededFuture());
            futures.complete(bulk.futures());
            bulk.refuse(Failure.OVERLOADED);
        });

        for (Future<TokenFile> read : futures.get(30, TimeUnit.SECONDS)) {
            assertThat(outcome(read)).isEqualTo(Failure.OVERLOADED.machineName());
        }
    }
}
