package dev.tokencache.server;

import dev.tokencache.auth.AuthOptions;
import dev.tokencache.content.EtagKey;
import dev.tokencache.http.TlsFiles;
import dev.tokencache.redis.RedisSourceOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * All that a server needs to start, checked and made ready: directories, lock and keys are there.
 *
 * @param root the root's real path; of a node that reads no files what the configuration says, and of no use
 * @param state the state directory, locked; closed by whoever prepared it
 * @param firstStart the generated key and admin token, when no key is configured
 * @param tls certificate and key, when HTTP is served with TLS
 * @param redis the second tier, when there is one, but for what makes entity tags
 * @param configWatch what the configuration's file says meanwhile
 */
record ServerSetup(
        ServerConfig config,
        Path root,
        StateDir state,
        EtagKey etagKey,
        Optional<FirstStart> firstStart,
        Optional<TlsFiles> tls,
        Optional<RedisSourceOptions> redis,
        ConfigWatch configWatch) {
    /** What starts together with this server, as after a reboot, is soon there. */
    private static final Duration JWKS_PATIENCE = Duration.ofSeconds(20);

    /** The next look at the configuration waits for it. */
    private static final Duration RELOAD_PATIENCE = Duration.ofSeconds(3);

    /**
     * Makes everything ready. Blocking.
     *
     * @throws StartException with one line for the operator; the state directory is free again then
     */
    static ServerSetup prepare(ConfigWatch configWatch, Clock clock) throws StartException {
        ServerConfig config = configWatch.last().config();
        HttpSafety.requireProtected(config);
        Optional<TlsFiles> tls = HttpSafety.tls(config);
        Optional<RedisSourceOptions> redis = RedisSetup.prepare(config);
        StateDir state = StateDir.open(config);
        boolean ready = false;
        try {
            Path root = config.readsFiles() ? Directories.prepare("root", config.root()) : config.root();
            Optional<FirstStart> firstStart = FirstStart.prepare(config, state, clock);
            ServerSetup setup = new ServerSetup(
                    config,
                    root,
                    state,
                    state.etagKey(config.cache().etagKeyFile()),
                    firstStart,
                    tls,
                    redis,
                    configWatch);
            ready = true;
            return setup;
        } finally {
            if (!ready) {
                state.close();
            }
        }
    }

    /** Which bearer tokens are accepted: as configured, or signed with the generated key. */
    AuthOptions authOptions() {
        return authOptions(config).setJwksPatience(JWKS_PATIENCE);
    }

    /** The same as another configuration says it, for a server that has tokens to judge meanwhile. */
    AuthOptions authOptions(ServerConfig changed) {
        return AuthMapping.options(changed.auth(), state.resolve(StateDir.SIGNING_KEY))
                .setJwksPatience(RELOAD_PATIENCE);
    }
}
