package dev.tokencache.auth;

import java.util.HashMap;
import java.util.Map;

/** The signature algorithms of RFC 7518 and RFC 8037 that are accepted. */
enum JwsAlgorithm {
    HS256(Family.HMAC, 32),
    HS384(Family.HMAC, 48),
    HS512(Family.HMAC, 64),
    RS256(Family.RSA, 0),
    RS384(Family.RSA, 0),
    RS512(Family.RSA, 0),
    PS256(Family.RSA, 0),
    PS384(Family.RSA, 0),
    PS512(Family.RSA, 0),
    ES256(Family.EC, 64),
    ES384(Family.EC, 96),
    EDDSA(Family.OKP, 64);

    /** What kind of key an algorithm needs. */
    enum Family {
        HMAC,
        RSA,
        EC,
        OKP
    }

    private static final Map<String, JwsAlgorithm> BY_NAME = new HashMap<>();

    static {
        for (JwsAlgorithm algorithm : values()) {
            BY_NAME.put(algorithm.wireName(), algorithm);
        }
    }

    private final Family family;
    private final int signatureBytes;

    JwsAlgorithm(Family family, int signatureBytes) {
        this.family = family;
        this.signatureBytes = signatureBytes;
    }

    /** The algorithm of exactly that name, or null; {@code none} is none. */
    static JwsAlgorithm named(String wireName) {
        return BY_NAME.get(wireName);
    }

    String wireName() {
        return this == EDDSA ? "EdDSA" : name();
    }

    Family family() {
        return family;
    }

    /** The length of every signature, or 0 if the key decides. */
    int signatureBytes() {
        return signatureBytes;
    }
}
