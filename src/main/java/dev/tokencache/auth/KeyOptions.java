package dev.tokencache.auth;

import java.nio.file.Path;

/** One key that bearer tokens may be signed with. */
public final class KeyOptions {
    /** The algorithm of a key that names none. */
    public static final String DEFAULT_ALGORITHM = "HS256";

    private String id;
    private String algorithm = DEFAULT_ALGORITHM;
    private Path secretFile;
    private String secretEnv;
    private Path publicKeyFile;

    public KeyOptions() {}

    /** A copy that shares nothing with the original. */
    public KeyOptions(KeyOptions other) {
        id = other.id;
        algorithm = other.algorithm;
        secretFile = other.secretFile;
        secretEnv = other.secretEnv;
        publicKeyFile = other.publicKeyFile;
    }

    public String getId() {
        return id;
    }

    /** What tokens call it in {@code kid}; not null, not blank, unlike that of every other configured key. */
    public KeyOptions setId(String id) {
        this.id = id;
        return this;
    }

    public String getAlgorithm() {
        return algorithm;
    }

    /**
     * The only algorithm that tokens may use with it: HS256/384/512, RS256/384/512, PS256/384/512, ES256/384 or EdDSA
     * (Ed25519).
     */
    public KeyOptions setAlgorithm(String algorithm) {
        this.algorithm = algorithm;
        return this;
    }

    public Path getSecretFile() {
        return secretFile;
    }

    /** For HS*: a file with base64url text of at least 32 bytes, as {@link SigningKeyFile} makes it. */
    public KeyOptions setSecretFile(Path secretFile) {
        this.secretFile = secretFile;
        return this;
    }

    public String getSecretEnv() {
        return secretEnv;
    }

    /** For HS*, instead of the file: the environment variable that holds such text. */
    public KeyOptions setSecretEnv(String secretEnv) {
        this.secretEnv = secretEnv;
        return this;
    }

    public Path getPublicKeyFile() {
        return publicKeyFile;
    }

    /** For all but HS*: a PEM file with one {@code PUBLIC KEY}. */
    public KeyOptions setPublicKeyFile(Path publicKeyFile) {
        this.publicKeyFile = publicKeyFile;
        return this;
    }
}
