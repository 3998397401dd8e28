package dev.tokencache.auth;

import io.vertx.core.Vertx;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Reads JSON Web Key Sets (RFC 7517). Keys that are meant for something else, or of kinds and algorithms that are not
 * supported, are left out, as its section 5 has it; a supported key that is malformed or a sample refuses the whole set.
 */
final class Jwks {
    private final Vertx vertx;
    private final String name;
    private final boolean secretsAllowed;

    /**
     * Reads sets of one source.
     *
     * @param name what to call it in a failure
     * @param secretsAllowed whether a shared secret may be in it: not where others can read it
     */
    Jwks(Vertx vertx, String name, boolean secretsAllowed) {
        this.vertx = vertx;
        this.name = name;
        this.secretsAllowed = secretsAllowed;
    }

    /**
     * The usable keys of a set; at least one.
     *
     * @throws KeyException when it is malformed or has none
     */
    List<VerificationKey> parse(byte[] bytes) {
        Map<String, Object> set = StrictJson.object(bytes);
        if (set == null || !(set.get("keys") instanceof List<?> elements)) {
            throw new KeyException(name + ": not a JSON object with an array of keys");
        }
        List<VerificationKey> keys = new ArrayList<>();
        for (int i = 0; i < elements.size(); i++) {
            if (!(elements.get(i) instanceof Map<?, ?> members)) {
                throw new KeyException(name + ": element " + i + " is not an object");
            }
            VerificationKey key = key(name + " element " + i, members);
            if (key != null) {
                keys.add(key);
            }
        }
        if (keys.isEmpty()) {
            throw new KeyException(name + ": holds no usable key");
        }
        return keys;
    }

    private VerificationKey key(String element, Map<?, ?> jwk) {
        String kty = text(element, jwk, "kty");
        String use = text(element, jwk, "use");
        boolean forSignatures = (use == null || use.equals("sig"))
                && (!(jwk.get("key_ops") instanceof List<?> operations) || operations.contains("verify"));
        if (kty == null) {
            throw new KeyException(element + ": no kty");
        }
        JwsAlgorithm algorithm = algorithm(element, kty, jwk);
        if (!forSignatures || algorithm == null) {
            return null;
        }
        if (!algorithm.family().equals(family(kty))) {
            throw new KeyException(element + ": an alg that does not go with its kty");
        }
        String id = text(element, jwk, "kid");
        if (algorithm.family() == JwsAlgorithm.Family.HMAC) {
            if (!secretsAllowed) {
                throw new KeyException(element + ": a shared secret, which everybody can fetch");
            }
            String secret = Objects.requireNonNullElse(text(element, jwk, "k"), "");
            return VerificationKey.ofSecret(vertx, element, id, algorithm, SecretText.decode(element, secret));
        }
        return VerificationKey.ofPublicKey(vertx, element, id, algorithm, publicKey(element, jwk, algorithm));
    }

    private static JwsAlgorithm.Family family(String kty) {
        return switch (kty) {
            case "oct" -> JwsAlgorithm.Family.HMAC;
            case "RSA" -> JwsAlgorithm.Family.RSA;
            case "EC" -> JwsAlgorithm.Family.EC;
            case "OKP" -> JwsAlgorithm.Family.OKP;
            default -> null;
        };
    }

    /** The one algorithm of a key, or null if it is not supported. Without {@code alg}, RSA keys are for RS256. */
    private static JwsAlgorithm algorithm(String element, String kty, Map<?, ?> jwk) {
        String alg = text(element, jwk, "alg");
        String crv = text(element, jwk, "crv");
        JwsAlgorithm byKind = switch (kty) {
            case "RSA" -> JwsAlgorithm.RS256;
            case "EC" -> "P-256".equals(crv) ? JwsAlgorithm.ES256 : "P-384".equals(crv) ? JwsAlgorithm.ES384 : null;
            case "OKP" -> "Ed25519".equals(crv) ? JwsAlgorithm.EDDSA : null;
            default -> null;
        };
        boolean knownKind = family(kty) != null && (byKind != null || kty.equals("oct"));
        // RFC 9864 calls EdDSA on this curve by the curve's name.
        if (!knownKind || alg == null || (byKind == JwsAlgorithm.EDDSA && alg.equals("Ed25519"))) {
            return byKind;
        }
        JwsAlgorithm named = JwsAlgorithm.named(alg);
        if (byKind != null && byKind.family() == JwsAlgorithm.Family.EC && named != null && named != byKind) {
            throw new KeyException(element + ": an alg that does not go with its crv");
        }
        return named;
    }

    private static PublicKey publicKey(String element, Map<?, ?> jwk, JwsAlgorithm algorithm) {
        return switch (algorithm.family()) {
            case RSA -> PublicKeys.ofRsa(element, bytes(element, jwk, "n", 0), bytes(element, jwk, "e", 0), algorithm);
            case EC -> {
                int length = algorithm.signatureBytes() / 2;
                yield PublicKeys.ofPoint(
                        element, bytes(element, jwk, "x", length), bytes(element, jwk, "y", length), algorithm);
            }
            case OKP -> PublicKeys.ofEd25519(element, bytes(element, jwk, "x", 32));
            case HMAC -> throw new IllegalArgumentException("no public key");
        };
    }

    private static byte[] bytes(String element, Map<?, ?> jwk, String member, int length) {
        String text = text(element, jwk, member);
        byte[] bytes = text == null ? null : Base64Url.decode(text);
        if (bytes == null || (length > 0 && bytes.length != length)) {
            throw new KeyException(element + ": " + member + " is missing, not base64url, or of a wrong length");
        }
        return bytes;
    }

    private static String text(String element, Map<?, ?> jwk, String member) {
        Object value = jwk.get(member);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw new KeyException(element + ": " + member + " is not a string");
    }
}
