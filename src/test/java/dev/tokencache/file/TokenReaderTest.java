package dev.tokencache.file;

import static dev.tokencache.file.TokenFixtures.KEY;
import static dev.tokencache.file.TokenFixtures.assertFails;
import static dev.tokencache.file.TokenFixtures.bytes;
import static dev.tokencache.file.TokenFixtures.put;
import static dev.tokencache.file.TokenFixtures.token;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tokencache.Failure;
import dev.tokencache.InvalidTokenException;
import dev.tokencache.RunningTime;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TokenReaderTest {
    @TempDir
    Path root;

    @Test
    void read_validFile_hasBytesFingerprintEtagAndExpiry() throws IOException {
        byte[] bytes = "{\"token\":\"not-a-real-one\",\"expires_at\":\"2031-01-01T00:00:00Z\"}".getBytes(UTF_8);
        Path path = put(root, "a.json", bytes);

        TokenFile file = TokenFixtures.reader(root).read(KEY);

        assertThat(bytes(file)).isEqualTo(bytes);
        assertThat(file.fingerprint()).isEqualTo(Fingerprints.ofRegularFile(path));
        assertThat(file.etag()).isEqualTo(TokenFixtures.ETAG_KEY.etag(bytes));
        assertThat(file.expiresAtMillis()).isEqualTo(1_924_992_000_000L);
        assertThat(file.expirySource()).isEqualTo("expires_at");
    }

    @Test
    void read_clockAdvancesMeanwhile_carriesTheTimeBeforeTheRead() throws IOException {
        put(root, "a.json", token("one"));
        AtomicLong clock = new AtomicLong(100);
        FileSourceOptions options = TokenFixtures.options(root).setNanoTime(() -> clock.getAndAdd(1_000));

        TokenFile file = new TokenReader(options, new StorageErrors(() -> 0)).read(KEY);

        assertThat(file.readNanos()).isEqualTo(100);
    }

    static Stream<Arguments> badFiles() {
        byte[] bom = ("\uFEFF" + "{}").getBytes(UTF_8);
        return Stream.of(
                arguments("empty", new byte[0]),
                arguments("torn", "{\"token\":\"not-a-re".getBytes(UTF_8)),
                arguments("text", "not json".getBytes(UTF_8)),
                arguments("array", "[]".getBytes(UTF_8)),
                arguments("two values", "{}{}".getBytes(UTF_8)),
                arguments("byte order mark", bom),
                arguments("UTF-16", "{}".getBytes(UTF_16)),
                arguments("not UTF-8", new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}),
                arguments("duplicate key", "{\"a\":1,\"a\":2}".getBytes(UTF_8)),
                arguments("too deep", ("{\"a\":" + "[".repeat(100) + "]".repeat(100) + "}").getBytes(UTF_8)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badFiles")
    void read_badFile_isInvalidWithItsFingerprint(String name, byte[] bytes) throws IOException {
        Path path = put(root, "a.json", bytes);

        InvalidTokenException thrown = catchThrowableOfType(
                InvalidTokenException.class, () -> TokenFixtures.reader(root).read(KEY));

        assertThat(thrown).as(name).isNotNull();
        assertThat(thrown.fingerprint()).isEqualTo(Fingerprints.ofRegularFile(path));
    }

    @Test
    void read_limitExceededByOneByte_isTooLarge() throws IOException {
        byte[] bytes = token("one");
        put(root, "a.json", bytes);
        FileSourceOptions options = TokenFixtures.options(root).setMaxTokenBytes(bytes.length);
        assertThat(new TokenReader(options, new StorageErrors(() -> 0)).read(KEY))
                .isNotNull();

        options.setMaxTokenBytes(bytes.length - 1);
        InvalidTokenException thrown = catchThrowableOfType(
                InvalidTokenException.class, () -> new TokenReader(options, new StorageErrors(() -> 0)).read(KEY));

        assertThat(thrown.reason()).isEqualTo("too_large");
    }

    @Test
    void read_sparseFileOfFiveGigabytes_isTooLargeAtNoCost() throws IOException {
        Path path = put(root, "a.json", new byte[0]);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(5L * 1024 * 1024 * 1024);
        }
        TokenReader reader = TokenFixtures.reader(root);
        long start = RunningTime.nanoTime();

        for (int i = 0; i < 100; i++) {
            InvalidTokenException thrown = catchThrowableOfType(InvalidTokenException.class, () -> reader.read(KEY));
            assertThat(thrown.reason()).isEqualTo("too_large");
            assertThat(thrown.fingerprint().size()).isEqualTo(5L * 1024 * 1024 * 1024);
        }

        assertThat(RunningTime.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(5));
    }

    @Test
    void read_absentNameOrProject_isNull() throws IOException {
        TokenFixtures.project(root);

        assertThat(TokenFixtures.reader(root).read(KEY)).isNull();
        assertThat(TokenFixtures.reader(root).read(new TokenKey("none", "a.json")))
                .isNull();
        assertThat(TokenFixtures.reader(root).fingerprint(KEY)).isNull();
    }

    @Test
    void read_directoryExchangedAndEmptiedAfterItWasOpened_isReadFromTheNewOne() throws IOException {
        put(root, "a.json", token("old"));
        Path fresh = Files.createDirectory(root.resolve("fresh"));
        Files.write(fresh.resolve("a.json"), token("new"));
        boolean[] exchanged = {false};
        FileSourceOptions options = TokenFixtures.options(root).setNanoTime(() -> {
            if (!exchanged[0]) {
                exchanged[0] = true;
                exchange();
            }
            return 0;
        });

        TokenFile file = new TokenReader(options, new StorageErrors(() -> 0)).read(KEY);

        assertThat(bytes(file)).isEqualTo(token("new"));
    }

    private void exchange() {
        Disk disk = new Disk(root);
        disk.move("demo", "old");
        disk.move("fresh", "demo");
        disk.deleteProject("old");
    }

    @Test
    void read_absentRoot_isUnreadableNotAbsent() throws IOException {
        Path gone = root.resolve("gone");
        assertFails(Failure.STORAGE_UNREADABLE, () -> TokenFixtures.reader(gone).read(KEY));
        assertFails(Failure.STORAGE_UNREADABLE, () -> TokenFixtures.reader(gone).fingerprint(KEY));

        Files.write(gone, token("a root that is a file"));
        assertFails(Failure.STORAGE_UNREADABLE, () -> TokenFixtures.reader(gone).read(KEY));
    }

    @Test
    void read_projectIsFileOrLink_isAbsent() throws IOException {
        put(root, "a.json", token("one"));
        Files.createSymbolicLink(root.resolve("linked"), Path.of("demo"));
        Files.write(root.resolve("file"), token("one"));

        assertThat(TokenFixtures.reader(root).read(new TokenKey("linked", "a.json")))
                .isNull();
        assertThat(TokenFixtures.reader(root).read(new TokenKey("file", "a.json")))
                .isNull();
    }

    @Test
    void read_nameHeldByFifoOrDirectory_isAbsentAndNeverOpened() throws Exception {
        Path project = TokenFixtures.project(root);
        Files.createDirectory(project.resolve("dir.json"));
        TokenFixtures.fifo(project.resolve("fifo.json"));
        Files.createSymbolicLink(project.resolve("to-fifo.json"), Path.of("fifo.json"));
        TokenReader reader = TokenFixtures.reader(root);

        for (String name : new String[] {"dir.json", "fifo.json", "to-fifo.json"}) {
            assertThat(reader.read(new TokenKey("demo", name))).as(name).isNull();
            assertThat(reader.fingerprint(new TokenKey("demo", name))).as(name).isNull();
        }
        assertThat(reader.refusedLinks()).isZero();
    }

    @Test
    void read_rootReachedThroughLink_isAllowed() throws IOException {
        put(root.resolve("real"), "a.json", token("one"));
        Path link = Files.createSymbolicLink(root.resolve("link"), Path.of("real"));

        assertThat(TokenFixtures.reader(link).read(KEY)).isNotNull();
    }

    static Stream<Arguments> refusedLinks() {
        return Stream.of(
                arguments("up and out", "../../outside.json"),
                arguments("sibling project", "../other/secret.json"),
                arguments("up and back in", "../demo/real.json"),
                arguments("loop", "a.json"),
                arguments("nothing", "."));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusedLinks")
    void read_linkThatLeavesTheProject_isAbsentAndCounted(String name, String target) throws IOException {
        put(root, "real.json", token("real"));
        Files.write(Files.createDirectory(root.resolve("other")).resolve("secret.json"), token("of a sibling"));
        Files.createSymbolicLink(root.resolve("demo/a.json"), Path.of(target));
        TokenReader reader = TokenFixtures.reader(root);

        assertThat(reader.read(KEY)).as(name).isNull();
        assertThat(reader.refusedLinks()).isEqualTo(1);
    }

    @Test
    void read_absoluteLinkEvenIntoTheProject_isAbsentAndCounted() throws IOException {
        Path real = put(root, "real.json", token("real"));
        Files.createSymbolicLink(root.resolve("demo/a.json"), real.toAbsolutePath());
        TokenReader reader = TokenFixtures.reader(root);

        assertThat(reader.read(KEY)).isNull();
        assertThat(reader.refusedLinks()).isEqualTo(1);
    }

    @Test
    void read_hopsUpToEight_areFollowedAndNineRefused() throws IOException {
        put(root, "l0.json", token("end"));
        for (int i = 1; i <= 9; i++) {
            Files.createSymbolicLink(root.resolve("demo/l" + i + ".json"), Path.of("l" + (i - 1) + ".json"));
        }
        TokenReader reader = TokenFixtures.reader(root);

        assertThat(reader.read(new TokenKey("demo", "l8.json"))).isNotNull();
        assertThat(reader.read(new TokenKey("demo", "l9.json"))).isNull();
    }

    @Test
    void read_danglingLink_isAbsentAndNotCounted() throws IOException {
        TokenFixtures.project(root);
        Files.createSymbolicLink(root.resolve("demo/a.json"), Path.of("nowhere/a.json"));
        TokenReader reader = TokenFixtures.reader(root);

        assertThat(reader.read(KEY)).isNull();
        assertThat(reader.refusedLinks()).isZero();
    }

    @Test
    void read_swappedDataLink_givesTheNewVersion() throws IOException {
        Path project = TokenFixtures.project(root);
        Files.write(Files.createDirectory(project.resolve("..2024_01")).resolve("a.json"), token("old"));
        Files.write(Files.createDirectory(project.resolve("..2024_02")).resolve("a.json"), token("new"));
        Files.createSymbolicLink(project.resolve("..data"), Path.of("..2024_01"));
        Files.createSymbolicLink(project.resolve("a.json"), Path.of("..data", "a.json"));
        TokenReader reader = TokenFixtures.reader(root);
        assertThat(bytes(reader.read(KEY))).isEqualTo(token("old"));

        Files.createSymbolicLink(project.resolve("..tmp"), Path.of("..2024_02"));
        Files.move(project.resolve("..tmp"), project.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);

        assertThat(bytes(reader.read(KEY))).isEqualTo(token("new"));
        assertThat(reader.fingerprint(KEY)).isEqualTo(Fingerprints.ofRegularFile(project.resolve("..2024_02/a.json")));
    }

    @Test
    void fingerprint_invalidFile_isGivenWithoutReading() throws IOException {
        Path path = put(root, "a.json", new byte[0]);

        assertThat(TokenFixtures.reader(root).fingerprint(KEY)).isEqualTo(Fingerprints.ofRegularFile(path));
    }
}
