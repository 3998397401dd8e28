package dev.tokencache.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootScannerTest {
    @TempDir
    Path root;

    @Test
    void projects_mixedEntries_areTheDirectoriesWithProjectNames() throws IOException {
        Disk disk = new Disk(root);
        disk.directory("one");
        disk.directory("two.b");
        disk.directory(".hidden");
        disk.directory("lost+found");
        disk.write("file", "x");
        disk.link("link", "one");

        assertThat(new RootScanner(root).projects()).containsExactlyInAnyOrder("one", "two.b");
    }

    @Test
    void projects_rootAbsentOrNoDirectory_isAnError() {
        Disk disk = new Disk(root);
        disk.write("file", "x");

        assertThatThrownBy(() -> new RootScanner(root.resolve("none")).projects())
                .isInstanceOf(RootUnreadableException.class);
        assertThatThrownBy(() -> new RootScanner(root.resolve("file")).projects())
                .isInstanceOf(RootUnreadableException.class);
    }
}
