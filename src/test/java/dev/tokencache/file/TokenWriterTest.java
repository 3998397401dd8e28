package dev.tokencache.file;

import static dev.tokencache.file.TokenFixtures.KEY;
import static dev.tokencache.file.TokenFixtures.assertFails;
import static dev.tokencache.file.TokenFixtures.mode;
import static dev.tokencache.file.TokenFixtures.put;
import static dev.tokencache.file.TokenFixtures.token;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tokencache.Failure;
import dev.tokencache.InvalidTokenException;
import dev.tokencache.Precondition;
import dev.tokencache.TokenCacheException;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import dev.tokencache.WriteResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TokenWriterTest {
    @TempDir
    Path root;

    @Test
    void write_newProject_createsBothForTheOwnerOnly() throws IOException {
        WriteResult result = TokenFixtures.writer(root).write(KEY, token("one"), Precondition.NONE);

        Path path = root.resolve("demo/a.json");
        assertThat(path).hasBinaryContent(token("one"));
        assertThat(mode(path)).isEqualTo("rw-------");
        assertThat(mode(root.resolve("demo"))).isEqualTo("rwx------");
        assertThat(mode(root.resolve("demo/.token-cache.lock"))).isEqualTo("rw-------");
        assertThat(result.created()).isTrue();
        assertThat(result.etag()).isEqualTo(TokenFixtures.ETAG_KEY.etag(token("one")));
        assertThat(result.fingerprint()).isEqualTo(Fingerprints.ofRegularFile(path));
        assertThat(TokenFixtures.temps(root.resolve("demo"))).isZero();
    }

    @Test
    void write_overExisting_replacesIt() throws IOException {
        put(root, "a.json", token("old"));

        WriteResult result = TokenFixtures.writer(root).write(KEY, token("new"), Precondition.NONE);

        assertThat(result.created()).isFalse();
        assertThat(root.resolve("demo/a.json")).hasBinaryContent(token("new"));
        assertThat(mode(root.resolve("demo/a.json"))).isEqualTo("rw-------");
    }

    @Test
    void write_createOnly_givesTheFingerprintReadLater() throws IOException {
        WriteResult result = TokenFixtures.writer(root).write(KEY, token("one"), Precondition.ABSENT);

        assertThat(result.created()).isTrue();
        assertThat(result.fingerprint()).isEqualTo(TokenFixtures.reader(root).fingerprint(KEY));
        assertThat(Files.getAttribute(root.resolve("demo/a.json"), "unix:nlink"))
                .isEqualTo(1);
        assertThat(TokenFixtures.temps(root.resolve("demo"))).isZero();
    }

    @Test
    void write_createOnlyOverExisting_failsAndKeepsIt() throws IOException {
        put(root, "a.json", token("old"));

        assertFails(
                Failure.PRECONDITION_FAILED,
                () -> TokenFixtures.writer(root).write(KEY, token("new"), Precondition.ABSENT));

        assertThat(root.resolve("demo/a.json")).hasBinaryContent(token("old"));
        assertThat(TokenFixtures.temps(root.resolve("demo"))).isZero();
    }

    @Test
    void write_matchingTag_replacesOnlyThatVersion() throws IOException {
        TokenWriter writer = TokenFixtures.writer(root);
        String first = writer.write(KEY, token("one"), Precondition.NONE).etag();

        writer.write(KEY, token("two"), Precondition.match(first));
        assertFails(Failure.PRECONDITION_FAILED, () -> writer.write(KEY, token("three"), Precondition.match(first)));

        assertThat(root.resolve("demo/a.json")).hasBinaryContent(token("two"));
    }

    @Test
    void write_matchAgainstAbsent_failsAndCreatesNothing() {
        assertFails(
                Failure.PRECONDITION_FAILED,
                () -> TokenFixtures.writer(root).write(KEY, token("one"), Precondition.PRESENT));

        assertThat(root.resolve("demo")).doesNotExist();
    }

    @Test
    void write_overInvalidOrTooLargeFile_isJudgedByItsBytesOrNone() throws IOException {
        put(root, "a.json", "torn".getBytes(UTF_8));
        TokenWriter writer =
                new TokenWriter(TokenFixtures.options(root).setMaxTokenBytes(64), new StorageErrors(System::nanoTime));

        writer.write(KEY, token("one"), Precondition.match(TokenFixtures.ETAG_KEY.etag("torn".getBytes(UTF_8))));
        put(root, "a.json", new byte[100]);
        assertFails(
                Failure.PRECONDITION_FAILED,
                () -> writer.write(KEY, token("two"), Precondition.match(TokenFixtures.ETAG_KEY.etag(new byte[100]))));
        writer.write(KEY, token("two"), Precondition.PRESENT);

        assertThat(root.resolve("demo/a.json")).hasBinaryContent(token("two"));
    }

    @Test
    void write_invalidContent_touchesNothing() {
        TokenWriter writer = TokenFixtures.writer(root);

        assertFails(Failure.INVALID_TOKEN_FILE, () -> writer.write(KEY, "[]".getBytes(UTF_8), Precondition.NONE));
        InvalidTokenException large = catchThrowableOfType(
                InvalidTokenException.class,
                () -> writer.write(KEY, new byte[FileSourceOptions.DEFAULT_MAX_TOKEN_BYTES + 1], Precondition.NONE));

        assertThat(large.reason()).isEqualTo("too_large");
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void writeAndDelete_nameHeldBySomethingElse_areRefusedAndLeaveIt() throws Exception {
        Path project = TokenFixtures.project(root);
        put(root, "real.json", token("real"));
        Files.createSymbolicLink(project.resolve("link.json"), Path.of("real.json"));
        Files.createSymbolicLink(project.resolve("dangling.json"), Path.of("nowhere"));
        Files.createDirectory(project.resolve("dir.json"));
        TokenFixtures.fifo(project.resolve("fifo.json"));
        TokenWriter writer = TokenFixtures.writer(root);

        for (String name : new String[] {"link.json", "dangling.json", "dir.json", "fifo.json"}) {
            TokenKey key = new TokenKey("demo", name);
            for (Precondition precondition : List.of(Precondition.NONE, Precondition.ABSENT, Precondition.PRESENT)) {
                assertFails(Failure.NOT_REPLACEABLE, () -> writer.write(key, token("new"), precondition));
            }
            assertFails(Failure.NOT_REPLACEABLE, () -> writer.delete(key, Precondition.NONE));
            assertThat(Files.exists(project.resolve(name), LinkOption.NOFOLLOW_LINKS))
                    .isTrue();
        }
        assertThat(project.resolve("real.json")).hasBinaryContent(token("real"));
        assertThat(TokenFixtures.temps(project)).isZero();
    }

    @Test
    void write_projectHeldByFileOrLink_isRefused() throws IOException {
        Files.write(root.resolve("demo"), new byte[0]);
        assertFails(
                Failure.NOT_REPLACEABLE, () -> TokenFixtures.writer(root).write(KEY, token("one"), Precondition.NONE));

        Files.delete(root.resolve("demo"));
        Path outside = Files.createDirectory(root.resolve("other"));
        Files.createSymbolicLink(root.resolve("demo"), Path.of("other"));
        assertFails(
                Failure.NOT_REPLACEABLE, () -> TokenFixtures.writer(root).write(KEY, token("one"), Precondition.NONE));
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void write_absentRoot_isUnreadableAndNotCreated() {
        Path gone = root.resolve("gone");

        assertFails(
                Failure.STORAGE_UNREADABLE,
                () -> TokenFixtures.writer(gone).write(KEY, token("one"), Precondition.NONE));

        assertThat(gone).doesNotExist();
    }

    @Test
    void write_tempNameTaken_usesAnotherAndLeavesTheFirst() throws IOException {
        put(root, ".token-cache-taken.tmp", token("of another writer"));
        Iterator<String> names =
                List.of(".token-cache-taken.tmp", ".token-cache-free.tmp").iterator();
        TokenWriter writer =
                new TokenWriter(TokenFixtures.options(root), new StorageErrors(System::nanoTime), names::next);

        writer.write(KEY, token("one"), Precondition.NONE);

        assertThat(root.resolve("demo/a.json")).hasBinaryContent(token("one"));
        assertThat(root.resolve("demo/.token-cache-taken.tmp")).hasBinaryContent(token("of another writer"));
        assertThat(root.resolve("demo/.token-cache-free.tmp")).doesNotExist();
    }

    @Test
    void write_tempNameIsLink_neverWritesThroughIt() throws IOException {
        Path outside = Files.write(root.resolve("outside"), token("outside"));
        Files.createSymbolicLink(TokenFixtures.project(root).resolve(".token-cache-trap.tmp"), Path.of("../outside"));
        TokenWriter writer = new TokenWriter(
                TokenFixtures.options(root), new StorageErrors(System::nanoTime), () -> ".token-cache-trap.tmp");

        assertFails(Failure.STORAGE_UNREADABLE, () -> writer.write(KEY, token("one"), Precondition.NONE));

        assertThat(outside).hasBinaryContent(token("outside"));
        assertThat(root.resolve("demo/a.json")).doesNotExist();
    }

    /** The name changes hands between the first judgement and the rename: another program that takes no lock. */
    @Test
    void write_versionChangedBehindTheLock_isJudgedAgain() throws IOException {
        put(root, "a.json", token("old"));
        TokenWriter writer = meddling(() -> put(root, "a.json", token("of another program")));

        assertFails(
                Failure.PRECONDITION_FAILED,
                () -> writer.write(KEY, token("new"), Precondition.match(TokenFixtures.ETAG_KEY.etag(token("old")))));

        assertThat(root.resolve("demo/a.json")).hasBinaryContent(token("of another program"));
        assertThat(TokenFixtures.temps(root.resolve("demo"))).isZero();
    }

    @Test
    void write_nameBecomesLinkBehindTheLock_isRefused() throws IOException {
        Path link = TokenFixtures.project(root).resolve("a.json");
        TokenWriter writer = meddling(() -> Files.createSymbolicLink(link, Path.of("b.json")));

        assertFails(Failure.NOT_REPLACEABLE, () -> writer.write(KEY, token("new"), Precondition.NONE));

        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(TokenFixtures.temps(root.resolve("demo"))).isZero();
    }

    @Test
    void write_projectExchangedMeanwhile_isNotAcknowledged() throws IOException {
        TokenFixtures.project(root);
        TokenWriter writer = meddling(() -> {
            Files.move(root.resolve("demo"), root.resolve("moved"));
            return Files.createDirectory(root.resolve("demo"));
        });

        assertFails(Failure.STORAGE_BUSY, () -> writer.write(KEY, token("new"), Precondition.NONE));
    }

    private TokenWriter meddling(Callable<Path> meddle) {
        return new TokenWriter(TokenFixtures.options(root), new StorageErrors(System::nanoTime), () -> {
            try {
                meddle.call();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            return TempFile.randomName();
        });
    }

    @Test
    void linkTo_nameTakenByProgramWithoutLock_leavesIt() throws IOException {
        put(root, "a.json", token("of another program"));
        try (ProjectDirectory project = ProjectDirectory.open(root, "demo");
                TempFile temp = TempFile.write(project, TempFile::randomName, token("one"))) {
            assertThat(temp.linkTo("a.json")).isFalse();
        }

        assertThat(root.resolve("demo/a.json")).hasBinaryContent(token("of another program"));
        assertThat(TokenFixtures.temps(root.resolve("demo"))).isZero();
    }

    @Test
    void reserve_freeAndTakenName_takesTheFirstOnly() throws IOException {
        TokenFixtures.project(root);
        try (ProjectDirectory project = ProjectDirectory.open(root, "demo")) {
            try (TempFile temp = TempFile.write(project, TempFile::randomName, token("one"))) {
                assertThat(temp.reserve("a.json")).isTrue();
            }
            try (TempFile temp = TempFile.write(project, TempFile::randomName, token("two"))) {
                assertThat(temp.reserve("a.json")).isFalse();
            }
        }

        assertThat(root.resolve("demo/a.json")).hasBinaryContent(token("one"));
        assertThat(TokenFixtures.temps(root.resolve("demo"))).isZero();
    }

    @Test
    void delete_presentThenAbsent_saysSo() throws IOException {
        put(root, "a.json", token("one"));
        TokenWriter writer = TokenFixtures.writer(root);

        assertFails(Failure.PRECONDITION_FAILED, () -> writer.delete(KEY, Precondition.match("other")));
        assertThat(writer.delete(KEY, Precondition.match(TokenFixtures.ETAG_KEY.etag(token("one")))))
                .isTrue();
        assertThat(writer.delete(KEY, Precondition.NONE)).isFalse();
        assertFails(Failure.PRECONDITION_FAILED, () -> writer.delete(KEY, Precondition.PRESENT));
        assertThat(writer.delete(new TokenKey("none", "a.json"), Precondition.NONE))
                .isFalse();
        assertFails(
                Failure.PRECONDITION_FAILED, () -> writer.delete(new TokenKey("none", "a.json"), Precondition.PRESENT));
        assertThat(root.resolve("none")).doesNotExist();
    }

    @Test
    void write_eightThreadsCreateOneName_exactlyOneWins() throws Exception {
        TokenWriter writer = TokenFixtures.writer(root);
        for (int round = 0; round < 10; round++) {
            TokenKey key = new TokenKey("demo", "r" + round + ".json");
            List<Boolean> wins = race(8, id -> {
                try {
                    return writer.write(key, token("by " + id), Precondition.ABSENT)
                            .created();
                } catch (TokenCacheException e) {
                    assertThat(e.failure()).isEqualTo(Failure.PRECONDITION_FAILED);
                    return false;
                }
            });
            int winner = wins.indexOf(true);
            assertThat(wins.stream().filter(won -> won)).hasSize(1);
            assertThat(root.resolve("demo/" + key.filename())).hasBinaryContent(token("by " + winner));
        }
    }

    @Test
    void write_compareAndSetByEightThreads_losesNoIncrement() throws Exception {
        TokenWriter writer = TokenFixtures.writer(root);
        TokenReader reader = TokenFixtures.reader(root);
        CasCounter.create(writer, KEY);

        race(8, id -> {
            CasCounter.increment(reader, writer, KEY, 100 / 8 + (id < 100 % 8 ? 1 : 0));
            return true;
        });

        TokenFile file = reader.read(KEY);
        assertThat(CasCounter.value(file)).isEqualTo(100);
        assertThat(ProjectLock.gates()).isZero();
    }

    private static List<Boolean> race(int threads, Racer racer) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            CyclicBarrier start = new CyclicBarrier(threads);
            List<Future<Boolean>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int id = i;
                running.add(pool.submit(() -> {
                    start.await();
                    return racer.run(id);
                }));
            }
            List<Boolean> results = new ArrayList<>();
            for (Future<Boolean> each : running) {
                results.add(each.get());
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }

    @FunctionalInterface
    private interface Racer {
        boolean run(int id) throws Exception;
    }
}
