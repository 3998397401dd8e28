package dev.tokencache.auth;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A few accepted headers, found without a hash of the whole: the hash of a new text of 300 letters takes longer than all else
 * that recognises a caller. Each has one place, told by its last letters, which are the signature's: another header there takes
 * its place. Whether it is the same is compared over its whole length whatever it begins with, so that the time tells nobody
 * how much of a guessed signature is right. For every thread: places are read and written without order, and what is in one
 * is immutable.
 */
final class RecentCallers {
    private static final int PLACES = 256;
    private static final int LETTERS = 4;
    private static final int LONG = Long.BYTES;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final Seen[] places = new Seen[PLACES];

    private static final class Seen {
        final byte[] header;
        final Caller caller;

        Seen(byte[] header, Caller caller) {
            this.header = header;
            this.caller = caller;
        }
    }

    /** Whose header it is, if it is one of these; null otherwise. Whether it has ended is not looked at. */
    Caller get(String header) {
        Seen seen = places[place(header)];
        return seen != null && same(seen.header, bytes(header)) ? seen.caller : null;
    }

    void put(String header, Caller caller) {
        places[place(header)] = new Seen(bytes(header), caller);
    }

    private static int place(String header) {
        int place = header.length();
        for (int i = Math.max(0, header.length() - LETTERS); i < header.length(); i++) {
            place = 31 * place + header.charAt(i);
        }
        return (place ^ place >>> 8) & PLACES - 1;
    }

    /** One byte a letter. What is no byte becomes a question mark, which no accepted header has. */
    private static byte[] bytes(String header) {
        return header.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** As {@link java.security.MessageDigest#isEqual}, which goes byte by byte and takes longer than the hash it would save. */
    private static boolean same(byte[] a, byte[] b) {
        if (a.length != b.length) {
            return false;
        }
        long difference = 0;
        int i = 0;
        for (; i <= a.length - LONG; i += LONG) {
            difference |= (long) LONGS.get(a, i) ^ (long) LONGS.get(b, i);
        }
        for (; i < a.length; i++) {
            difference |= a[i] ^ b[i];
        }
        return difference == 0;
    }
}
