package dev.tokencache.server;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The settings that are taken from the configuration's file while the server runs; all others need a restart. */
final class Reloaded {
    /** What the gate is made of: keys and rules. */
    static final Set<Setting<?>> GATE = Set.of(
            Settings.KEYS,
            Settings.JWKS_FILE,
            Settings.JWKS_URL,
            Settings.JWKS_CA_FILE,
            Settings.JWKS_REFRESH,
            Settings.ISSUER,
            Settings.AUDIENCE,
            Settings.LEEWAY,
            Settings.MAX_LIFETIME,
            Settings.REVOKED_FILE);

    /** What is taken from the file while the server runs; with the gate's, unless keys are named for the first time. */
    static final Set<Setting<?>> ALL = Stream.concat(
                    GATE.stream(),
                    Stream.of(
                            Settings.TOKEN_TTL,
                            Settings.LIST_TTL,
                            Settings.MAX_BYTES,
                            Settings.INTERVAL,
                            Settings.MAX_LOAD,
                            Settings.MAX_CONNECTIONS,
                            Settings.NOT_BEFORE,
                            Settings.MAX_FAILURES,
                            Settings.LOG_LEVEL))
            .collect(Collectors.toUnmodifiableSet());

    private Reloaded() {}
}
