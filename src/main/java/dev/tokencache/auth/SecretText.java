package dev.tokencache.auth;

/** A shared secret as text: base64url of at least 32 bytes; white space is stripped, padding tolerated. */
final class SecretText {
    /** The least length of a shared secret, in bytes. */
    static final int MIN_BYTES = 32;

    private SecretText() {}

    /**
     * The secret's bytes.
     *
     * @param name what to call it in a failure
     * @throws KeyException when it is malformed, short or a sample
     */
    static byte[] decode(String name, String text) {
        StringBuilder stripped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
                stripped.append(c);
            }
        }
        if (stripped.isEmpty()) {
            throw new KeyException(name + ": empty");
        }
        byte[] secret = Base64Url.decode(withoutPadding(stripped));
        if (secret == null) {
            throw new KeyException(name + ": not base64url text");
        }
        if (secret.length < MIN_BYTES) {
            throw new KeyException(name + ": shorter than " + MIN_BYTES + " bytes");
        }
        if (SampleKeys.isSample(secret)) {
            throw new KeyException(name + ": a sample or patterned secret, which everybody can guess");
        }
        return secret;
    }

    private static String withoutPadding(StringBuilder text) {
        int end = text.length();
        while (text.length() % 4 == 0 && end > text.length() - 2 && text.charAt(end - 1) == '=') {
            end--;
        }
        return text.substring(0, end);
    }
}
