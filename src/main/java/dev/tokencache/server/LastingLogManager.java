package dev.tokencache.server;

import java.util.logging.LogManager;

/**
 * A log manager whose handlers stay while the JVM stops: the platform's own drops them in a shutdown hook, beside which the
 * server is still stopping. Public, with a public constructor, for the platform.
 */
public final class LastingLogManager extends LogManager {
    public LastingLogManager() {}

    /** Does nothing: the platform resets when the JVM stops, and before it reads a configuration, of which there is none. */
    @Override
    public void reset() {}
}
