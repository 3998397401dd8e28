package dev.tokencache.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigningKeyFileTest {
    @TempDir
    Path dir;

    @Test
    void generate_newFile_readsBackAndIsTheOwnersAlone() throws IOException {
        Path file = dir.resolve("signing.key");

        byte[] key = SigningKeyFile.generate(file);

        assertThat(key).hasSize(32);
        assertThat(SigningKeyFile.read(file)).isEqualTo(key);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Base64.getUrlDecoder().decode(Files.readString(file).strip()))
                .isEqualTo(key);
        try (var entries = Files.list(dir)) {
            assertThat(entries).containsExactly(file);
        }
    }

    @Test
    void generate_twice_keysDiffer() throws IOException {
        assertThat(SigningKeyFile.generate(dir.resolve("a"))).isNotEqualTo(SigningKeyFile.generate(dir.resolve("b")));
    }

    @Test
    void generate_existingFile_staysAsItIs() throws IOException {
        Path file = Files.writeString(dir.resolve("signing.key"), "mine");

        assertThatThrownBy(() -> SigningKeyFile.generate(file)).isInstanceOf(FileAlreadyExistsException.class);

        assertThat(file).hasContent("mine");
    }

    @Test
    void generate_danglingLink_isNotFollowed() throws IOException {
        Path file = Files.createSymbolicLink(dir.resolve("signing.key"), dir.resolve("elsewhere"));

        assertThatThrownBy(() -> SigningKeyFile.generate(file)).isInstanceOf(FileAlreadyExistsException.class);

        assertThat(dir.resolve("elsewhere")).doesNotExist();
    }

    @Test
    void generate_missingDirectory_failsWithoutNamingIt() {
        Path file = dir.resolve("no-such-directory/signing.key");

        assertThatThrownBy(() -> SigningKeyFile.generate(file))
                .isInstanceOf(IOException.class)
                .hasMessageNotContaining("no-such-directory");
    }

    @Test
    void generate_harshUmask_ownerCanStillRead() throws Exception {
        Path file = dir.resolve("signing.key");
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "umask 0777; exec \"$0\" -cp \"$1\" \"$2\" \"$3\"",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        System.getProperty("java.class.path"),
                        Generate.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .start();

        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(SigningKeyFile.read(file)).hasSize(32);
    }

    /** What the other process runs. */
    static final class Generate {
        public static void main(String[] args) throws IOException {
            SigningKeyFile.generate(Path.of(args[0]));
        }
    }

    @Test
    void read_whiteSpaceAndPadding_areStripped() throws IOException {
        byte[] key = TestKeys.secret(7);
        String text = Base64.getUrlEncoder().encodeToString(key);
        Path file =
                Files.writeString(dir.resolve("k"), " " + text.substring(0, 20) + "\r\n\t" + text.substring(20) + "\n");

        assertThat(SigningKeyFile.read(file)).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "not base64url at all, since it has commas",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "c2hvcnQ",
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
                "a-valid-string-secret-that-is-at-least-384-bits-long",
                "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
                "eW91ci0yNTYtYml0LXNlY3JldC1wYWRkZWQtdG8tMzItYnl0ZXMh",
                "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY",
            })
    void read_malformedShortOrSample_isRefusedWithoutContent(String text) throws IOException {
        Path file = Files.writeString(dir.resolve("secret-name"), text);

        assertThatThrownBy(() -> SigningKeyFile.read(file))
                .isInstanceOf(KeyException.class)
                .hasMessageStartingWith("signing key: ")
                .hasMessageNotContaining("secret-name")
                .satisfies(e -> assertThat(text.isBlank() || !e.getMessage().contains(text))
                        .isTrue());
    }

    @Test
    void read_spareBitsOrPlusSigns_isRefused() throws IOException {
        String text = Base64Url.encode(TestKeys.secret(3));
        char last = text.charAt(text.length() - 1);
        // 32 bytes leave two spare bits in the last character; setting one gives the next letter.
        Path spare = Files.writeString(dir.resolve("spare"), text.substring(0, text.length() - 1) + (char) (last + 1));
        Path standard = Files.writeString(dir.resolve("standard"), "+" + text.substring(1));

        assertThatThrownBy(() -> SigningKeyFile.read(spare)).isInstanceOf(KeyException.class);
        assertThatThrownBy(() -> SigningKeyFile.read(standard)).isInstanceOf(KeyException.class);
    }

    @Test
    void read_missingDirectoryOrHuge_isRefused() throws IOException {
        Path huge = Files.writeString(dir.resolve("huge"), "A".repeat(100_000));

        assertThatThrownBy(() -> SigningKeyFile.read(dir.resolve("none"))).hasMessageContaining("missing");
        assertThatThrownBy(() -> SigningKeyFile.read(dir)).hasMessageContaining("not a regular file");
        assertThatThrownBy(() -> SigningKeyFile.read(huge)).hasMessageContaining("larger");
    }
}
