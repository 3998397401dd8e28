package dev.tokencache.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.Fingerprint;
import dev.tokencache.content.EtagKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProjectScannerTest {
    private static final EtagKey KEY = EtagKey.of("a fixture, not a key".getBytes(StandardCharsets.UTF_8));
    private static final long HOUR = TimeUnit.HOURS.toMillis(1);

    @TempDir
    Path root;

    private Disk disk;
    private ProjectScanner scanner;
    private ProjectSnapshot picture;
    private Map<String, TempFiles.Seen> temps = Map.of();
    private ProjectScan scan;
    private long nanos = 5_000;
    private long wallAhead;

    @BeforeEach
    void prepare() {
        disk = new Disk(root);
        disk.directory("p");
        scanner = new ProjectScanner(root, KEY, 1000, () -> nanos);
    }

    private ScanTime time() {
        return new ScanTime(nanos, System.currentTimeMillis() + wallAhead);
    }

    /** Scans and takes the result over, as after an acknowledgement; what changed, as {@code name=kind}. */
    private Map<String, String> scan() throws IOException {
        scan = scanner.scan(new ProjectScan.Request("p", picture, Map.of(), SnapshotDiff.Kind.PRESENT, temps, time()));
        picture = scan.snapshot();
        temps = scan.temps();
        Map<String, String> changes = new TreeMap<>();
        scan.changes()
                .forEach(change -> changes.put(change.filename(), change.kind().machineName()));
        return changes;
    }

    private void settle() throws IOException {
        nanos += TokenProbe.RACY_NANOS;
        assertThat(scan()).isEmpty();
        assertThat(picture.racySize()).isZero();
    }

    @Test
    void scan_firstLook_reportsAllAsPresentWithFingerprintAndTag() throws IOException {
        Path file = disk.write("p/a.json", "{}");

        assertThat(scan()).containsExactly(Map.entry("a.json", "present"));

        SnapshotDiff.Change change = scan.changes().get(0);
        assertThat(change.fingerprint()).isEqualTo(Fingerprints.ofRegularFile(file));
        assertThat(change.etag()).isEqualTo(KEY.etag(Files.readAllBytes(file)));
    }

    @Test
    void scan_nothingChanged_reportsNothing() throws IOException {
        disk.write("p/a.json", "{}");
        disk.write("p/b.json", "{}");
        scan();

        assertThat(scan()).isEmpty();
    }

    @Test
    void scan_sameSizeWithRestoredTime_isChanged() throws IOException {
        disk.write("p/a.json", "{\"a\":1}");
        scan();
        settle();

        disk.overwriteKeepingTimes("p/a.json", "{\"a\":2}");

        assertThat(scan()).containsExactly(Map.entry("a.json", "changed"));
    }

    @Test
    void scan_deletedAndCreatedAgain_isChangedWhateverTheInode() throws IOException {
        for (int round = 0; round < 20; round++) {
            disk.write("p/a.json", "{\"a\":1}");
            scan();
            disk.delete("p/a.json");
            disk.write("p/a.json", "{\"a\":2}");
            assertThat(scan()).as("round %d", round).containsExactly(Map.entry("a.json", "changed"));
        }
    }

    @Test
    void scan_threeRenamesOverBetweenScans_isOneChange() throws IOException {
        disk.write("p/a.json", "{\"a\":1}");
        scan();
        settle();

        disk.replace("p/a.json", "{\"a\":2}");
        disk.replace("p/a.json", "{\"a\":3}");
        disk.replace("p/a.json", "{\"a\":1}");

        assertThat(scan()).containsExactly(Map.entry("a.json", "changed"));
    }

    @Test
    void scan_namesSwapped_areBothChanged() throws IOException {
        disk.write("p/a.json", "{\"a\":1}");
        disk.write("p/b.json", "{\"a\":2}");
        scan();
        settle();

        disk.move("p/a.json", "p/c.tmp");
        disk.move("p/b.json", "p/a.json");
        disk.move("p/c.tmp", "p/b.json");

        assertThat(scan()).containsExactly(Map.entry("a.json", "changed"), Map.entry("b.json", "changed"));
    }

    @Test
    void scan_moved_isRemovedAndAdded() throws IOException {
        disk.write("p/m.json", "{}");
        scan();

        disk.move("p/m.json", "p/a.json");

        assertThat(scan()).containsExactly(Map.entry("a.json", "added"), Map.entry("m.json", "removed"));
        assertThat(scan.changes().get(1).fingerprint()).isNull();
    }

    @Test
    void scan_cameAndWent_saysNothing() throws IOException {
        scan();
        disk.write("p/a.json", "{}");
        disk.delete("p/a.json");

        assertThat(scan()).isEmpty();
    }

    @Test
    void scan_replacedByDirectory_isRemoved() throws IOException {
        disk.write("p/a.json", "{}");
        scan();
        disk.delete("p/a.json");
        disk.directory("p/a.json");

        assertThat(scan()).containsExactly(Map.entry("a.json", "removed"));
        assertThat(scan.ignored()).isEqualTo(1);
    }

    @Test
    void scan_timesInFutureAndAtEpoch_ageAndChangeLikeOthers() throws IOException {
        disk.write("p/future.json", "{\"a\":1}");
        disk.write("p/old.json", "{\"a\":1}");
        disk.touch("p/future.json", System.currentTimeMillis() + 1000 * HOUR);
        disk.touch("p/old.json", 0);
        scan();
        assertThat(picture.racySize()).isEqualTo(2);
        settle();

        disk.overwriteKeepingTimes("p/future.json", "{\"a\":2}");
        disk.overwriteKeepingTimes("p/old.json", "{\"a\":2}");

        assertThat(scan()).containsExactly(Map.entry("future.json", "changed"), Map.entry("old.json", "changed"));
    }

    @Test
    void scan_racyFileWithOtherContentUnderTheSameFingerprint_isChanged() throws IOException {
        disk.write("p/a.json", "{\"a\":1}");
        scan();
        // The picture claims the present fingerprint for older content: what a second write within one tick leaves
        // behind.
        String other = KEY.etag("{\"a\":0}".getBytes(StandardCharsets.UTF_8));
        picture = withRacy(other, nanos + TokenProbe.RACY_NANOS);

        assertThat(scan()).containsExactly(Map.entry("a.json", "changed"));
        assertThat(scan.changes().get(0).etag()).isNotEqualTo(other).isNotNull();
        assertThat(scan()).isEmpty();
    }

    @Test
    void scan_firstLookAfterTheRacyTime_hashesOnceMore() throws IOException {
        disk.write("p/a.json", "{\"a\":1}");
        scan();
        picture = withRacy("what the first look hashed", nanos + TokenProbe.RACY_NANOS);
        nanos += 10 * TokenProbe.RACY_NANOS;

        assertThat(scan()).containsExactly(Map.entry("a.json", "changed"));
        assertThat(picture.racySize()).as("new content starts the time again").isEqualTo(1);
    }

    private ProjectSnapshot withRacy(String etag, long settles) {
        FileState state = picture.state("a.json");
        return picture.with(Map.of("a.json", new FileState(state.fingerprint(), new FileState.Racy(etag, settles))));
    }

    @Test
    void scan_firstLookAtOldFiles_trustsThemUnread() throws IOException {
        disk.write("p/a.json", "{}");
        wallAhead = HOUR;

        assertThat(scan()).containsEntry("a.json", "present");

        assertThat(picture.racySize()).isZero();
        assertThat(scan.changes().get(0).etag()).isNull();
    }

    @Test
    void scan_laterNewFileThatLooksOld_isRacyAllTheSame() throws IOException {
        scan();
        disk.write("p/a.json", "{}");
        wallAhead = HOUR;

        scan();

        assertThat(picture.racySize()).isEqualTo(1);
    }

    @Test
    void scan_tooLargeFile_isReportedUnread() throws IOException {
        disk.write("p/a.json", " ".repeat(1001));

        assertThat(scan()).containsEntry("a.json", "present");
        assertThat(scan.changes().get(0).etag()).isNull();
        settle();
    }

    @Test
    void scan_hugeSparseFile_isReportedUnread() throws IOException {
        try (var channel = Files.newByteChannel(
                disk.path("p/a.json"),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                StandardOpenOption.SPARSE)) {
            channel.position(5L << 30);
            channel.write(ByteBuffer.wrap(new byte[] {'x'}));
        }

        assertThat(scan()).containsEntry("a.json", "present");
    }

    @Test
    void scan_fifo_isIgnoredWithoutOpeningIt() throws Exception {
        int made = new ProcessBuilder("mkfifo", disk.path("p/a.json").toString())
                .start()
                .waitFor();
        assertThat(made).isZero();

        assertThat(scan()).isEmpty();
        assertThat(scan.ignored()).isEqualTo(1);
    }

    @Test
    void scan_otherEntries_countAsIgnoredUnlessDirectoriesOrOurs() throws IOException {
        disk.write("p/notes.txt", "x");
        disk.write("p/.hidden.json", "x");
        disk.directory("p/sub");
        disk.directory("p/.sub");
        disk.link("p/to-sub", "sub");
        disk.link("p/dangling", "nowhere");
        disk.link("p/dangling.json", "nowhere");
        disk.write("p/.token-cache-1", "x");
        disk.write("p/.token-cache.lock", "");

        assertThat(scan()).isEmpty();
        assertThat(scan.ignored()).isEqualTo(4);
    }

    @Test
    void scan_swappedDataLink_changesAllBehindIt() throws IOException {
        disk.write("p/..one/a.json", "{\"a\":1}");
        disk.write("p/..one/b.json", "{\"a\":1}");
        disk.write("p/..two/a.json", "{\"a\":2}");
        disk.write("p/..two/c.json", "{\"a\":2}");
        disk.link("p/..data", "..one");
        disk.link("p/a.json", "..data/a.json");
        disk.link("p/b.json", "..data/b.json");
        assertThat(scan()).containsOnlyKeys("a.json", "b.json");
        assertThat(scan.linked()).isTrue();
        assertThat(scan.ignored()).isZero();
        settle();

        disk.link("p/..tmp", "..two");
        disk.move("p/..tmp", "p/..data");

        assertThat(scan()).containsExactly(Map.entry("a.json", "changed"), Map.entry("b.json", "removed"));
    }

    @Test
    void scan_linkOutOfTheProject_isRefused(@TempDir Path outside) throws IOException {
        Path secret = Files.writeString(outside.resolve("x.json"), "{}");
        disk.write("q/x.json", "{}");
        disk.link("p/absolute.json", secret.toString());
        disk.link("p/up.json", "../q/x.json");
        disk.link("p/loop.json", "loop.json");

        assertThat(scan()).isEmpty();
        assertThat(scan.ignored()).isEqualTo(3);
    }

    @Test
    void scan_projectDeletedAndCreatedAgain_converges() throws IOException {
        disk.write("p/a.json", "{}");
        disk.write("p/b.json", "{}");
        scan();
        ProjectSnapshot before = picture;

        disk.deleteProject("p");
        assertThat(scan()).containsExactly(Map.entry("a.json", "removed"), Map.entry("b.json", "removed"));
        assertThat(scan.isGone()).isTrue();

        disk.write("p/b.json", "{\"a\":1}");
        picture = before;
        assertThat(scan()).containsExactly(Map.entry("a.json", "removed"), Map.entry("b.json", "changed"));
    }

    @Test
    void scan_projectReplacedByFileOrLink_isGone() throws IOException {
        disk.write("p/a.json", "{}");
        scan();
        ProjectSnapshot before = picture;
        disk.move("p", "q");
        disk.write("p", "a file");
        assertThat(scan()).containsExactly(Map.entry("a.json", "removed"));

        disk.delete("p");
        disk.link("p", "q");
        picture = before;
        assertThat(scan()).containsExactly(Map.entry("a.json", "removed"));
        assertThat(scan.isGone()).isTrue();
    }

    @Test
    void scan_rootAbsent_isAnErrorAndNotAnAbsentProject() throws IOException {
        Path away = root.resolveSibling(root.getFileName() + "-away");
        disk.write("p/a.json", "{}");
        scan();
        Files.move(root, away);
        try {
            assertThatThrownBy(this::scan).isInstanceOf(RootUnreadableException.class);
            assertThat(picture.size()).isEqualTo(1);
        } finally {
            Files.move(away, root);
        }
        assertThat(scan()).isEmpty();
    }

    @Test
    void scan_rootMovedAwayInTheMiddle_neverLooksLikeRemovals() throws Exception {
        for (int i = 0; i < 300; i++) {
            disk.write("p/f" + i + ".json", "{}");
        }
        scanWhileRootMoves();
    }

    @Test
    void scan_rootMovedAwayUnderLinks_neverLooksLikeRemovals() throws Exception {
        disk.write("p/..data/a.json", "{}");
        for (int i = 0; i < 100; i++) {
            disk.link("p/f" + i + ".json", "..data/a.json");
        }
        scanWhileRootMoves();
    }

    private void scanWhileRootMoves() throws Exception {
        wallAhead = HOUR;
        scan();
        ProjectSnapshot all = picture;
        Path away = root.resolveSibling(root.getFileName() + "-away");
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Void> mover = CompletableFuture.runAsync(() -> {
            while (!stop.get()) {
                move(root, away);
                move(away, root);
            }
        });
        int errors = 0;
        try {
            for (int i = 0; i < 2_000; i++) {
                try {
                    ProjectScan result = scanner.scan(
                            new ProjectScan.Request("p", all, Map.of(), SnapshotDiff.Kind.PRESENT, Map.of(), time()));
                    assertThat(result.changes()).isEmpty();
                } catch (RootUnreadableException e) {
                    errors++;
                } catch (IOException e) {
                    assertThat(e).hasMessageContaining("replaced all the time");
                }
            }
        } finally {
            stop.set(true);
            mover.get();
        }
        assertThat(errors).as("the root was away now and then").isPositive();
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void scan_orphanTempFiles_areRemovedOthersStay() throws IOException {
        disk.write("p/.token-cache-old", "x");
        disk.write("p/.token-cache-young", "x");
        disk.write("p/.token-cache-future", "x");
        disk.write("p/.token-cache.lock", "");
        disk.write("p/other.tmp", "x");
        long now = System.currentTimeMillis();
        disk.touch("p/.token-cache-old", now - TempFiles.ORPHAN_MILLIS - 1000);
        disk.touch("p/.token-cache-future", now + HOUR);
        disk.touch("p/.token-cache.lock", now - HOUR);
        disk.touch("p/other.tmp", now - HOUR);

        scan();
        assertThat(entries())
                .containsExactlyInAnyOrder(
                        ".token-cache-young", ".token-cache-future", ".token-cache.lock", "other.tmp");

        nanos += TimeUnit.MINUTES.toNanos(9);
        disk.write("p/.token-cache-young", "y");
        scan();
        nanos += TimeUnit.MINUTES.toNanos(1);
        scan();
        assertThat(entries())
                .as("what was watched unchanged for ten minutes is an orphan whatever its times say")
                .containsExactlyInAnyOrder(".token-cache-young", ".token-cache.lock", "other.tmp");
    }

    private List<String> entries() throws IOException {
        try (var entries = Files.list(disk.path("p"))) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }

    @Test
    void scan_namesThatAreNoText_areCountedLikeOthers() throws Exception {
        TokenFixtures.sh(root, "touch \"$(printf 'p/\\377.txt')\"; ln -s sub \"$(printf 'p/\\377.dir')\"; mkdir p/sub");

        assertThat(scan()).isEmpty();
        assertThat(scan.ignored()).isEqualTo(1);
    }

    @Test
    void look_namesOnly_tellsWhatStandsThereNow() throws IOException {
        disk.write("p/a.json", "{}");
        disk.link("p/l.json", "a.json");
        disk.directory("p/d.json");
        Map<String, FileState> asked = new TreeMap<>();
        List.of("a.json", "l.json", "d.json", "none.json").forEach(name -> asked.put(name, null));

        Map<String, TokenProbe.Sight> sights = scanner.look("p", asked);

        assertThat(sights).hasSize(4);
        assertThat(sights.get("a.json").state().fingerprint())
                .isEqualTo(Fingerprints.ofRegularFile(disk.path("p/a.json")));
        assertThat(sights.get("l.json").linked()).isTrue();
        assertThat(sights.get("l.json").state().etag())
                .isEqualTo(sights.get("a.json").state().etag());
        assertThat(sights.get("d.json").ignored()).isTrue();
        assertThat(sights.get("none.json")).isEqualTo(TokenProbe.Sight.ABSENT);
    }

    @Test
    void scan_afterHints_goesByTheNewerPicture() throws IOException {
        disk.write("p/a.json", "{}");
        disk.write("p/b.json", "{}");
        scan();
        ProjectSnapshot base = picture;
        disk.delete("p/a.json");
        disk.write("p/c.json", "{}");
        Map<String, FileState> later = new TreeMap<>();
        later.put("a.json", null);
        Fingerprint c = Fingerprints.ofRegularFile(disk.path("p/c.json"));
        later.put("c.json", new FileState(c, null));

        ProjectScan result =
                scanner.scan(new ProjectScan.Request("p", base, later, SnapshotDiff.Kind.PRESENT, Map.of(), time()));

        assertThat(result.changes()).isEmpty();
        assertThat(result.snapshot().size()).isEqualTo(2);
    }

    @Test
    void scan_moreFilesChangedInPlaceThanAreNotedOneByOne_reportsEach() throws IOException {
        int files = 10_100;
        for (int i = 0; i < files; i++) {
            disk.write("p/f" + i + ".json", "{}");
        }
        scan();
        assertThat(picture.isListed()).isTrue();
        for (int i = 0; i < files; i++) {
            disk.write("p/f" + i + ".json", "{\"n\":1}");
        }

        assertThat(scan()).hasSize(files).containsValue("changed").doesNotContainValue("added");
        assertThat(picture.size()).isEqualTo(files);
        assertThat(scan()).isEmpty();
    }

    /** In the directory's order of the last time, and sorted: whatever happens in between, both see the same. */
    @Test
    void scan_directoryListsInTheOrderOfTheLastTime_seesWhatAScanInByteOrderSees() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int inOrder = 0;
        for (int step = 0; step < 400; step++) {
            boolean links = step < 150; // one that leads nowhere is listed and no file: there is no order to remember
            if (!links) {
                removeLinks();
            }
            for (int edits = random.nextInt(3); edits > 0; edits--) {
                edit(random, links ? 8 : 7);
            }
            nanos += random.nextInt(3) * TokenProbe.RACY_NANOS;
            ProjectSnapshot before = picture;
            ProjectScan sorted = scanner.scan(new ProjectScan.Request(
                    "p", sortedAnew(before), Map.of(), SnapshotDiff.Kind.PRESENT, temps, time()));
            inOrder += before != null && before.isListed() ? 1 : 0;
            scan();
            assertThat(files(picture)).as("seed %d, step %d", seed, step).isEqualTo(files(sorted.snapshot()));
            assertThat(scan.changes()).as("seed %d, step %d", seed, step).isEqualTo(sorted.changes());
            assertThat(scan.ignored()).as("seed %d, step %d", seed, step).isEqualTo(sorted.ignored());
            assertThat(scan.linked()).as("seed %d, step %d", seed, step).isEqualTo(sorted.linked());
        }
        assertThat(inOrder).as("seed %d", seed).isGreaterThan(100);
    }

    /** The same picture without the directory's order. */
    private static ProjectSnapshot sortedAnew(ProjectSnapshot picture) {
        if (picture == null || picture.size() == 0) {
            return picture;
        }
        String first = picture.name(0);
        ProjectSnapshot anew =
                picture.with(Collections.singletonMap(first, null)).with(Map.of(first, picture.state(0)));
        assertThat(anew.isListed()).isFalse();
        return anew;
    }

    private static Map<String, FileState> files(ProjectSnapshot snapshot) {
        Map<String, FileState> files = new TreeMap<>();
        for (int i = 0; i < snapshot.size(); i++) {
            files.put(snapshot.name(i), snapshot.state(i));
        }
        return files;
    }

    private void removeLinks() throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root.resolve("p"), Files::isSymbolicLink)) {
            for (Path link : entries) {
                Files.delete(link);
            }
        }
    }

    private void edit(Random random, int kinds) throws IOException {
        Path project = root.resolve("p");
        Path file = project.resolve("f" + random.nextInt(40) + ".json");
        switch (random.nextInt(kinds)) {
            case 0, 1, 2 -> {
                if (Files.isSymbolicLink(file)) {
                    Files.delete(file);
                }
                disk.write(root.relativize(file).toString(), "{\"n\":" + random.nextInt() + "}");
            }
            case 3 -> Files.deleteIfExists(file);
            case 4 -> {
                if (Files.exists(file)) {
                    Path other = project.resolve("f" + random.nextInt(40) + ".json");
                    Files.move(file, other, StandardCopyOption.REPLACE_EXISTING);
                }
            }
            case 5 -> Files.writeString(project.resolve("note" + random.nextInt(3)), "no token");
            case 6 -> Files.deleteIfExists(project.resolve("note" + random.nextInt(3)));
            default -> {
                if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createSymbolicLink(file, Path.of("f" + random.nextInt(40) + ".json"));
                }
            }
        }
    }
}
