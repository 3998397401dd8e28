package dev.tokencache.file;

import static dev.tokencache.file.TokenFixtures.KEY;
import static dev.tokencache.file.TokenFixtures.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Precondition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is synced before a write is acknowledged, as the virtual machine's own events tell. */
class DurabilityTest {
    private static final String DIRECTORY = ".";

    @TempDir
    Path directory;

    @Test
    void write_newProject_syncsRootTempAndDirectory() throws IOException {
        Path root = root();

        assertThat(synced(() -> write(root))).containsExactly(root.toString(), "temp", DIRECTORY);
    }

    @Test
    void write_projectMadeByAnotherProcessAMomentAgo_syncsTheRootToo() throws IOException {
        Path root = root();
        Files.createDirectory(root.resolve("demo"));

        assertThat(synced(() -> write(root))).containsExactly(root.toString(), "temp", DIRECTORY);
    }

    @Test
    void write_projectWrittenToBefore_leavesTheRootAlone() throws IOException {
        Path root = root();
        write(root);

        assertThat(synced(() -> write(root))).containsExactly("temp", DIRECTORY);
    }

    @Test
    void delete_projectMadeByAnotherProcess_syncsRootAndDirectory() throws IOException {
        Path root = root();
        TokenFixtures.put(root, "a.json", token("old"));

        assertThat(synced(() -> TokenFixtures.writer(root).delete(KEY, Precondition.NONE)))
                .containsExactly(root.toString(), DIRECTORY);
    }

    private Path root() throws IOException {
        return Files.createDirectory(directory.resolve("root"));
    }

    private static void write(Path root) {
        TokenFixtures.writer(root).write(KEY, token("one"), Precondition.NONE);
    }

    /** What was synced meanwhile by this thread, in order. */
    private List<String> synced(Runnable action) throws IOException {
        Path file = directory.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.FileForce").withoutThreshold();
            recording.start();
            action.run();
            recording.stop();
            recording.dump(file);
        }
        long thread = Thread.currentThread().getId();
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals("jdk.FileForce"))
                .filter(event -> event.getThread().getJavaThreadId() == thread)
                .sorted(Comparator.comparing(RecordedEvent::getStartTime))
                .map(DurabilityTest::path)
                .toList();
    }

    private static String path(RecordedEvent event) {
        String path = event.getString("path");
        return OwnFiles.isTemp(path) ? "temp" : path;
    }
}
