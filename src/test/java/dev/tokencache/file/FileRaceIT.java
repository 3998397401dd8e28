package dev.tokencache.file;

import static dev.tokencache.file.TokenFixtures.KEY;
import static dev.tokencache.file.TokenFixtures.put;
import static dev.tokencache.file.TokenFixtures.token;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import dev.tokencache.TokenCacheException;
import dev.tokencache.TokenFile;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Readers against writers and attackers that take no lock, and writers in two processes. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FileRaceIT {
    private static final int READS = 100_000;

    @TempDir
    Path root;

    @Test
    void read_linkToggledBetweenInsideAndOutside_neverGivesOutsideBytes() throws Exception {
        Path project = TokenFixtures.project(root);
        put(root, "inside.json", token("inside"));
        put(root, "second.json", token("inside-too"));
        Path outside = Files.createDirectories(root.resolve("outside/deep"));
        Files.write(outside.resolve("a.json"), token("outside"));
        Files.write(root.resolve("outside.json"), token("outside"));
        Files.createDirectory(project.resolve("sub"));
        Files.write(project.resolve("sub/a.json"), token("inside"));
        Path dir = project.resolve("dir");
        Path name = project.resolve("a.json");
        Path temp = project.resolve(".toggle");
        Path[] targets = {
            Path.of("inside.json"),
            Path.of("second.json"),
            Path.of("../outside.json"),
            Path.of("dir/a.json"),
            root.resolve("outside.json"),
            Path.of("dir/../../outside.json")
        };
        Path[] dirs = {Path.of("sub"), Path.of("../outside/deep"), outside};
        Map<Outcome, Integer> outcomes = readWhile(READS, "inside", turn -> {
            exchange(temp, name, targets[turn % targets.length]);
            exchange(temp, dir, dirs[turn / 2 % dirs.length]);
        });

        assertThat(outcomes.get(Outcome.VALUE)).isPositive();
        assertThat(outcomes.get(Outcome.ABSENT)).isPositive();
    }

    private static void exchange(Path temp, Path name, Path target) throws IOException {
        Files.createSymbolicLink(temp, target);
        Files.move(temp, name, StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void read_realDirectoryExchangedForLinkOutside_neverGivesOutsideBytes() throws Exception {
        Path project = TokenFixtures.project(root);
        Files.write(Files.createDirectory(project.resolve("dir")).resolve("a.json"), token("inside"));
        Files.write(Files.createDirectory(root.resolve("outside")).resolve("a.json"), token("outside"));
        Files.createSymbolicLink(project.resolve("a.json"), Path.of("dir/a.json"));
        Path dir = project.resolve("dir");
        Path aside = project.resolve("aside");
        Map<Outcome, Integer> outcomes = readWhile(READS / 20, "inside", turn -> {
            Files.move(dir, aside, StandardCopyOption.ATOMIC_MOVE);
            Files.createSymbolicLink(dir, Path.of("../outside"));
            Files.delete(dir);
            Files.move(aside, dir, StandardCopyOption.ATOMIC_MOVE);
            LockSupport.parkNanos(100_000); // else the directory is hardly ever there
        });

        assertThat(outcomes.get(Outcome.VALUE)).isPositive();
    }

    @Test
    void read_writerRenamesOver_isAlwaysOneWholeVersion() throws Exception {
        put(root, "a.json", version(0));
        Path temp = root.resolve("demo/.other.tmp");
        Map<Outcome, Integer> outcomes = readWhile(2_000, "version", turn -> {
            Files.write(temp, version(turn));
            Files.move(temp, root.resolve("demo/a.json"), StandardCopyOption.ATOMIC_MOVE);
        });

        assertThat(outcomes.get(Outcome.ABSENT)).isNull();
        assertThat(outcomes.get(Outcome.INVALID)).isNull();
        assertThat(outcomes.get(Outcome.VALUE)).isGreaterThan(1_900);
    }

    @Test
    void read_writerTruncates_neverGivesAMixture() throws Exception {
        put(root, "a.json", version(0));
        Map<Outcome, Integer> outcomes =
                readWhile(300, "version", turn -> Files.write(root.resolve("demo/a.json"), version(turn)));

        assertThat(outcomes.get(Outcome.ABSENT)).isNull();
        assertThat(outcomes.get(Outcome.VALUE)).isPositive();
    }

    /** Versions differ in every byte that can differ, not in length: a mixture would be valid JSON. */
    private static byte[] version(int number) {
        return token("version-" + String.valueOf((char) ('a' + number % 26)).repeat(20_000));
    }

    private Map<Outcome, Integer> readWhile(int reads, String expected, Turn turn) throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            try {
                for (int i = 0; !stop.get(); i++) {
                    turn.take(i);
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
        TokenReader reader = TokenFixtures.reader(root);
        try {
            for (int i = 0; i < reads; i++) {
                outcomes.merge(read(reader, expected), 1, Integer::sum);
            }
        } finally {
            stop.set(true);
            writer.get(10, TimeUnit.SECONDS);
        }
        return outcomes;
    }

    private static Outcome read(TokenReader reader, String expected) {
        try {
            TokenFile file = reader.read(KEY);
            if (file == null) {
                return Outcome.ABSENT;
            }
            String value = file.json().getString("token");
            assertThat(value).startsWith("not-a-real-" + expected);
            if (expected.equals("version")) {
                assertThat(value.substring("not-a-real-version-".length())
                                .chars()
                                .distinct())
                        .hasSize(1);
            }
            return Outcome.VALUE;
        } catch (TokenCacheException e) {
            return e.failure() == Failure.INVALID_TOKEN_FILE ? Outcome.INVALID : Outcome.BUSY;
        }
    }

    @Test
    void write_compareAndSetInTwoProcesses_losesNoIncrement() throws Exception {
        TokenWriter writer = TokenFixtures.writer(root);
        TokenReader reader = TokenFixtures.reader(root);
        CasCounter.create(writer, KEY);
        Process one = ChildProcess.start("", CasCounter.class, root.toString(), "50");
        Process two = ChildProcess.start("", CasCounter.class, root.toString(), "50");
        try {
            for (Process process : new Process[] {one, two}) {
                assertThat(process.inputReader().readLine()).isEqualTo("ready");
            }
            for (Process process : new Process[] {one, two}) {
                process.getOutputStream().write('\n');
                process.getOutputStream().flush();
            }
            CasCounter.increment(reader, writer, KEY, 50);
            assertThat(one.waitFor()).isZero();
            assertThat(two.waitFor()).isZero();
        } finally {
            one.destroyForcibly();
            two.destroyForcibly();
        }

        assertThat(CasCounter.value(reader.read(KEY))).isEqualTo(150);
        assertThat(TokenFixtures.temps(root.resolve("demo"))).isZero();
    }

    /** A limit of the shell makes the system refuse the write part of the way, as a full disk does, root or not. */
    @Test
    void write_noRoomForTheFile_isNoSpaceAndKeepsTheOldVersion() throws Exception {
        put(root, "a.json", token("old"));

        assertThat(run("ulimit -f 16; ", "write")).isEqualTo("no_space");

        assertThat(root.resolve("demo/a.json")).hasBinaryContent(token("old"));
        assertThat(TokenFixtures.temps(root.resolve("demo"))).isZero();
    }

    @Test
    void write_underAnOddUmask_createsTheSameModes() throws Exception {
        put(root, "a.json", token("old"));

        assertThat(run("umask 0277; ", "write")).isEqualTo("succeeded");

        assertThat(TokenFixtures.mode(root.resolve("demo/a.json"))).isEqualTo("rw-------");
        assertThat(TokenFixtures.mode(root.resolve("demo/.token-cache.lock"))).isEqualTo("rw-------");
        assertThat(TokenFixtures.mode(root.resolve("warm"))).isEqualTo("rwx------");
    }

    @Test
    void read_noDescriptorsLeft_isUnreadableNotAbsentAndRecovers() throws Exception {
        put(root, "a.json", token("one"));

        assertThat(run("ulimit -n 400; ", "descriptors")).isEqualTo("storage_unreadable storage_unreadable true");
    }

    /** Services are often started without a locale; Java can't spell such names then. */
    @Test
    void list_nameOutsideTheLocale_doesNotConcernTheOthers() throws Exception {
        put(root, "a.json", token("one"));
        TokenFixtures.sh(root, "touch \"$(printf 'demo/\\303\\251.json')\"");

        assertThat(run("export LC_ALL=C; ", "list")).isEqualTo("succeeded");
    }

    private String run(String limit, String what) throws Exception {
        Process process = ChildProcess.start(limit, ChildProcess.class, root.toString(), what);
        try {
            String said = Buffer.buffer(process.getInputStream().readAllBytes())
                    .toString(UTF_8)
                    .strip();
            assertThat(process.waitFor()).isZero();
            return said;
        } finally {
            process.destroyForcibly();
        }
    }

    private enum Outcome {
        VALUE,
        ABSENT,
        INVALID,
        BUSY
    }

    @FunctionalInterface
    private interface Turn {
        void take(int number) throws IOException;
    }
}
