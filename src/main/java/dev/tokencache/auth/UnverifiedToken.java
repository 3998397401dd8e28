package dev.tokencache.auth;

import java.util.Map;

/**
 * A token that is well-formed and nothing more: nobody has looked at its signature.
 *
 * @param text the three parts with their dots
 * @param algorithm what the header names
 * @param keyId the header's {@code kid}, or null
 * @param signatureBytes length of the signature
 * @param claims as {@link StrictJson} reads them
 */
record UnverifiedToken(
        String text, JwsAlgorithm algorithm, String keyId, int signatureBytes, Map<String, Object> claims) {
    /** The most characters a token may have. */
    static final int MAX_LENGTH = 6 * 1024;

    /**
     * Takes a token apart, more strictly than the library does: three parts in canonical base64url, JSON without duplicates,
     * a known algorithm, nothing in {@code crit}. Members that would lead to keys elsewhere ({@code jku}, {@code x5u},
     * {@code jwk}) mean nothing here.
     *
     * @param text at most {@link #MAX_LENGTH} characters, which its reader has made sure of
     * @return the token, or null if it is malformed
     */
    static UnverifiedToken parse(String text) {
        int first = text.indexOf('.');
        int second = text.indexOf('.', first + 1);
        if (first < 0 || second < 0 || text.indexOf('.', second + 1) >= 0) {
            return null;
        }
        Map<String, Object> header = object(text.substring(0, first));
        if (header == null
                || header.containsKey("crit")
                || !isTextIfThere(header, "typ")
                || !isTextIfThere(header, "kid")) {
            return null;
        }
        JwsAlgorithm algorithm = header.get("alg") instanceof String alg ? JwsAlgorithm.named(alg) : null;
        Map<String, Object> claims = object(text.substring(first + 1, second));
        byte[] signature = Base64Url.decode(text.substring(second + 1));
        if (algorithm == null || claims == null || signature == null) {
            return null;
        }
        return new UnverifiedToken(text, algorithm, (String) header.get("kid"), signature.length, claims);
    }

    private static Map<String, Object> object(String part) {
        byte[] json = Base64Url.decode(part);
        return json == null ? null : StrictJson.object(json);
    }

    private static boolean isTextIfThere(Map<String, Object> members, String name) {
        Object value = members.get(name);
        return value == null || value instanceof String;
    }

    /** Whether the key is the one to check it with: by its id if the token names one, and always by its algorithm. */
    boolean fits(VerificationKey key) {
        return key.algorithm() == algorithm
                && key.signatureBytes() == signatureBytes
                && (keyId == null || keyId.equals(key.id()));
    }
}
