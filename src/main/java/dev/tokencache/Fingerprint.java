package dev.tokencache;

import java.time.Instant;

/**
 * What the file system says of one version of a file. Two equal fingerprints mean the same version unless the file is
 * <em>racy</em>, that is, was changed twice within one tick of the kernel's clock. The inode alone is no identity (it is
 * re-used at once), nor is the modification time ({@code touch -r} restores it; the change time still moves).
 *
 * @param inode inode number
 * @param size length in bytes
 * @param modifiedNanos last modification, nanoseconds since the epoch
 * @param changedNanos last change of the inode, nanoseconds since the epoch
 */
public record Fingerprint(long inode, long size, long modifiedNanos, long changedNanos) {

    /** The form that travels in bus messages: four decimal numbers joined by {@code :}. */
    @Override
    public String toString() {
        return inode + ":" + size + ":" + modifiedNanos + ":" + changedNanos;
    }

    /**
     * Reads the form of {@link #toString()}.
     *
     * @param text the text, may be null
     * @return the fingerprint, or null when the text is not one
     */
    public static Fingerprint parse(String text) {
        if (text == null) {
            return null;
        }
        String[] parts = text.split(":", -1);
        if (parts.length != 4) {
            return null;
        }
        try {
            return new Fingerprint(
                    Long.parseLong(parts[0]),
                    Long.parseLong(parts[1]),
                    Long.parseLong(parts[2]),
                    Long.parseLong(parts[3]));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** When the file was last modified, by the file system's clock. */
    public Instant modified() {
        return Instant.ofEpochSecond(0, modifiedNanos);
    }
}
