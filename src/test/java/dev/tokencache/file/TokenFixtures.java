package dev.tokencache.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tokencache.Failure;
import dev.tokencache.TokenCacheException;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import dev.tokencache.content.EtagKey;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What the tests of this package share. Every token in them is visibly made up. */
final class TokenFixtures {
    static final EtagKey ETAG_KEY = EtagKey.of("an etag key for tests only".getBytes(UTF_8));
    static final TokenKey KEY = new TokenKey("demo", "a.json");

    private TokenFixtures() {}

    static FileSourceOptions options(Path root) {
        return new FileSourceOptions().setRoot(root).setEtagKey(ETAG_KEY);
    }

    static TokenReader reader(Path root) {
        return new TokenReader(options(root), new StorageErrors(System::nanoTime));
    }

    static TokenLister lister(Path root) {
        return new TokenLister(options(root), new StorageErrors(System::nanoTime));
    }

    static TokenWriter writer(Path root) {
        return new TokenWriter(options(root), new StorageErrors(System::nanoTime));
    }

    static byte[] token(String value) {
        return ("{\"token\":\"not-a-real-" + value + "\"}").getBytes(UTF_8);
    }

    static byte[] bytes(TokenFile file) {
        return file.appendTo(Buffer.buffer()).getBytes();
    }

    static Path project(Path root) throws IOException {
        return Files.createDirectories(root.resolve("demo"));
    }

    static Path put(Path root, String filename, byte[] bytes) throws IOException {
        return Files.write(project(root).resolve(filename), bytes);
    }

    /** Runs a shell command in a directory. */
    static void sh(Path directory, String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", command)
                .directory(directory.toFile())
                .start();
        assertThat(process.waitFor()).isZero();
    }

    static void fifo(Path path) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor())
                .isZero();
    }

    static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    }

    static void assertFails(Failure failure, ThrowingCallable call) {
        TokenCacheException thrown = catchThrowableOfType(TokenCacheException.class, call);
        assertThat(thrown).isNotNull();
        assertThat(thrown.failure()).isEqualTo(failure);
    }

    /** The names in a project's directory that a writer may leave behind only when it dies. */
    static long temps(Path project) throws IOException {
        try (var names = Files.list(project)) {
            return names.filter(name -> OwnFiles.isTemp(name.getFileName().toString()))
                    .count();
        }
    }
}
