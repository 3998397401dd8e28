package dev.tokencache.auth;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** Recognises key material that is public knowledge or was typed by hand: it lets everybody in. */
final class SampleKeys {
    /** Words of the secrets in tutorials and of the debugger at jwt.io. */
    private static final List<String> WORDS = List.of(
            "-bit-secret",
            "string-secret",
            "bits-long",
            "your-secret",
            "my-secret",
            "mysecret",
            "secretkey",
            "secret-key",
            "supersecret",
            "super-secret",
            "changeme",
            "change-me",
            "change-this",
            "placeholder",
            "example");

    /**
     * The first characters, in base64url, of published keys: the secret, the RSA modulus, the EC coordinate x or the
     * Ed25519 key. RFC 7515 A.1, A.2 and A.3; RFC 7517 A.1 and A.3; RFC 8037 A.2; jwt.io's RSA and EC pairs.
     */
    private static final List<String> PUBLISHED = List.of(
            "AyM1SysPpbyDfgZld3umj1qzKObwVMko",
            "ofgGCuLjYbRXWkcMTOXt",
            "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8T",
            "0vx7agoebGcQSuuPiLJXZptN9nndrQmb",
            "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7",
            "hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-",
            "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMl",
            "u1SU1LfVLPHCozMxH2Mo4lgOEePzNm0t",
            "EVs_o5-uQbTjL3chynL4wXgUg2R9q9UU");

    private static final int FEWEST_DISTINCT_BYTES = 8;

    private SampleKeys() {}

    /** Whether the bytes of a secret, a modulus or a coordinate are a known sample or have an obvious pattern. */
    static boolean isSample(byte[] key) {
        String encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(key);
        String read = new String(key, StandardCharsets.ISO_8859_1);
        return PUBLISHED.stream().anyMatch(encoded::startsWith)
                || hasSampleWord(encoded)
                || hasSampleWord(read)
                || isProgression(key)
                || isPeriodic(key)
                || distinct(key) < FEWEST_DISTINCT_BYTES;
    }

    private static boolean hasSampleWord(String text) {
        String lower = text.toLowerCase(Locale.ROOT).replace('_', '-').replace(' ', '-');
        return WORDS.stream().anyMatch(lower::contains);
    }

    /** Equal bytes, 0 1 2 3 …, 255 254 253 …. */
    private static boolean isProgression(byte[] key) {
        for (int i = 2; i < key.length; i++) {
            if ((byte) (key[i] - key[i - 1]) != (byte) (key[1] - key[0])) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPeriodic(byte[] key) {
        for (int period = 1; period <= key.length / 2; period++) {
            int i = period;
            while (i < key.length && key[i] == key[i - period]) {
                i++;
            }
            if (i == key.length) {
                return true;
            }
        }
        return false;
    }

    private static int distinct(byte[] key) {
        boolean[] seen = new boolean[256];
        int count = 0;
        for (byte b : key) {
            if (!seen[b & 0xff]) {
                seen[b & 0xff] = true;
                count++;
            }
        }
        return count;
    }
}
