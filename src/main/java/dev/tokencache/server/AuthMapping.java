package dev.tokencache.server;

import dev.tokencache.auth.AuthOptions;
import dev.tokencache.auth.KeyOptions;
import dev.tokencache.server.ServerConfig.AuthKey;
import java.nio.file.Path;

/** Says in the words of the gate what the configuration says. */
final class AuthMapping {
    private AuthMapping() {}

    /**
     * The options of the gate.
     *
     * @param generatedKey the key that counts when none is configured
     */
    static AuthOptions options(ServerConfig.Auth auth, Path generatedKey) {
        AuthOptions options = new AuthOptions()
                .setJwksFile(auth.jwks().file().orElse(null))
                .setJwksUrl(auth.jwks().url().orElse(null))
                .setJwksCaFile(auth.jwks().caFile().orElse(null))
                .setJwksRefresh(auth.jwks().refresh())
                .setIssuer(auth.issuer().orElse(null))
                .setAudience(auth.audience().orElse(null))
                .setLeeway(auth.leeway())
                .setMaxLifetime(auth.maxLifetime())
                .setMaxFailuresPerMinute(auth.maxFailuresPerMinute())
                .setNotBefore(auth.notBefore().orElse(null))
                .setRevokedFile(auth.revokedFile().orElse(null));
        for (AuthKey key : auth.keys()) {
            options.addKey(new KeyOptions()
                    .setId(key.id())
                    .setAlgorithm(key.algorithm().wireName())
                    .setSecretFile(key.secretFile())
                    .setSecretEnv(key.secretEnv())
                    .setPublicKeyFile(key.publicKeyFile()));
        }
        if (!auth.hasKeys()) {
            options.addKey(new KeyOptions()
                    .setId(Signer.GENERATED_ID)
                    .setAlgorithm(AuthKey.Algorithm.HS256.wireName())
                    .setSecretFile(generatedKey));
        }
        return options;
    }
}
