package dev.tokencache.content;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The random key under which entity tags are made: a tag is the first 128 bits of HMAC-SHA-256 over a file's bytes, as
 * base64url. A plain hash would let somebody who may only list tokens guess short passwords. Nodes of one root share the
 * key. Immutable, for any thread.
 */
public final class EtagKey {
    /** The least length of a key, in bytes. */
    public static final int MIN_BYTES = 16;

    private static final String ALGORITHM = "HmacSHA256";
    private static final int TAG_BYTES = 16;
    private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

    private final SecretKeySpec key;

    /** Is only copied: to find a provider and set the key costs as much as a tag. Null where that can't be done. */
    private final Mac prototype;

    private EtagKey(byte[] secret) {
        key = new SecretKeySpec(secret, ALGORITHM);
        Mac mac = keyed();
        prototype = copy(mac) == null ? null : mac;
    }

    private Mac keyed() {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    /** Null where the provider makes no copies. */
    private static Mac copy(Mac mac) {
        try {
            return (Mac) mac.clone();
        } catch (CloneNotSupportedException e) {
            return null;
        }
    }

    /**
     * A key of these bytes, copied.
     *
     * @throws IllegalArgumentException when there are fewer than {@link #MIN_BYTES}
     */
    public static EtagKey of(byte[] secret) {
        if (secret.length < MIN_BYTES) {
            throw new IllegalArgumentException("an etag key has at least " + MIN_BYTES + " bytes");
        }
        return new EtagKey(secret);
    }

    /** The entity tag of a file's bytes, without quotes: 22 characters of base64url. */
    public String etag(byte[] bytes) {
        Mac copy = prototype == null ? null : copy(prototype);
        Mac mac = copy == null ? keyed() : copy;
        return TEXT.encodeToString(Arrays.copyOf(mac.doFinal(bytes), TAG_BYTES));
    }
}
