package dev.tokencache.http;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/** Digests of what is public anyway: never of tokens, whose tags must not be a plain hash. */
final class ContentTag {
    private static final int TAG_BYTES = 16;

    private ContentTag() {}

    /** An entity tag's text: the first 128 bits of SHA-256. */
    static String of(byte[] content) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(sha256(content), TAG_BYTES));
    }

    static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
