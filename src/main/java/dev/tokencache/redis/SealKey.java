package dev.tokencache.redis;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The random key that values in Redis are sealed under; nodes that share a tier share it. Nothing is sealed under the key
 * itself: each token has one of its own, derived by HMAC-SHA-256, so that the 2<sup>32</sup> random nonces that AES-GCM allows a
 * key (NIST SP 800-38D, 8.3) count for a token, not for all of them. Names are hidden by the same means. Immutable, for any
 * thread.
 */
public final class SealKey {
    /** The length of a key, in bytes. */
    public static final int BYTES = 32;

    private static final String MAC = "HmacSHA256";
    private static final int NAME_LENGTH = 22;
    private static final int ID_LENGTH = 8;
    private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

    private final SecretKeySpec master;
    private final String id;

    private SealKey(byte[] secret) {
        master = new SecretKeySpec(secret, MAC);
        id = text("id", "").substring(0, ID_LENGTH);
    }

    /**
     * A key of these bytes, copied.
     *
     * @throws IllegalArgumentException when they aren't {@link #BYTES}
     */
    public static SealKey of(byte[] secret) {
        if (secret.length != BYTES) {
            throw new IllegalArgumentException("a key of the tier has " + BYTES + " bytes");
        }
        return new SealKey(secret);
    }

    /** Tells keys apart without telling anything of them; part of every name in Redis, so that each key has a tier of its own. */
    String id() {
        return id;
    }

    /** What a token is called in Redis: 128 bits of a keyed hash. File names can hold e-mail addresses. */
    String name(String token) {
        return text("name", token).substring(0, NAME_LENGTH);
    }

    /** The key of one token, or of another thing of that name, for AES-256. */
    SecretKeySpec sealing(String purpose, String name) {
        return new SecretKeySpec(mac("seal " + purpose, name), "AES");
    }

    private String text(String purpose, String of) {
        return TEXT.encodeToString(mac(purpose, of));
    }

    private byte[] mac(String purpose, String of) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(master);
            mac.update(purpose.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return mac.doFinal(of.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }
}
