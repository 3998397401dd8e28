package dev.tokencache.file;

import static dev.tokencache.file.TokenFixtures.KEY;
import static dev.tokencache.file.TokenFixtures.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import dev.tokencache.Precondition;
import dev.tokencache.TokenCacheException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A project's directory that is exchanged, or removed, while it is listed or written. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExchangedDirectoryIT {
    @TempDir
    Path root;

    @Test
    void list_directoryExchangedAndEmptied_isWholeOrNothing() throws Exception {
        Disk disk = new Disk(root);
        for (int i = 0; i < 20; i++) {
            disk.write("demo/f" + i + ".json", "{}");
        }
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Void> exchanger = CompletableFuture.runAsync(() -> {
            while (!stop.get()) {
                for (int i = 0; i < 20; i++) {
                    disk.write("fresh/f" + i + ".json", "{}");
                }
                disk.move("demo", "old");
                disk.move("fresh", "demo");
                disk.deleteProject("old");
            }
        });
        TokenLister lister = TokenFixtures.lister(root);
        try {
            for (int i = 0; i < 10_000; i++) {
                try {
                    assertThat(lister.list("demo").names().size()).isIn(0, 20);
                } catch (TokenCacheException e) {
                    assertThat(e.failure()).isEqualTo(Failure.STORAGE_BUSY);
                }
            }
        } finally {
            stop.set(true);
            exchanger.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void write_projectRemovedAllTheTime_isNeverAFailedPrecondition() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Void> remover = CompletableFuture.runAsync(() -> {
            while (!stop.get()) {
                try (var entries = Files.newDirectoryStream(root.resolve("demo"))) {
                    for (Path entry : entries) {
                        Files.deleteIfExists(entry);
                    }
                    Files.deleteIfExists(root.resolve("demo"));
                } catch (IOException e) {
                    // absent, or not empty any more
                }
            }
        });
        TokenWriter writer = TokenFixtures.writer(root);
        Map<Failure, Integer> failures = new EnumMap<>(Failure.class);
        try {
            for (int i = 0; i < 300; i++) {
                try {
                    writer.write(KEY, token("one"), Precondition.NONE);
                } catch (TokenCacheException e) {
                    failures.merge(e.failure(), 1, Integer::sum);
                }
            }
        } finally {
            stop.set(true);
            remover.get(10, TimeUnit.SECONDS);
        }

        assertThat(failures).isNotEmpty().doesNotContainKeys(Failure.PRECONDITION_FAILED, Failure.NOT_REPLACEABLE);
    }
}
