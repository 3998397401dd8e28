package dev.tokencache.file;

import static dev.tokencache.file.TokenFixtures.KEY;
import static dev.tokencache.file.TokenFixtures.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import dev.tokencache.Poll;
import dev.tokencache.Precondition;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import dev.tokencache.TokenNames;
import dev.tokencache.WriteResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FileTokenSourceTest {
    private static final Precondition NONE = Precondition.NONE;

    @TempDir
    Path root;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void closeVertx() throws Exception {
        await(vertx.close());
    }

    private FileTokenSource source() {
        return new FileTokenSource(vertx, TokenFixtures.options(root));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static Failure failureOf(Future<?> future) throws Exception {
        CompletableFuture<Failure> failure = new CompletableFuture<>();
        future.onComplete(
                done -> failure.completeExceptionally(new AssertionError("succeeded")),
                cause -> failure.complete(Failure.of(cause)));
        return failure.get(30, TimeUnit.SECONDS);
    }

    @Test
    void write_thenReadListDelete_agree() throws Exception {
        FileTokenSource source = source();

        WriteResult written = await(source.write(KEY, Buffer.buffer(token("one")), NONE));
        TokenFile file = await(source.read(KEY));
        TokenNames names = await(source.list("demo"));

        assertThat(file.etag()).isEqualTo(written.etag());
        assertThat(file.fingerprint()).isEqualTo(written.fingerprint()).isEqualTo(await(source.fingerprint(KEY)));
        assertThat(names.names()).containsExactly("a.json");
        assertThat(await(source.projects())).containsExactly("demo");
        assertThat(await(source.delete(KEY, Precondition.match(file.etag())))).isTrue();
        assertThat(await(source.read(KEY))).isNull();
        assertThat(await(source.list("demo")).count()).isZero();
    }

    @Test
    void write_manyOfOneKeyWithoutWaiting_endInOrder() throws Exception {
        FileTokenSource source = source();
        List<Future<WriteResult>> writes = new ArrayList<>();
        List<Integer> order = new ArrayList<>();
        Context context = vertx.getOrCreateContext();
        CompletableFuture<Void> submitted = new CompletableFuture<>();
        context.runOnContext(ignored -> {
            for (int i = 0; i < 50; i++) {
                int number = i;
                writes.add(
                        source.write(KEY, Buffer.buffer(token("v" + i)), NONE).onSuccess(done -> order.add(number)));
            }
            submitted.complete(null);
        });
        submitted.get(30, TimeUnit.SECONDS);
        await(Future.all(writes));

        assertThat(order).isSorted().hasSize(50);
        assertThat(TokenFixtures.bytes(await(source.read(KEY)))).isEqualTo(token("v49"));
    }

    @Test
    void everyCall_onAnEventLoop_completesOnThatContext() throws Exception {
        FileTokenSource source = source();
        Context context = vertx.getOrCreateContext();
        CompletableFuture<List<Context>> seen = new CompletableFuture<>();
        context.runOnContext(ignored -> {
            List<Context> contexts = new ArrayList<>();
            source.write(KEY, Buffer.buffer(token("one")), NONE)
                    .onComplete(done -> contexts.add(Vertx.currentContext()))
                    .compose(done -> source.read(KEY))
                    .onComplete(done -> contexts.add(Vertx.currentContext()))
                    .compose(done -> source.delete(KEY, NONE))
                    .onComplete(done -> contexts.add(Vertx.currentContext()))
                    .onComplete(done -> seen.complete(contexts));
        });

        assertThat(seen.get(30, TimeUnit.SECONDS)).hasSize(3).containsOnly(context);
    }

    @Test
    void write_queueFull_isOverloadedAtOnceAndTheRestEnds() throws Exception {
        FileTokenSource source =
                new FileTokenSource(vertx, TokenFixtures.options(root).setMaxQueuedWrites(2));
        Path project = TokenFixtures.project(root);
        Future<WriteResult> first;
        Future<WriteResult> second;
        Future<WriteResult> third;
        try (ProjectDirectory directory = ProjectDirectory.open(root, "demo");
                ProjectLock lock = ProjectLock.acquire(directory, FileSourceOptions.DEFAULT_LOCK_TIMEOUT)) {
            assertThat(lock).isNotNull();
            first = source.write(KEY, Buffer.buffer(token("one")), NONE);
            second = source.write(KEY, Buffer.buffer(token("two")), NONE);
            third = source.write(KEY, Buffer.buffer(token("three")), NONE);
            assertThat(failureOf(third)).isEqualTo(Failure.OVERLOADED);
            Future<WriteResult> other =
                    source.write(new TokenKey("other", "a.json"), Buffer.buffer(token("other")), NONE);
            assertThat(await(other).created()).isTrue();
        }

        await(Future.all(first, second));
        assertThat(project.resolve("a.json")).hasBinaryContent(token("two"));
    }

    @Test
    void close_withWritesUnderWay_letsThemEndAndRefusesMore() throws Exception {
        FileTokenSource source = source();
        List<Future<WriteResult>> writes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            writes.add(source.write(new TokenKey("demo", i + ".json"), Buffer.buffer(token("n" + i)), NONE));
        }

        await(source.close());

        assertThat(writes).allMatch(Future::succeeded);
        assertThat(failureOf(source.write(KEY, Buffer.buffer(token("late")), NONE)))
                .isEqualTo(Failure.OVERLOADED);
        assertThat(failureOf(source.read(KEY))).isEqualTo(Failure.OVERLOADED);
    }

    @Test
    void close_withReadsUnderWayAndQueued_failsThem() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        LongSupplier hanging = () -> {
            reached.countDown();
            LockSupport.park(this);
            while (!Thread.currentThread().isInterrupted()) {
                LockSupport.park(this);
            }
            return 0;
        };
        FileSourceOptions options = TokenFixtures.options(root).setReadPoolSize(1);
        FileTokenSource source = new FileTokenSource(vertx, options.setNanoTime(lateOn(hanging)));
        TokenFixtures.put(root, "a.json", token("one"));
        Future<TokenFile> running = source.read(KEY);
        reached.await();
        Future<TokenFile> queued = source.read(KEY);
        Future<TokenNames> names = source.list("demo");

        await(source.close());

        assertThat(failureOf(queued)).isEqualTo(Failure.OVERLOADED);
        assertThat(failureOf(names)).isEqualTo(Failure.OVERLOADED);
        assertThat(failureOf(running)).isEqualTo(Failure.OVERLOADED);
    }

    /** The clock is asked on the caller's thread once, at the start. */
    private static LongSupplier lateOn(LongSupplier hanging) {
        Thread caller = Thread.currentThread();
        return () -> Thread.currentThread() == caller ? 0 : hanging.getAsLong();
    }

    @Test
    void close_twiceWithAWriteUnderWay_endsBothTimes() throws Exception {
        FileTokenSource source = source();
        TokenFixtures.project(root);
        Future<Void> first;
        Future<Void> second;
        try (ProjectDirectory directory = ProjectDirectory.open(root, "demo");
                ProjectLock lock = ProjectLock.acquire(directory, FileSourceOptions.DEFAULT_LOCK_TIMEOUT)) {
            assertThat(lock).isNotNull();
            source.write(KEY, Buffer.buffer(token("one")), NONE);
            first = source.close();
            second = source.close();
        }

        await(first);
        await(second);
    }

    @Test
    void close_withAWriteThatHangs_endsAndSaysWhatBecameOfEach() throws Exception {
        FileTokenSource source = new FileTokenSource(
                vertx,
                TokenFixtures.options(root).setLockTimeout(Duration.ofHours(1)).setCloseTimeout(Duration.ofMillis(50)));
        Path project = TokenFixtures.project(root);
        try (ProjectDirectory directory = ProjectDirectory.open(root, "demo");
                ProjectLock lock = ProjectLock.acquire(directory, FileSourceOptions.DEFAULT_LOCK_TIMEOUT)) {
            assertThat(lock).isNotNull();
            Future<WriteResult> hanging = source.write(KEY, Buffer.buffer(token("one")), NONE);
            Poll.until(FileTokenSourceTest::isAnyWaitingForALock);
            Future<WriteResult> queued = source.write(KEY, Buffer.buffer(token("two")), NONE);

            await(source.close());

            assertThat(failureOf(hanging)).as("it may happen").isEqualTo(Failure.CACHE_UNREACHABLE);
            assertThat(failureOf(queued)).as("it never happens").isEqualTo(Failure.OVERLOADED);
            Poll.until(() -> !isAnyWaitingForALock());
        }
        assertThat(project.resolve("a.json")).doesNotExist();
        assertThat(TokenFixtures.temps(project)).isZero();
    }

    private static boolean isAnyWaitingForALock() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().startsWith("token-files-"))
                .flatMap(thread -> Stream.of(thread.getValue()))
                .anyMatch(frame -> frame.getClassName().equals(ProjectLock.class.getName()));
    }

    @Test
    void close_oneOfTwoSources_leavesTheOtherWorking() throws Exception {
        FileTokenSource one = source();
        FileTokenSource two = source();

        await(one.close());

        assertThat(await(two.write(KEY, Buffer.buffer(token("one")), NONE)).created())
                .isTrue();
        assertThat(await(two.read(KEY))).isNotNull();
    }

    @Test
    void read_faults_areTypedFailures() throws Exception {
        FileTokenSource source = source();
        Files.write(TokenFixtures.project(root).resolve("a.json"), new byte[0]);
        assertThat(failureOf(source.read(KEY))).isEqualTo(Failure.INVALID_TOKEN_FILE);
        assertThat(failureOf(source.list("../x"))).isEqualTo(Failure.INVALID_NAME);

        Files.delete(root.resolve("demo/a.json"));
        Files.delete(root.resolve("demo"));
        Files.delete(root);

        assertThat(failureOf(source.read(KEY))).isEqualTo(Failure.STORAGE_UNREADABLE);
        assertThat(source.storageErrors()).isEqualTo(1);
        Files.createDirectory(root);
        assertThat(await(source.read(KEY))).isNull();
    }
}
