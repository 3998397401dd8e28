package dev.tokencache.file;

import static dev.tokencache.file.TokenFixtures.bytes;
import static dev.tokencache.file.TokenFixtures.put;
import static dev.tokencache.file.TokenFixtures.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SliceReaderTest {
    private static final long LONG = TimeUnit.HOURS.toNanos(1);
    private static final long OPENED = 7_000;
    private static final TokenKey A = new TokenKey("demo", "a.json");
    private static final TokenKey B = new TokenKey("demo", "b.json");

    @TempDir
    Path root;

    private final AtomicLong clock = new AtomicLong(OPENED);
    private final Map<TokenKey, TokenFile> read = new HashMap<>();

    @BeforeEach
    void writeTokens() throws IOException {
        put(root, "a.json", token("a"));
        put(root, "b.json", token("b"));
    }

    /** Reads A and B; each look at the clock takes it on. */
    private void readBoth(Callable<?> meanwhile) {
        FileSourceOptions options = TokenFixtures.options(root).setNanoTime(() -> clock.getAndAdd(1_000));
        Queue<TokenKey> keys = new ArrayDeque<>(List.of(A, B));
        new SliceReader(options, new TokenReader(options, new StorageErrors(System::nanoTime)))
                .read(
                        "demo",
                        LONG,
                        () -> {
                            if (keys.size() == 1) {
                                call(meanwhile);
                            }
                            return keys.poll();
                        },
                        (key, work) -> read.put(key, call(work)));
    }

    private static <T> T call(Callable<T> work) {
        try {
            return work.call();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void assertRead(String a, String b) {
        assertThat(bytes(read.get(A))).isEqualTo(token(a));
        assertThat(bytes(read.get(B))).isEqualTo(token(b));
    }

    @Test
    void read_nothingHappens_givesTokensAsOldAsTheDirectorysOpening() {
        readBoth(() -> null);

        assertRead("a", "b");
        assertThat(read.get(A).readNanos()).isEqualTo(OPENED);
        assertThat(read.get(B).readNanos()).isEqualTo(OPENED);
    }

    @Test
    void read_directoryExchangedMeanwhile_readsWhatIsInPlace() throws Exception {
        readBoth(() -> {
            Files.move(root.resolve("demo"), root.resolve("old"));
            put(root, "a.json", token("new a"));
            return put(root, "b.json", token("new b"));
        });

        assertRead("a", "new b");
    }

    @Test
    void read_projectBecomesALink_followsItNowhere() throws Exception {
        Path outside = Files.createDirectory(root.resolve("outside"));
        Files.write(outside.resolve("a.json"), token("outside"));
        Files.write(outside.resolve("b.json"), token("outside"));

        readBoth(() -> {
            Files.move(root.resolve("demo"), root.resolve("old"));
            return Files.createSymbolicLink(root.resolve("demo"), outside);
        });

        assertThat(bytes(read.get(A))).isEqualTo(token("a"));
        assertThat(read.get(B)).isNull();
        assertThat(read).containsKey(B);
    }

    @Test
    void read_timeOver_takesNoMore() {
        FileSourceOptions options = TokenFixtures.options(root).setNanoTime(() -> clock.getAndAdd(1_000));
        Queue<TokenKey> keys = new ArrayDeque<>(List.of(A, B));
        List<TokenKey> taken = new ArrayList<>();

        new SliceReader(options, new TokenReader(options, new StorageErrors(System::nanoTime)))
                .read("demo", 1, keys::poll, (key, work) -> taken.add(key));

        assertThat(taken).containsExactly(A);
    }
}
