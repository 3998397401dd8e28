package dev.tokencache.auth;

import java.lang.System.Logger.Level;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Something made of a file's bytes, made anew when they change. A new content that is broken, or a file that has gone,
 * leaves the last good one in force and is told once. Blocking; not for several threads at once.
 */
final class Watched<T> {
    private static final System.Logger LOG = System.getLogger(JwtGate.class.getName());

    private final Supplier<byte[]> reader;
    private final Function<byte[], T> parser;
    private byte[] seen;
    private String unreadable;
    private T value;

    /**
     * Reads and parses at once.
     *
     * @throws KeyException from either of them
     */
    Watched(Supplier<byte[]> reader, Function<byte[], T> parser) {
        this.reader = reader;
        this.parser = parser;
        byte[] bytes = reader.get();
        seen = digest(bytes);
        value = parser.apply(bytes);
    }

    /** The last good one. */
    T value() {
        return value;
    }

    /** Looks again; whether there is another value now. */
    boolean refresh() {
        byte[] bytes;
        try {
            bytes = reader.get();
        } catch (KeyException e) {
            if (!e.getMessage().equals(unreadable)) {
                unreadable = e.getMessage();
                LOG.log(Level.WARNING, "auth_source_broken kept=old reason={0}", unreadable);
            }
            return false;
        }
        unreadable = null;
        byte[] digest = digest(bytes);
        if (Arrays.equals(digest, seen)) {
            return false;
        }
        seen = digest;
        try {
            value = parser.apply(bytes);
            return true;
        } catch (RuntimeException e) {
            // Any other message may quote what was read.
            String reason =
                    e instanceof KeyException ? e.getMessage() : e.getClass().getName();
            LOG.log(Level.WARNING, "auth_source_broken kept=old reason={0}", reason);
            return false;
        }
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
