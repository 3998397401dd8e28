package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.content.EtagKey;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-31T12:00:00Z"), ZoneOffset.UTC);

    @TempDir
    Path directory;

    private ServerConfig config(String... sets) throws ConfigException {
        Map<String, String> environment = Map.of(
                "TOKEN_CACHE_ROOT", directory.resolve("root").toString(),
                "TOKEN_CACHE_STATE_DIR", directory.resolve("state").toString());
        return ConfigLoader.load(null, environment, List.of(sets));
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void open_absent_makesItForTheOwnerAlone() throws Exception {
        try (StateDir state = StateDir.open(config())) {
            assertThat(mode(state.path())).isEqualTo("rwx------");
            assertThat(mode(state.resolve("lock"))).isEqualTo("rw-------");
        }
    }

    @Test
    void open_whileHeld_isRefusedAndTheLockStays() throws Exception {
        try (StateDir state = StateDir.open(config())) {
            assertThatThrownBy(() -> StateDir.open(config()))
                    .isInstanceOf(StartException.class)
                    .hasMessage("stateDir: in use by another server");

            try (FileChannel other = FileChannel.open(state.resolve("lock"), StandardOpenOption.WRITE)) {
                assertThatThrownBy(other::tryLock).isInstanceOf(OverlappingFileLockException.class);
            }
        }
    }

    @Test
    void open_afterClose_works() throws Exception {
        StateDir.open(config()).close();

        StateDir.open(config()).close();
    }

    @Test
    void open_reachedThroughALink_isTheSameDirectory() throws Exception {
        try (StateDir state = StateDir.open(config())) {
            Path link = Files.createSymbolicLink(directory.resolve("link"), state.path());

            assertThatThrownBy(() -> StateDir.open(config("stateDir=" + link)))
                    .hasMessage("stateDir: in use by another server");
        }
    }

    @Test
    void open_insideRootWhereverLinksLead_isRefused() throws Exception {
        Path root = Files.createDirectory(directory.resolve("root"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), root);

        assertThatThrownBy(() -> StateDir.open(config("stateDir=" + link.resolve("state"))))
                .isInstanceOf(StartException.class)
                .hasMessage("stateDir: must not lie inside root");
        assertThatThrownBy(() -> StateDir.open(config("stateDir=" + link)))
                .hasMessage("stateDir: must not be root itself");
        assertThatThrownBy(() -> StateDir.open(config("root=" + directory.resolve("state/deep/root"))))
                .hasMessage("root: must not lie inside stateDir");
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void open_withoutItsParent_isRefused() {
        assertThatThrownBy(() -> StateDir.open(config("stateDir=" + directory.resolve("a/b"))))
                .hasMessage("stateDir: neither the directory nor its parent exists");
    }

    @Test
    void open_whereAFileIs_isRefused() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));

        assertThatThrownBy(() -> StateDir.open(config("stateDir=" + file)))
                .hasMessage("stateDir: something that is no directory has its name");
    }

    @Test
    void etagKey_madeOnce_staysTheSame() throws Exception {
        byte[] bytes = {1, 2, 3};
        String tag;
        try (StateDir state = StateDir.open(config())) {
            tag = state.etagKey(Optional.empty()).etag(bytes);
            assertThat(mode(state.resolve("etag.key"))).isEqualTo("rw-------");
        }
        try (StateDir state = StateDir.open(config())) {
            EtagKey key = state.etagKey(Optional.empty());
            assertThat(key.etag(bytes)).isEqualTo(tag);
            Path copy = Files.copy(state.resolve("etag.key"), directory.resolve("copy.key"));
            assertThat(state.etagKey(Optional.of(copy)).etag(bytes)).isEqualTo(tag);
        }
    }

    @Test
    void etagKey_configuredAndUnusable_isRefused() throws Exception {
        Path file = Files.writeString(directory.resolve("short.key"), "abcd");
        try (StateDir state = StateDir.open(config())) {
            assertThatThrownBy(() -> state.etagKey(Optional.of(file)))
                    .hasMessage("cache.etagKeyFile: must be base64url of at least 16 bytes");
            assertThatThrownBy(() -> state.etagKey(Optional.of(directory.resolve("absent"))))
                    .hasMessage("cache.etagKeyFile: the key can't be read");
        }
    }

    @Test
    void prepare_nothingConfigured_makesKeyAndAdminToken() throws Exception {
        ServerSetup setup = ServerSetup.prepare(Unwatched.of(config()), CLOCK);
        try (StateDir state = setup.state()) {
            assertThat(mode(setup.root())).isEqualTo("rwx------");
            assertThat(mode(state.resolve("signing.key"))).isEqualTo("rw-------");
            assertThat(mode(state.resolve("admin.jwt"))).isEqualTo("rw-------");
            FirstStart first = setup.firstStart().orElseThrow();
            assertThat(first.renewalInterval()).isEqualTo(Duration.ofHours(12));
            String key = Files.readString(state.resolve("signing.key"));
            String token = Files.readString(state.resolve("admin.jwt"));

            first.renewAdminToken();

            assertThat(state.resolve("admin.jwt")).content().isNotEqualTo(token);
            assertThat(mode(state.resolve("admin.jwt"))).isEqualTo("rw-------");
            assertThat(state.resolve("signing.key")).hasContent(key.strip());
            assertThat(setup.authOptions().getKeys()).hasSize(1);
            try (var files = Files.list(state.path())) {
                assertThat(files.map(path -> path.getFileName().toString()))
                        .containsExactlyInAnyOrder("lock", "signing.key", "admin.jwt", "etag.key");
            }
        }
    }

    @Test
    void prepare_keysConfigured_makesNone() throws Exception {
        ServerConfig config = config("auth.jwks.file=" + directory.resolve("jwks.json"));
        ServerSetup setup = ServerSetup.prepare(Unwatched.of(config), CLOCK);
        try (StateDir state = setup.state()) {
            assertThat(setup.firstStart()).isEmpty();
            assertThat(state.resolve("signing.key")).doesNotExist();
            assertThat(state.resolve("admin.jwt")).doesNotExist();
        }
    }

    @Test
    void prepare_failing_givesTheStateDirBack() throws Exception {
        assertThatThrownBy(() -> ServerSetup.prepare(Unwatched.of(config("root=" + directory.resolve("a/b"))), CLOCK))
                .hasMessage("root: neither the directory nor its parent exists");

        StateDir.open(config()).close();
    }
}
