package dev.tokencache.file;

import static dev.tokencache.file.TokenFixtures.put;
import static dev.tokencache.file.TokenFixtures.token;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What happens between the steps of one reading, step by step. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FileVersionTest {
    @TempDir
    Path root;

    private static final Callable<Object> NOTHING = () -> null;

    @Test
    void read_nothingHappens_isTheVersion() throws Exception {
        put(root, "a.json", token("old"));

        FileVersion version = read(NOTHING, NOTHING);

        assertThat(version.bytes()).isEqualTo(token("old"));
        assertThat(version.fingerprint()).isEqualTo(Fingerprints.ofRegularFile(root.resolve("demo/a.json")));
    }

    @Test
    void read_renamedOverBeforeOpening_isNone() throws Exception {
        put(root, "a.json", token("old"));

        assertThat(read(this::renameOver, NOTHING)).isNull();
    }

    @Test
    void read_renamedOverAfterOpening_isNone() throws Exception {
        put(root, "a.json", token("old"));

        assertThat(read(NOTHING, this::renameOver)).isNull();
    }

    @Test
    void read_removedAfterOpening_isNone() throws Exception {
        Path path = put(root, "a.json", token("old"));

        assertThat(read(NOTHING, () -> {
                    Files.delete(path);
                    return null;
                }))
                .isNull();
    }

    @Test
    void read_truncatedAfterOpening_isNone() throws Exception {
        put(root, "a.json", token("old"));

        assertThat(read(NOTHING, () -> put(root, "a.json", new byte[0]))).isNull();
    }

    @Test
    void read_exchangedForAFifoAfterTheWalk_isNoneAndNotOpened() throws Exception {
        put(root, "a.json", token("old"));
        try (ProjectDirectory project = ProjectDirectory.open(root, "demo")) {
            Located file = project.entry("a.json");
            Files.delete(root.resolve("demo/a.json"));
            TokenFixtures.fifo(root.resolve("demo/a.json"));

            assertThat(FileVersion.read(file, 1_000)).isNull();
        }
    }

    /** Two versions within one tick of the kernel's clock have equal fingerprints; only the bytes tell. */
    @Test
    void read_twoReadingsDiffer_isNone() throws Exception {
        put(root, "a.json", token("old"));
        boolean[] first = {true};

        assertThat(read(NOTHING, () -> {
                    boolean flip = first[0];
                    first[0] = false;
                    return flip ? "flip" : null;
                }))
                .isNull();
    }

    private Object renameOver() throws IOException {
        Path temp = put(root, "temp", token("new"));
        return Files.move(temp, root.resolve("demo/a.json"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** @param beforeRead run before each call of read; the result "flip" spoils a byte of what that call gives */
    private FileVersion read(Callable<?> beforeOpen, Callable<?> beforeRead) throws Exception {
        try (ProjectDirectory project = ProjectDirectory.open(root, "demo")) {
            Located file = project.entry("a.json");
            SecureDirectoryStream<Path> stream = meddle(file.directory(), beforeOpen, beforeRead);
            return FileVersion.read(
                    new Located(stream, file.directoryPath(), file.name(), file.attributes(), false, false), 1_000);
        }
    }

    @SuppressWarnings("unchecked")
    private static SecureDirectoryStream<Path> meddle(
            SecureDirectoryStream<Path> real, Callable<?> beforeOpen, Callable<?> beforeRead) {
        return proxy(SecureDirectoryStream.class, (method, args) -> {
            if (!method.getName().equals("newByteChannel")) {
                return method.invoke(real, args);
            }
            beforeOpen.call();
            SeekableByteChannel channel = (SeekableByteChannel) method.invoke(real, args);
            return proxy(SeekableByteChannel.class, (call, values) -> {
                Object spoil = call.getName().equals("read") ? beforeRead.call() : null;
                Object result = call.invoke(channel, values);
                if ("flip".equals(spoil)) {
                    ((ByteBuffer) values[0]).put(0, (byte) ' ');
                }
                return result;
            });
        });
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader() == null ? FileVersionTest.class.getClassLoader() : type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, args) -> {
                    try {
                        return call.on(method, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    @FunctionalInterface
    private interface Call {
        Object on(Method method, Object[] args) throws Exception;
    }
}
