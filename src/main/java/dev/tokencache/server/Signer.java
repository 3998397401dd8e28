package dev.tokencache.server;

import dev.tokencache.auth.JwtIssuer;
import dev.tokencache.auth.KeyException;
import dev.tokencache.auth.Scope;
import dev.tokencache.auth.SigningKeyFile;
import dev.tokencache.server.ServerConfig.AuthKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;

/** Mints bearer tokens that the server of the same configuration accepts. Blocking only where it reads the key. */
final class Signer {
    /** The id of the key that is made when none is configured. */
    static final String GENERATED_ID = "main";

    private static final int MIN_BYTES = 32;

    private final ServerConfig.Auth auth;
    private final String id;
    private final String algorithm;
    private final byte[] secret;

    private Signer(ServerConfig.Auth auth, String id, String algorithm, byte[] secret) {
        this.auth = auth;
        this.id = id;
        this.algorithm = algorithm;
        this.secret = secret;
    }

    /**
     * The first configured key with a secret; with nothing configured, the one in the state directory.
     *
     * @throws StartException when there is none, or it can't be used
     */
    static Signer find(ServerConfig config, Map<String, String> environment) throws StartException {
        ServerConfig.Auth auth = config.auth();
        if (!auth.hasKeys()) {
            Path file = config.stateDir().resolve(StateDir.SIGNING_KEY);
            if (!Files.exists(file)) {
                throw new StartException("no signing key yet: start the server once, or run keygen");
            }
            return generated(config, file);
        }
        for (AuthKey key : auth.keys()) {
            if (key.algorithm().isSecret()) {
                return new Signer(auth, key.id(), key.algorithm().wireName(), secret(key, environment));
            }
        }
        throw new StartException("auth.keys: none has a secret, so no token can be signed here");
    }

    /** The key that was made at the first start. */
    static Signer generated(ServerConfig config, Path file) throws StartException {
        return new Signer(config.auth(), GENERATED_ID, AuthKey.Algorithm.HS256.wireName(), read("stateDir", file));
    }

    private static byte[] secret(AuthKey key, Map<String, String> environment) throws StartException {
        String name = "key " + key.id();
        return key.secretFile() != null ? read(name, key.secretFile()) : decode(name, environment.get(key.secretEnv()));
    }

    private static byte[] read(String name, Path file) throws StartException {
        try {
            return SigningKeyFile.read(file);
        } catch (KeyException e) {
            throw new StartException(name + ": " + e.getMessage());
        }
    }

    private static byte[] decode(String name, String text) throws StartException {
        if (text == null || text.isBlank()) {
            throw new StartException(name + ": its environment variable is not set");
        }
        try {
            byte[] secret = Base64.getUrlDecoder().decode(text.replaceAll("\\s", ""));
            if (secret.length < MIN_BYTES) {
                throw new StartException(name + ": shorter than " + MIN_BYTES + " bytes");
            }
            return secret;
        } catch (IllegalArgumentException e) {
            throw new StartException(name + ": not base64url text");
        }
    }

    /** A token that is good from now on; the arguments have been checked. */
    String issue(String subject, Collection<Scope> scopes, Collection<String> projects, Duration ttl, Clock clock) {
        return JwtIssuer.issue(
                id,
                algorithm,
                secret,
                subject,
                scopes,
                projects,
                ttl,
                auth.issuer().orElse(null),
                auth.audience().orElse(null),
                clock);
    }
}
