package dev.tokencache.server;

import dev.tokencache.auth.JwtIssuer;
import dev.tokencache.auth.Scope;
import dev.tokencache.auth.SigningKeyFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a server without configured keys lives on: a random signing key and a token for the operator, both in the state
 * directory and readable by its owner alone. Nothing of it is printed or logged. Blocking.
 */
final class FirstStart {
    /** How long an admin token is good for, unless {@code auth.maxLifetime} is less. */
    static final Duration ADMIN_TTL = Duration.ofHours(24);

    private static final String ADMIN_SUBJECT = "admin";

    private volatile ServerConfig config;
    private final StateDir state;
    private final Clock clock;

    private FirstStart(ServerConfig config, StateDir state, Clock clock) {
        this.config = config;
        this.state = state;
        this.clock = clock;
    }

    /**
     * Makes the key unless an earlier start has, and a fresh admin token.
     *
     * @return empty when keys are configured
     * @throws StartException when they can't be written, or an existing key can't be used
     */
    static Optional<FirstStart> prepare(ServerConfig config, StateDir state, Clock clock) throws StartException {
        if (config.auth().hasKeys()) {
            return Optional.empty();
        }
        Path key = state.resolve(StateDir.SIGNING_KEY);
        try {
            if (!Files.exists(key)) {
                generate(key);
            }
            FirstStart first = new FirstStart(config, state, clock);
            first.renewAdminToken();
            return Optional.of(first);
        } catch (IOException e) {
            throw new StartException("stateDir: the signing key or the admin token can't be written");
        }
    }

    /** {@code keygen} may be faster: its key is as good. */
    private static void generate(Path key) throws IOException {
        try {
            SigningKeyFile.generate(key);
        } catch (FileAlreadyExistsException e) {
            if (!Files.exists(key)) {
                throw e;
            }
        }
    }

    /** Issues tokens as this configuration demands from the next one on. */
    void follow(ServerConfig changed) {
        config = changed;
    }

    private Duration ttl() {
        Duration most = config.auth().maxLifetime();
        return most.compareTo(ADMIN_TTL) < 0 ? most : ADMIN_TTL;
    }

    /** How long to wait between two renewals: half of a token's life, 12 hours by default. */
    Duration renewalInterval() {
        return ttl().dividedBy(2);
    }

    /**
     * Writes a new token for everything over the old one, with one rename; the old one stays good until it ends or the key,
     * which is read anew, is another one.
     *
     * @throws StartException when the key can't be used
     */
    void renewAdminToken() throws IOException, StartException {
        Signer signer = Signer.generated(config, state.resolve(StateDir.SIGNING_KEY));
        String token =
                signer.issue(ADMIN_SUBJECT, List.of(Scope.values()), List.of(JwtIssuer.ALL_PROJECTS), ttl(), clock);
        PrivateFiles.replace(state.resolve(StateDir.ADMIN_TOKEN), (token + "\n").getBytes(StandardCharsets.US_ASCII));
    }
}
