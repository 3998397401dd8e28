package dev.tokencache.redis;

import java.security.SecureRandom;
import java.util.Base64;

/** Marks that are never made twice: 96 random bits as 16 characters of base64url. For any thread. */
final class Nonces {
    /** The length of a mark, in characters, which are bytes. */
    static final int LENGTH = 16;

    private static final int BYTES = 12;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Nonces() {}

    static String next() {
        return Base64.getUrlEncoder().encodeToString(bytes());
    }

    static byte[] bytes() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
