package dev.tokencache.server;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * Looks whether the configuration's file says something new. By its bytes, since the time of an edit and its size say too
 * little. Blocking; not for several threads at once.
 */
final class ConfigWatch {
    private static final System.Logger LOG = System.getLogger(ConfigWatch.class.getName());

    private final Path file;
    private final ConfigSource source;
    private final LongAdder broken = new LongAdder();
    private LoadedConfig last;
    private byte[] seen;

    /**
     * Nothing has been looked at yet: what changed since the start is found by the first look.
     *
     * @param file the configuration's file, which may be absent
     * @param source loads the whole configuration, so that environment and command line go on winning
     * @param started what the server started with
     */
    ConfigWatch(Path file, ConfigSource source, LoadedConfig started) {
        this.file = file;
        this.source = source;
        this.last = started;
    }

    /** Loads the configuration anew. */
    @FunctionalInterface
    interface ConfigSource {
        LoadedConfig load() throws ConfigException;
    }

    /** What the server started with, or the last look found. */
    LoadedConfig last() {
        return last;
    }

    /**
     * Looks.
     *
     * @return what the file says, if that differs from what the last look found; empty also when it is gone, can't be read or
     *     is broken, of which a line in the log tells once
     */
    Optional<LoadedConfig> look() {
        byte[] bytes = bytes();
        if (bytes == null || Arrays.equals(bytes, seen)) {
            return Optional.empty();
        }
        seen = bytes;
        try {
            LoadedConfig now = source.load();
            if (now.differences(last).isEmpty()) {
                return Optional.empty();
            }
            last = now;
            return Optional.of(now);
        } catch (ConfigException e) {
            broken.increment();
            LOG.log(
                    Level.WARNING,
                    "configuration_broken kept=old problems={0} see=check",
                    e.problems().size());
            return Optional.empty();
        }
    }

    /** How often a change was found that is no valid configuration. For any thread. */
    long broken() {
        return broken.sum();
    }

    private byte[] bytes() {
        try {
            return Files.isRegularFile(file) ? Files.readAllBytes(file) : null;
        } catch (IOException e) {
            return null;
        }
    }
}
