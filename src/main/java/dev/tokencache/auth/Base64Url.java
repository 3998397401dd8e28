package dev.tokencache.auth;

import java.util.Base64;

/** Base64url as RFC 7515 means it, without padding and, unlike the JDK's decoder, in its one canonical spelling. */
final class Base64Url {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private Base64Url() {}

    static String encode(byte[] bytes) {
        return ENCODER.encodeToString(bytes);
    }

    /** The bytes, or null if the text is not what {@link #encode} would make of them: padding, spare bits, white space. */
    static byte[] decode(String text) {
        if (text.isEmpty() || text.indexOf('=') >= 0) {
            return null;
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
        return ENCODER.encodeToString(bytes).equals(text) ? bytes : null;
    }
}
