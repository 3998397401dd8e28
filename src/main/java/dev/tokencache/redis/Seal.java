package dev.tokencache.redis;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM around what goes to Redis. The box is: a version byte, a header in clear, a nonce of 12 bytes, the sealed text
 * with its tag. Header, purpose and name are authenticated beside the text, so a box opens only as what, and for what, it was
 * made. For any thread.
 */
final class Seal {
    private static final byte VERSION = 1;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final String CIPHER = "AES/GCM/NoPadding";

    private final SealKey key;

    Seal(SealKey key) {
        this.key = key;
    }

    byte[] seal(String purpose, String name, String header, byte[] text) {
        byte[] clear = header.getBytes(StandardCharsets.US_ASCII);
        byte[] nonce = Nonces.bytes();
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key.sealing(purpose, name), nonce);
            cipher.updateAAD(bound(purpose, name, clear));
            int start = 1 + clear.length + NONCE;
            byte[] box = new byte[start + cipher.getOutputSize(text.length)];
            box[0] = VERSION;
            System.arraycopy(clear, 0, box, 1, clear.length);
            System.arraycopy(nonce, 0, box, 1 + clear.length, NONCE);
            cipher.doFinal(text, 0, text.length, box, start);
            return box;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + CIPHER, e);
        }
    }

    /** The header of a box as it stands there, not proven; null when the box is too short to have one. */
    static String header(byte[] box, int length) {
        return box.length < 1 + length ? null : new String(box, 1, length, StandardCharsets.ISO_8859_1);
    }

    /**
     * The text of a box.
     *
     * @param headerLength in bytes
     * @return null when it doesn't open: not made under this key for this purpose and name, or changed since
     */
    byte[] open(String purpose, String name, int headerLength, byte[] box) {
        int start = 1 + headerLength + NONCE;
        if (box.length < start + TAG_BITS / 8 || box[0] != VERSION) {
            return null;
        }
        byte[] clear = Arrays.copyOfRange(box, 1, 1 + headerLength);
        try {
            byte[] nonce = Arrays.copyOfRange(box, 1 + headerLength, start);
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, key.sealing(purpose, name), nonce);
            cipher.updateAAD(bound(purpose, name, clear));
            return cipher.doFinal(box, start, box.length - start);
        } catch (GeneralSecurityException e) {
            return null;
        }
    }

    private static Cipher cipher(int mode, SecretKeySpec key, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        return cipher;
    }

    /** No part can run into the next: purposes and names hold no zero, and headers come last. */
    private static byte[] bound(String purpose, String name, byte[] header) {
        byte[] before = (VERSION + "\0" + purpose + "\0" + name + "\0").getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(before, before.length + header.length);
        System.arraycopy(header, 0, all, before.length, header.length);
        return all;
    }
}
