package dev.tokencache.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the walk through links says while the directory itself is on the move. */
class LinkWalkTest {
    private static final Path NAME = Path.of("a.json");

    @TempDir
    Path directory;

    private Path root;
    private Disk disk;

    @BeforeEach
    void prepare() throws Exception {
        root = Files.createDirectory(directory.resolve("root"));
        disk = new Disk(root);
        disk.write("demo/real.json", "{}");
        disk.link("demo/a.json", "real.json");
    }

    @Test
    void locate_rootMovedAwayAfterOpening_isNoBrokenLink() throws Exception {
        try (ProjectDirectory project = ProjectDirectory.open(root, "demo")) {
            Path away = Files.move(root, directory.resolve("away"));
            assertThatThrownBy(() -> project.locate(NAME)).isInstanceOf(PathMovedException.class);
            Files.move(away, root);

            try (Located found = project.locate(NAME)) {
                assertThat(found.name()).hasToString("real.json");
            }
        }
    }

    @Test
    void locate_anotherDirectoryAtThePath_takesNoLinkOfIt() throws Exception {
        try (ProjectDirectory project = ProjectDirectory.open(root, "demo")) {
            disk.write("demo/other.json", "{}");
            disk.move("demo", "old");
            disk.directory("demo");
            disk.link("demo/a.json", "other.json");

            assertThatThrownBy(() -> project.locate(NAME)).isInstanceOf(PathMovedException.class);
        }
    }

    @Test
    void locate_linkToNothing_isBroken() throws Exception {
        disk.delete("demo/real.json");
        try (ProjectDirectory project = ProjectDirectory.open(root, "demo")) {
            assertThatThrownBy(() -> project.locate(NAME)).isInstanceOf(LinkBrokenException.class);
        }
    }
}
