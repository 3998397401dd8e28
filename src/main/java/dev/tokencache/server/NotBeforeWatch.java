package dev.tokencache.server;

import dev.tokencache.auth.JwtGate;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * Takes {@code auth.notBefore} from the configuration's file while the server runs: a revocation can't wait for a restart.
 * All other keys are read at the start only. Blocking; not for several threads at once.
 */
final class NotBeforeWatch {
    private static final System.Logger LOG = System.getLogger(NotBeforeWatch.class.getName());

    private final Path file;
    private final ConfigSource source;
    private Optional<Instant> inForce;
    private byte[] seen;
    private boolean due;

    /**
     * Nothing has been looked at yet.
     *
     * @param file the configuration's file, which may be absent
     * @param source loads the whole configuration, so that environment and command line go on winning
     * @param inForce what the server started with
     */
    NotBeforeWatch(Path file, ConfigSource source, Optional<Instant> inForce) {
        this.file = file;
        this.source = source;
        this.inForce = inForce;
    }

    /** Loads the configuration anew. */
    @FunctionalInterface
    interface ConfigSource {
        ServerConfig load() throws ConfigException;
    }

    /**
     * Looks whether the file has changed, and tells the gate. A file that is broken or gone now changes nothing.
     *
     * @param now what time it is
     * @return true once after each change: when tokens issued now are good, and older ones may not be
     */
    boolean look(JwtGate gate, Instant now) {
        byte[] bytes = bytes();
        if (bytes != null && !Arrays.equals(bytes, seen)) {
            seen = bytes;
            take(gate);
        }
        // A token says the second in which it was issued, and may be refused for what was left of it.
        if (due && (inForce.isEmpty() || !now.minusSeconds(1).isBefore(inForce.get()))) {
            due = false;
            return true;
        }
        return false;
    }

    private void take(JwtGate gate) {
        try {
            Optional<Instant> notBefore = source.load().auth().notBefore();
            if (!notBefore.equals(inForce)) {
                gate.notBefore(notBefore.orElse(null));
                inForce = notBefore;
                due = true;
                LOG.log(Level.INFO, "auth_not_before_changed set={0}", notBefore.isPresent());
            }
        } catch (ConfigException e) {
            LOG.log(
                    Level.WARNING,
                    "configuration_broken kept=old problems={0}",
                    e.problems().size());
        }
    }

    private byte[] bytes() {
        try {
            return Files.isRegularFile(file) ? Files.readAllBytes(file) : null;
        } catch (IOException e) {
            return null;
        }
    }
}
