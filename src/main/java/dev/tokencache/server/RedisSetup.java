package dev.tokencache.server;

import dev.tokencache.auth.KeyException;
import dev.tokencache.auth.SigningKeyFile;
import dev.tokencache.redis.RedisSourceOptions;
import dev.tokencache.redis.SealKey;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What is demanded of the way to the second tier, and read for it, before a server starts. Blocking. */
final class RedisSetup {
    private static final int MAX_PASSWORD_FILE = 4_096;

    private RedisSetup() {}

    /**
     * The options of the tier, with key and password; empty when there is none.
     *
     * @throws StartException when a file can't be used, or a password would cross the network in clear without leave
     */
    static Optional<RedisSourceOptions> prepare(ServerConfig config) throws StartException {
        if (config.redis().isEmpty()) {
            return Optional.empty();
        }
        ServerConfig.Redis redis = config.redis().get();
        if (!redis.isTls() && !redis.insecure() && !isOwnMachine(redis.url().getHost())) {
            throw new StartException(
                    "redis.url: redis:// to another machine crosses the network in clear; use rediss://, or set redis.insecure: true");
        }
        RedisSourceOptions options = new RedisSourceOptions()
                .setUrl(redis.url().toString())
                .setUsername(redis.username().orElse(null))
                .setKey(key(redis.keyFile()))
                .setPrefix(redis.prefix())
                .setTtl(redis.ttl())
                .setTimeout(redis.timeout())
                .setMaxWaiting(redis.maxWaiting())
                .setInterval(config.watch().interval())
                .setHold(config.cache().tokenTtl());
        if (redis.passwordFile().isPresent()) {
            options.setPassword(password(redis.passwordFile().get()));
        }
        if (redis.caFile().isPresent()) {
            options.setTrust(trust(redis.caFile().get()));
        }
        return Optional.of(options);
    }

    /** A name that can't be looked up may be anybody's. */
    private static boolean isOwnMachine(String host) {
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (!address.isLoopbackAddress()) {
                    return false;
                }
            }
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static SealKey key(Path file) throws StartException {
        byte[] secret;
        try {
            secret = SigningKeyFile.read("redis.keyFile", file);
        } catch (KeyException e) {
            throw new StartException(e.getMessage());
        }
        if (secret.length != SealKey.BYTES) {
            throw new StartException("redis.keyFile: must be base64url of exactly " + SealKey.BYTES + " bytes");
        }
        return SealKey.of(secret);
    }

    private static String password(Path file) throws StartException {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MAX_PASSWORD_FILE) {
                throw new StartException("redis.passwordFile: missing, no regular file, or too large");
            }
            String password = Files.readString(file).lines().findFirst().orElse("");
            if (password.isBlank()) {
                throw new StartException("redis.passwordFile: its first line is empty");
            }
            return password;
        } catch (IOException e) {
            throw new StartException("redis.passwordFile: the file is unreadable");
        }
    }

    private static PemTrustOptions trust(Path file) throws StartException {
        if (!Files.isReadable(file)) {
            throw new StartException("redis.caFile: the file is missing or unreadable");
        }
        return new PemTrustOptions().addCertPath(file.toString());
    }
}
