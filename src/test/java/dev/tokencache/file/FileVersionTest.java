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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens between the steps of one reading, step by step. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FileVersionTest {
    @TempDir
    Path root;

    enum How {
        LOCATED,
        PLAIN
    }

    private static final Callable<Object> NOTHING = () -> null;

    @ParameterizedTest
    @EnumSource
    void read_nothingHappens_isTheVersion(How how) throws Exception {
        put(root, "a.json", token("old"));

        FileVersion version = read(how, NOTHING, NOTHING);

        assertThat(version.bytes()).isEqualTo(token("old"));
        assertThat(version.fingerprint()).isEqualTo(Fingerprints.ofRegularFile(root.resolve("demo/a.json")));
    }

    @ParameterizedTest
    @EnumSource
    void read_renamedOverBeforeOpening_isNone(How how) throws Exception {
        put(root, "a.json", token("old"));

        assertThat(read(how, this::renameOver, NOTHING)).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void read_renamedOverAfterOpening_isNone(How how) throws Exception {
        put(root, "a.json", token("old"));

        assertThat(read(how, NOTHING, this::renameOver)).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void read_removedAfterOpening_isNone(How how) throws Exception {
        Path path = put(root, "a.json", token("old"));

        assertThat(read(how, NOTHING, () -> {
                    Files.deleteIfExists(path);
                    return null;
                }))
                .isNull();
    }

    @ParameterizedTest
    @EnumSource
    void read_truncatedAfterOpening_isNone(How how) throws Exception {
        put(root, "a.json", token("old"));

        assertThat(read(how, NOTHING, () -> put(root, "a.json", new byte[0]))).isNull();
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

    /** Neither bytes of one directory with the fingerprint of the other, nor the other's. */
    @Test
    void readPlain_pathLeadsToAnotherDirectory_isNone() throws Exception {
        put(root, "a.json", token("old"));
        try (ProjectDirectory project = ProjectDirectory.open(root, "demo")) {
            Files.move(root.resolve("demo"), root.resolve("elsewhere"));
            Path path = put(root, "a.json", token("new"));

            assertThat(FileVersion.readPlain(project.stream(), path, 1_000)).isNull();
        }
    }

    /** Two versions within one tick of the kernel's clock have equal fingerprints; only the bytes tell. */
    @ParameterizedTest
    @EnumSource
    void read_twoReadingsDiffer_isNone(How how) throws Exception {
        put(root, "a.json", token("old"));
        boolean[] first = {true};

        assertThat(read(how, NOTHING, () -> {
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
    private FileVersion read(How how, Callable<?> beforeOpen, Callable<?> beforeRead) throws Exception {
        try (ProjectDirectory project = ProjectDirectory.open(root, "demo")) {
            Located file = project.entry("a.json");
            SecureDirectoryStream<Path> stream = meddle(file.directory(), beforeOpen, beforeRead);
            return how == How.PLAIN
                    ? FileVersion.readPlain(stream, file.path(), 1_000)
                    : FileVersion.read(
                            new Located(stream, file.directoryPath(), file.name(), file.attributes(), false, false),
                            1_000);
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
