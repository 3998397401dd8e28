package dev.tokencache.file;

import static dev.tokencache.file.TokenFixtures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.Failure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProjectLockTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(30);

    @TempDir
    Path root;

    private Path file;

    @BeforeEach
    void createProject() throws IOException {
        file = TokenFixtures.project(root).resolve(".token-cache.lock");
    }

    @Test
    void acquire_heldByAnotherThread_waitsNoLongerThanAllowed() throws Exception {
        try (ProjectDirectory project = ProjectDirectory.open(root, "demo");
                ProjectLock held = ProjectLock.acquire(project, LONG)) {
            assertThat(held).isNotNull();
            CompletableFuture.runAsync(() -> assertFails(Failure.STORAGE_BUSY, () -> acquireAndClose(SHORT)))
                    .get();
        }
        acquireAndClose(SHORT);
        assertThat(ProjectLock.gates()).isZero();
    }

    @Test
    void acquire_fileLockedByAnother_isBusyThenFree() throws IOException {
        acquireAndClose(SHORT);
        try (FileChannel other = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = other.lock()) {
            assertThat(lock.isValid()).isTrue();
            assertFails(Failure.STORAGE_BUSY, () -> acquireAndClose(SHORT));
        }
        acquireAndClose(SHORT);
    }

    @Test
    void acquire_again_usesTheSameFile() throws IOException {
        acquireAndClose(SHORT);
        Object inode = Files.getAttribute(file, "unix:ino");
        acquireAndClose(SHORT);

        assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(inode);
        assertThat(TokenFixtures.mode(file)).isEqualTo("rw-------");
    }

    @Test
    void acquire_nameHeldByFifo_failsInsteadOfHanging() throws Exception {
        TokenFixtures.fifo(file);

        try (ProjectDirectory project = ProjectDirectory.open(root, "demo")) {
            assertThatThrownBy(() -> ProjectLock.acquire(project, SHORT)).isInstanceOf(IOException.class);
        }
        assertThat(ProjectLock.gates()).isZero();
    }

    private void acquireAndClose(Duration timeout) throws IOException {
        try (ProjectDirectory project = ProjectDirectory.open(root, "demo")) {
            ProjectLock.acquire(project, timeout).close();
        }
    }
}
