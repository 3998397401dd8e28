package dev.tokencache.redis;

import dev.tokencache.Fingerprint;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * One version of a token as it lies in Redis, bound to its project, file name, lineage and generation, with its fingerprint
 * and the time of its reading inside.
 *
 * @param file the token; its {@link TokenFile#readNanos()} says nothing yet, since clocks of other machines don't count here
 * @param lineage under which it was put there
 * @param generation the key's, likewise
 * @param readMillis when it was read or last seen unchanged, by the wall clock of whoever did, milliseconds since the epoch
 */
record TierValue(TokenFile file, String lineage, String generation, long readMillis) {
    private static final String PURPOSE = "value";
    private static final int HEADER = 2 * Nonces.LENGTH;

    byte[] seal(Seal seal) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(file.size() + 128);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            Fingerprint version = file.fingerprint();
            out.writeLong(version.inode());
            out.writeLong(version.size());
            out.writeLong(version.modifiedNanos());
            out.writeLong(version.changedNanos());
            out.writeUTF(file.etag());
            out.writeLong(file.expiresAtMillis());
            out.writeBoolean(file.expirySource() != null);
            out.writeUTF(file.expirySource() == null ? "" : file.expirySource());
            out.writeBoolean(file.hasRefreshToken());
            out.writeLong(readMillis);
            out.write(file.bytes());
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return seal.seal(PURPOSE, file.key(), lineage + generation, bytes.toByteArray());
    }

    /** The value in a box, or null when the box is none of this token's. */
    static TierValue open(Seal seal, TokenKey key, byte[] box) {
        byte[] text = seal.open(PURPOSE, key.toString(), HEADER, box);
        if (text == null) {
            return null;
        }
        String header = Seal.header(box, HEADER);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(text))) {
            Fingerprint version = new Fingerprint(in.readLong(), in.readLong(), in.readLong(), in.readLong());
            String etag = in.readUTF();
            long expiresAt = in.readLong();
            boolean stated = in.readBoolean();
            String source = in.readUTF();
            boolean refreshable = in.readBoolean();
            long readMillis = in.readLong();
            TokenFile file = TokenFile.read(
                    key, in.readAllBytes(), etag, version, 0, expiresAt, stated ? source : null, refreshable);
            return new TierValue(file, header.substring(0, Nonces.LENGTH), header.substring(Nonces.LENGTH), readMillis);
        } catch (IOException e) {
            return null;
        }
    }

    /** The text of a box would be the token: it is in no text by accident. */
    @Override
    public String toString() {
        return "TierValue[" + file + "]";
    }
}
