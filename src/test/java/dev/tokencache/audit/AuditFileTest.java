package dev.tokencache.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditFileTest {
    @TempDir
    Path dir;

    private Path log;

    @BeforeEach
    void name() {
        log = dir.resolve("audit.log");
    }

    private static byte[] line(String text) {
        return (text + "\n").getBytes(UTF_8);
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void append_lines_areAddedForTheOwnerAlone() throws IOException {
        try (AuditFile file = new AuditFile(log, 1_000, 2)) {
            file.append(line("a"), false);
            file.append(line("b"), true);
        }
        try (AuditFile file = new AuditFile(log, 1_000, 2)) {
            file.append(line("c"), false);
        }

        assertThat(log).hasContent("a\nb\nc\n");
        assertThat(mode(log)).isEqualTo("rw-------");
    }

    @Test
    void open_fileThatOthersMayRead_isTakenFromThem() throws IOException {
        Files.writeString(log, "a\n");
        Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-rw-rw-"));

        new AuditFile(log, 1_000, 2).close();

        assertThat(mode(log)).isEqualTo("rw-------");
    }

    @Test
    void open_halfALine_isEndedFirst() throws IOException {
        Files.writeString(log, "a\n{\"torn");

        try (AuditFile file = new AuditFile(log, 1_000, 2)) {
            file.append(line("b"), false);
        }

        assertThat(log).hasContent("a\n{\"torn\nb\n");
    }

    @Test
    void append_fullFile_isSetAsideAndOldOnesAreDropped() throws IOException {
        try (AuditFile file = new AuditFile(log, 10, 2)) {
            for (char c = 'a'; c <= 'h'; c++) {
                file.append(line(String.valueOf(c).repeat(4)), false);
            }
        }

        assertThat(log).hasContent("gggg\nhhhh\n");
        assertThat(dir.resolve("audit.log.1")).hasContent("eeee\nffff\n");
        assertThat(dir.resolve("audit.log.2")).hasContent("cccc\ndddd\n");
        assertThat(dir).isDirectoryNotContaining("glob:**.3");
        assertThat(mode(dir.resolve("audit.log.1"))).isEqualTo("rw-------");
        assertThat(mode(log)).isEqualTo("rw-------");
    }

    @Test
    void append_noOldFilesWanted_beginsAnew() throws IOException {
        try (AuditFile file = new AuditFile(log, 6, 0)) {
            file.append(line("aaaa"), false);
            file.append(line("bbbb"), false);
        }

        assertThat(log).hasContent("bbbb\n");
        assertThat(dir).isDirectoryContaining("glob:**/audit.log").isDirectoryNotContaining("glob:**.1");
    }

    @Test
    void append_movedOrDeletedFile_isMadeAnew() throws IOException {
        try (AuditFile file = new AuditFile(log, 1_000, 2)) {
            file.append(line("a"), false);
            Files.move(log, dir.resolve("elsewhere"));
            file.append(line("b"), false);
            Files.delete(log);
            file.append(line("c"), false);
        }

        assertThat(dir.resolve("elsewhere")).hasContent("a\n");
        assertThat(log).hasContent("c\n");
        assertThat(mode(log)).isEqualTo("rw-------");
    }

    @Test
    void append_whileSomethingElseHasItsName_failsAndGoesOnAfterwards() throws IOException {
        try (AuditFile file = new AuditFile(log, 1_000, 2)) {
            file.append(line("a"), false);
            Files.delete(log);
            Files.createDirectory(log);
            assertThatThrownBy(() -> file.append(line("b"), false)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> file.append(line("c"), false)).isInstanceOf(IOException.class);
            Files.delete(log);

            file.append(line("d"), false);
        }

        assertThat(log).hasContent("d\n");
    }

    @Test
    void open_linkOrDirectory_isRefused() throws IOException {
        Path target = Files.writeString(dir.resolve("target"), "");
        Files.createSymbolicLink(log, target);
        assertThatThrownBy(() -> new AuditFile(log, 1_000, 2)).isInstanceOf(IOException.class);
        Files.delete(log);
        Files.createDirectory(log);
        assertThatThrownBy(() -> new AuditFile(log, 1_000, 2)).isInstanceOf(IOException.class);

        assertThat(target).isEmptyFile();
    }
}
