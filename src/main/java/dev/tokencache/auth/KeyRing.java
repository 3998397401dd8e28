package dev.tokencache.auth;

import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * All that is read from files and the environment: keys and revocations. Each source is kept on its own, so that one broken
 * file does not keep another from being rotated. Blocking; not for several threads at once.
 */
final class KeyRing {
    private static final int MAX_KEY_BYTES = 64 * 1024;
    private static final int MAX_REVOKED_BYTES = 16 * 1024 * 1024;

    private final List<Watched<List<VerificationKey>>> sources = new ArrayList<>();
    private final Watched<Set<String>> revoked;

    /**
     * Reads everything.
     *
     * @param environment where secrets are looked up by name; null for an absent one
     * @param remote the key set of the URL, fetched; null if none is configured
     * @throws KeyException when anything configured is unusable, or nothing is configured
     */
    KeyRing(Vertx vertx, AuthOptions options, UnaryOperator<String> environment, RemoteKeys remote) {
        Set<String> ids = new HashSet<>();
        for (KeyOptions key : options.getKeys()) {
            if (key.getId() == null || key.getId().isBlank()) {
                throw new KeyException("a key without an id");
            }
            if (!ids.add(key.getId())) {
                throw new KeyException("key " + key.getId() + ": two keys of this id");
            }
            sources.add(source(vertx, key, environment));
        }
        if (options.getJwksFile() != null) {
            Path file = options.getJwksFile();
            sources.add(new Watched<>(
                    () -> KeyBytes.read("jwks", file, KeySetUrl.MAX_BYTES), new Jwks(vertx, "jwks", true)::parse));
        }
        if (remote != null) {
            sources.add(new Watched<>(remote::bytes, new Jwks(vertx, "jwks url", false)::parse));
        }
        if (sources.isEmpty()) {
            throw new KeyException("no key is configured");
        }
        Path file = options.getRevokedFile();
        revoked = file == null
                ? null
                : new Watched<>(() -> KeyBytes.read("revoked", file, MAX_REVOKED_BYTES), KeyRing::lines);
    }

    private static Watched<List<VerificationKey>> source(
            Vertx vertx, KeyOptions key, UnaryOperator<String> environment) {
        String id = key.getId();
        String name = "key " + id;
        JwsAlgorithm algorithm = key.getAlgorithm() == null ? null : JwsAlgorithm.named(key.getAlgorithm());
        if (algorithm == null) {
            throw new KeyException(name + ": an unknown algorithm");
        }
        Path secretFile = key.getSecretFile();
        String variable = key.getSecretEnv();
        Path publicKeyFile = key.getPublicKeyFile();
        if (algorithm.family() != JwsAlgorithm.Family.HMAC) {
            if (publicKeyFile == null || secretFile != null || variable != null) {
                throw new KeyException(name + ": " + algorithm.wireName() + " takes a public key file and no secret");
            }
            return new Watched<>(
                    () -> KeyBytes.read(name, publicKeyFile, MAX_KEY_BYTES),
                    pem -> List.of(VerificationKey.ofPublicKey(
                            vertx, name, id, algorithm, PublicKeys.ofPem(name, pem, algorithm))));
        }
        if (publicKeyFile != null || (secretFile == null) == (variable == null)) {
            throw new KeyException(
                    name + ": " + algorithm.wireName() + " takes a secret file or a variable, one of them");
        }
        return new Watched<>(
                () -> secretFile != null
                        ? KeyBytes.read(name, secretFile, MAX_KEY_BYTES)
                        : variable(name, environment.apply(variable)),
                text -> List.of(VerificationKey.ofSecret(
                        vertx,
                        name,
                        id,
                        algorithm,
                        SecretText.decode(name, new String(text, StandardCharsets.ISO_8859_1)))));
    }

    private static byte[] variable(String name, String value) {
        if (value == null) {
            throw new KeyException(name + ": the environment variable is missing");
        }
        return value.getBytes(StandardCharsets.UTF_8);
    }

    private static Set<String> lines(byte[] text) {
        Set<String> lines = new HashSet<>();
        new String(text, StandardCharsets.UTF_8).lines().map(String::strip).forEach(lines::add);
        lines.remove("");
        return Set.copyOf(lines);
    }

    /** Reads everything again; whether anything is different now. */
    boolean refresh() {
        boolean changed = revoked != null && revoked.refresh();
        for (Watched<?> source : sources) {
            changed |= source.refresh();
        }
        return changed;
    }

    /** The keys in force; never empty. */
    List<VerificationKey> keys() {
        return sources.stream().map(Watched::value).flatMap(Collection::stream).toList();
    }

    /** The ids of revoked tokens in force. */
    Set<String> revoked() {
        return revoked == null ? Set.of() : revoked.value();
    }
}
