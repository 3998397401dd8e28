package dev.tokencache.server;

import java.nio.file.Path;
import java.util.Map;

/** A configuration without a file. */
final class Unwatched {
    private Unwatched() {}

    static ConfigWatch of(ServerConfig config) {
        return new ConfigWatch(
                Path.of("none"),
                () -> {
                    throw new AssertionError("there is no file");
                },
                new LoadedConfig(config, Map.of()));
    }
}
