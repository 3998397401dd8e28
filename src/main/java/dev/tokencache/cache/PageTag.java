package dev.tokencache.cache;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * The entity tag of a page: a weak one in the sense of RFC 9110 (8.8.1), 128 bits of SHA-256 over the query, over name,
 * fingerprint and validity of each token, and over where the next page starts. Equal pages have equal tags, whether the values
 * were in memory or not, and whenever they were asked for. No key is needed: the contents are in it only by their own keyed
 * tags.
 *
 * <p>What it misses: {@code age} and {@code cached}, on purpose; since when a file is invalid, and where its fault is; and a
 * content that changed under the same fingerprint while nobody has noticed, which the page itself misses too. It moves with a
 * fingerprint though the content be the same. The time by which a page was filtered is in it only by what was let through, and
 * the server's time not at all: a token that has expired since has the tag it had.
 */
final class PageTag {
    private static final int TAG_BYTES = 16;

    private final MessageDigest digest;

    PageTag(PageRequest request) {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        add(request.toString());
    }

    /** Takes in a token that the page shows. */
    void add(String filename, FileFacts file) {
        String state = file.isUnknown()
                ? file.failure().machineName()
                : file.isInvalid() ? file.invalid().reason() : "";
        add(filename + '\n' + file.fingerprint() + '\n' + file.etag() + '\n' + state);
    }

    private void add(String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }

    /**
     * The tag, without quotes; nothing can be added after.
     *
     * @param last the name behind which the next page starts, or null when there is none
     * @param unknown how many files the page passed over for want of knowledge
     */
    String end(String last, int unknown) {
        add(last + "\n" + unknown);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest.digest(), TAG_BYTES));
    }
}
