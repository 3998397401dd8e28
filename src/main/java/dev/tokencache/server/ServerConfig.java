package dev.tokencache.server;

import dev.tokencache.audit.AuditOptions;
import dev.tokencache.auth.AddressRange;
import dev.tokencache.http.TlsOptions;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The configuration in force: every value within its range. Paths are as written, relative to the working directory.
 *
 * @param root directory of the projects
 * @param stateDir directory of the server's own state
 * @param source where tokens come from
 * @param roles what this process does, at least one
 * @param cluster empty for a server on its own
 * @param redis the second tier; empty for none
 * @param metrics whether there are figures for Prometheus
 * @param tracing empty when nothing is traced
 */
record ServerConfig(
        Path root,
        Path stateDir,
        Source source,
        Set<Role> roles,
        Cache cache,
        Optional<Redis> redis,
        Watch watch,
        Http http,
        Auth auth,
        Audit audit,
        Optional<Cluster> cluster,
        LogLevel logLevel,
        LogFormat logFormat,
        boolean metrics,
        Optional<Tracing> tracing) {
    /** Whether the cache that is asked is that of other nodes. */
    boolean isFront() {
        return cluster.isPresent() && !roles.contains(Role.CACHE);
    }

    /** Whether it reads the root. */
    boolean readsFiles() {
        return source == Source.FILE && !isFront();
    }

    /** Whether it asks other nodes for what it has not itself. */
    boolean asksNodes() {
        return cluster.isPresent() && (isFront() || source == Source.REDIS);
    }

    /** Whether other nodes may ask the cache of this one. */
    boolean isExposed() {
        return cluster.isPresent() && cluster.get().expose();
    }

    /**
     * The section {@code tracing}, when it is used.
     *
     * @param sampleRatio from 0 to 1
     */
    record Tracing(URI endpoint, double sampleRatio, String serviceName) {}

    /** Where tokens come from. */
    enum Source {
        FILE,
        REDIS
    }

    /** What a process may do. */
    enum Role {
        CACHE,
        WATCH,
        HTTP
    }

    /**
     * The section {@code cache}.
     *
     * @param maxBytes bound of all entries, in bytes; the default is already worked out
     * @param maxTokenBytes the largest file, in bytes; at most {@code maxBytes}
     * @param preload names of projects, or {@code *} alone
     * @param etagKeyFile empty for the one in the state directory
     */
    record Cache(
            Duration tokenTtl,
            Duration listTtl,
            long maxBytes,
            int maxTokenBytes,
            int maxLoads,
            Duration loadTimeout,
            int history,
            List<String> preload,
            boolean warm,
            Optional<Path> etagKeyFile) {}

    /**
     * The section {@code redis}, when there is a second tier.
     *
     * @param insecure whether the way to another machine may be in clear
     * @param caFile empty for what the platform trusts
     * @param keyFile never null once checked
     */
    record Redis(
            URI url,
            boolean insecure,
            Optional<Path> caFile,
            Optional<String> username,
            Optional<Path> passwordFile,
            Path keyFile,
            String prefix,
            Duration ttl,
            Duration timeout,
            int maxWaiting) {
        boolean isTls() {
            return url.getScheme().equals("rediss");
        }
    }

    /**
     * The section {@code watch}.
     *
     * @param maxLoad share of one core, above 0 and at most 1
     */
    record Watch(Duration interval, double maxLoad, boolean hints) {}

    /**
     * The section {@code http}.
     *
     * @param instances empty for {@code auto}
     * @param maxBody in bytes
     * @param insecure whether HTTP in clear may be reached from other machines
     * @param tls empty for HTTP in clear
     * @param corsOrigins exact origins
     */
    record Http(
            String host,
            int port,
            OptionalInt instances,
            int maxConnections,
            Duration headerTimeout,
            Duration requestTimeout,
            Duration idleTimeout,
            int maxBody,
            boolean insecure,
            Optional<Tls> tls,
            List<String> corsOrigins,
            List<AddressRange> trustedProxies) {
        /** How many instances to deploy on a machine with that many cores: auto is one up to two cores, cores - 1 beyond. */
        int instancesFor(int cores) {
            return instances.orElse(cores <= 2 ? 1 : cores - 1);
        }
    }

    /**
     * The section {@code http.tls}, when it is used.
     *
     * @param clientCa there exactly when certificates of clients are looked at
     * @param hsts zero when nothing is said of it
     */
    record Tls(Path cert, Path key, TlsOptions.ClientAuth clientAuth, Optional<Path> clientCa, Duration hsts) {}

    /**
     * The section {@code auth}.
     *
     * @param keys in the order of the file; may be empty
     * @param maxFailuresPerMinute bad credentials after which an address is throttled
     */
    record Auth(
            List<AuthKey> keys,
            Jwks jwks,
            Optional<String> issuer,
            Optional<String> audience,
            Duration leeway,
            Duration maxLifetime,
            Optional<Instant> notBefore,
            Optional<Path> revokedFile,
            int maxFailuresPerMinute) {
        /** Whether the operator has named any key; otherwise one is made at the first start. */
        boolean hasKeys() {
            return !keys.isEmpty() || jwks.file().isPresent() || jwks.url().isPresent();
        }
    }

    /**
     * The section {@code auth.jwks}.
     *
     * @param caFile empty for what the platform trusts
     */
    record Jwks(Optional<Path> file, Optional<URI> url, Optional<Path> caFile, Duration refresh) {}

    /**
     * The section {@code audit}.
     *
     * @param required only if {@code enabled}
     * @param maxBytes in bytes
     */
    record Audit(boolean enabled, AuditOptions.Reads reads, boolean required, long maxBytes, int oldFiles) {}

    /**
     * The section {@code cluster}, when it is used.
     *
     * @param hosts not looked up yet
     * @param tokenFile empty for tokens minted with a key under {@code auth}
     */
    record Cluster(
            boolean expose,
            String name,
            String node,
            String host,
            int port,
            List<InetSocketAddress> hosts,
            Optional<Path> tokenFile,
            Optional<Path> secretFile,
            Optional<Path> cert,
            Optional<Path> key,
            Optional<Path> ca,
            boolean insecure) {}

    /**
     * A key that verifies bearer tokens. Exactly one of the last three is not null: one of the first two for a shared
     * secret, the last for a public key.
     *
     * @param id the {@code kid} it goes by
     * @param secretFile a file with a secret as base64url
     * @param secretEnv an environment variable with a secret as base64url
     * @param publicKeyFile a PEM file
     */
    record AuthKey(String id, Algorithm algorithm, Path secretFile, String secretEnv, Path publicKeyFile) {
        /** How a token may be signed. */
        enum Algorithm {
            HS256("HS256", true),
            HS384("HS384", true),
            HS512("HS512", true),
            RS256("RS256", false),
            RS384("RS384", false),
            RS512("RS512", false),
            PS256("PS256", false),
            PS384("PS384", false),
            PS512("PS512", false),
            ES256("ES256", false),
            ES384("ES384", false),
            EDDSA("EdDSA", false);

            private final String wireName;
            private final boolean secret;

            Algorithm(String wireName, boolean secret) {
                this.wireName = wireName;
                this.secret = secret;
            }

            /** The {@code alg} of a token. */
            String wireName() {
                return wireName;
            }

            /** Whether signer and verifier share a secret. */
            boolean isSecret() {
                return secret;
            }

            static Algorithm named(String wireName) {
                for (Algorithm algorithm : values()) {
                    if (algorithm.wireName.equals(wireName)) {
                        return algorithm;
                    }
                }
                return null;
            }
        }
    }
}
