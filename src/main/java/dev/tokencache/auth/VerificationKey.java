package dev.tokencache.auth;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;

/**
 * One key for one algorithm, with a verifier that holds nothing else: a public key can never be taken for a shared secret,
 * nor one algorithm for another. For every thread; checks with one key run one after the other.
 */
final class VerificationKey {
    private static final Base64.Encoder PEM = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private final String id;
    private final JwsAlgorithm algorithm;
    private final int signatureBytes;
    private final JWTAuth verifier;

    private VerificationKey(
            Vertx vertx, String name, String id, JwsAlgorithm algorithm, int signatureBytes, Buffer material) {
        this.id = id;
        this.algorithm = algorithm;
        this.signatureBytes = signatureBytes;
        try {
            // Without an id of its own: the library compares it with the token's kid, which has been done by then. Time
            // has
            // been judged by then too, by our clock.
            verifier = JWTAuth.create(
                    vertx,
                    new JWTAuthOptions()
                            .setJWTOptions(new JWTOptions().setIgnoreExpiration(true))
                            .addPubSecKey(new PubSecKeyOptions()
                                    .setAlgorithm(algorithm.wireName())
                                    .setBuffer(material)));
        } catch (RuntimeException e) {
            throw new KeyException(name + ": not usable for " + algorithm.wireName());
        }
    }

    /**
     * A shared secret, already checked.
     *
     * @param name what to call it in a failure
     * @param id the {@code kid} it answers to, or null
     */
    static VerificationKey ofSecret(Vertx vertx, String name, String id, JwsAlgorithm algorithm, byte[] secret) {
        return new VerificationKey(vertx, name, id, algorithm, algorithm.signatureBytes(), Buffer.buffer(secret));
    }

    /** A public key, already checked. */
    static VerificationKey ofPublicKey(Vertx vertx, String name, String id, JwsAlgorithm algorithm, PublicKey key) {
        int signatureBytes =
                key instanceof RSAPublicKey rsa ? (rsa.getModulus().bitLength() + 7) / 8 : algorithm.signatureBytes();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + new String(PEM.encode(key.getEncoded()), StandardCharsets.US_ASCII)
                + "\n-----END PUBLIC KEY-----\n";
        return new VerificationKey(vertx, name, id, algorithm, signatureBytes, Buffer.buffer(pem));
    }

    /** What tokens call it, or null. */
    String id() {
        return id;
    }

    JwsAlgorithm algorithm() {
        return algorithm;
    }

    /** The only length a signature made with it can have. */
    int signatureBytes() {
        return signatureBytes;
    }

    /**
     * Whether the signature is this key's. Takes microseconds for HS*, up to milliseconds for the others. Never throws: the
     * library does, for signatures that are no numbers.
     */
    boolean signed(String token) {
        try {
            // The library answers at once. Should that ever change, the answer is no.
            return verifier.authenticate(new TokenCredentials(token)).succeeded();
        } catch (RuntimeException | StackOverflowError e) {
            return false;
        }
    }
}
